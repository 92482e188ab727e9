"""The tables. What they hold is in `cascadesim.live.rows`; here is how it lies on a disk.

A change of this file needs a new file in `migrations/versions` and its name at the end of `VERSIONS`; a test compares
what the migrations make with what is written here.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text, text

VERSIONS = ("0001", "0002")
"""Every version of the schema, the newest last."""

VERSION_TABLE = "cascadesim_version"
"""Where a database says which version it has."""

metadata = MetaData()

campaign = Table(
    "campaign",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("plan", Text, nullable=False),  # the plan document's SHA-256
    Column("created", Text, nullable=False),  # ISO 8601, UTC
    Column("who", Text, nullable=False),
    Column("began", BigInteger, nullable=False, server_default=text("0")),  # the instant 0 in Unix microseconds
    Column("course", Text, nullable=False, server_default=text("'running'")),  # running, paused, cancelled
    Column("most_messages", BigInteger),
    Column("most_cost", BigInteger),  # in billionths of the unit, as all money
    Column("a_week", Integer),
)

edition = Table(
    "edition",
    metadata,
    Column("campaign", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),  # from 0; the highest is the plan in force
    Column("plan", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("who", Text, nullable=False),
    sqlite_with_rowid=False,
)

log = Table(
    "log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("campaign", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
)

spent = Table(
    "spent",
    metadata,
    Column("campaign", Integer, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("messages", BigInteger, nullable=False),
    Column("cost", BigInteger, nullable=False),  # at most, in billionths
    sqlite_with_rowid=False,
)

# Who has been erased: a fingerprint of the id, so that they are not entered again by the same file.
forgotten = Table("forgotten", metadata, Column("mark", Text, primary_key=True), sqlite_with_rowid=False)

# Keys are what SQLite sorts these tables by: one lookup instead of two.
recipient = Table(
    "recipient",
    metadata,
    Column("campaign", Integer, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("place", BigInteger, nullable=False),
    Column("route", Integer, nullable=False),
    Column("state", Text, nullable=False),  # waiting, queued, done: for people to read, as is the step
    Column("step", Integer, nullable=False),
    Column("due_at", BigInteger),  # the first of the journey's and the appointments'
    Column("lease_until", BigInteger, nullable=False, server_default=text("0")),  # 0: nobody has claimed the row
    Column("queued_at", BigInteger, nullable=False),
    Column("due", BigInteger),  # the journey's own instants; in its text is the rest, the same for many people
    Column("since", BigInteger, nullable=False),
    Column("journey", Text, nullable=False),
    Column("appointments", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("who", Text, nullable=False),  # the person's id: the same one in other campaigns
    sqlite_with_rowid=False,
)

IS_FREE = text("lease_until = 0 AND due_at IS NOT NULL")
IS_LEASED = text("lease_until > 0")
Index(
    "recipient_due", recipient.c.campaign, recipient.c.due_at, recipient.c.place,
    sqlite_where=IS_FREE, postgresql_where=IS_FREE,
)  # fmt: skip
Index(
    "recipient_leased", recipient.c.campaign, recipient.c.lease_until,
    sqlite_where=IS_LEASED, postgresql_where=IS_LEASED,
)  # fmt: skip

Index("recipient_who", recipient.c.who)

attempt = Table(
    "attempt",
    metadata,
    Column("campaign", Integer, primary_key=True),
    Column("key", Text, primary_key=True),  # campaign:recipient:step:channel:attempt
    Column("recipient", Text, nullable=False),
    Column("step", Integer, nullable=False),
    Column("channel", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("queued_at", BigInteger, nullable=False),
    Column("sent_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("reference", Text),
    sqlite_with_rowid=False,
)

IS_UNKNOWN = text("state = 'unknown'")
Index(
    "attempt_unknown", attempt.c.campaign, attempt.c.key,
    sqlite_where=IS_UNKNOWN, postgresql_where=IS_UNKNOWN,
)  # fmt: skip

event = Table(
    "event",
    metadata,
    Column("campaign", Integer, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("attempt", Text),  # of a receipt: the key of what it speaks of
    Column("recipient", Text),  # of an outside event
    Column("what", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

queue = Table(
    "queue",
    metadata,
    Column("campaign", Integer, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("began", BigInteger, nullable=False),
    Column("used", BigInteger, nullable=False),
    Column("head", Text),
    Column("gone", BigInteger, nullable=False),
    Column("entered", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

standing = Table(
    "standing",
    metadata,
    Column("campaign", Integer, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("recipient", Text, nullable=False),
    sqlite_with_rowid=False,
)
