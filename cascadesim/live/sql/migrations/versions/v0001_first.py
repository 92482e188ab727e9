"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes them in an empty database. Written out: what `schema` says by then may be newer."""
    _campaigns()
    _recipients()
    _messages()
    _queues()


def _campaigns() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("created", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("began", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("course", sa.Text, nullable=False, server_default=sa.text("'running'")),
        sa.Column("most_messages", sa.BigInteger),
        sa.Column("most_cost", sa.BigInteger),
        sa.Column("a_week", sa.Integer),
    )
    op.create_table(
        "edition",
        sa.Column("campaign", sa.Integer, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("since", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "log",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("campaign", sa.Integer, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
    )
    op.create_table(
        "spent",
        sa.Column("campaign", sa.Integer, primary_key=True),
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("messages", sa.BigInteger, nullable=False),
        sa.Column("cost", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table("forgotten", sa.Column("mark", sa.Text, primary_key=True), sqlite_with_rowid=False)


def _recipients() -> None:
    op.create_table(
        "recipient",
        sa.Column("campaign", sa.Integer, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("route", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("lease_until", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("queued_at", sa.BigInteger, nullable=False),
        sa.Column("due", sa.BigInteger),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("journey", sa.Text, nullable=False),
        sa.Column("appointments", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    _index("recipient_due", ["campaign", "due_at", "place"], "lease_until = 0 AND due_at IS NOT NULL")
    _index("recipient_leased", ["campaign", "lease_until"], "lease_until > 0")
    op.create_index("recipient_who", "recipient", ["who"])


def _index(name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "recipient", columns, sqlite_where=where, postgresql_where=where)


def _messages() -> None:
    op.create_table(
        "attempt",
        sa.Column("campaign", sa.Integer, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("queued_at", sa.BigInteger, nullable=False),
        sa.Column("sent_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reference", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "event",
        sa.Column("campaign", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("attempt", sa.Text),
        sa.Column("recipient", sa.Text),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def _queues() -> None:
    op.create_table(
        "queue",
        sa.Column("campaign", sa.Integer, primary_key=True),
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("began", sa.BigInteger, nullable=False),
        sa.Column("used", sa.BigInteger, nullable=False),
        sa.Column("head", sa.Text),
        sa.Column("gone", sa.BigInteger, nullable=False),
        sa.Column("entered", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "standing",
        sa.Column("campaign", sa.Integer, primary_key=True),
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.Column("recipient", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
