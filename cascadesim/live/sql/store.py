"""The store in a database: one campaign's rows in SQLite or PostgreSQL."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import local
from typing import Any

from sqlalchemy import Connection, Engine, text

from cascadesim.live.campaign import keys_of
from cascadesim.live.control import Caps, Control, Spent
from cascadesim.live.rows import Changes, Message, Queue, Recipient
from cascadesim.live.sql import codec
from cascadesim.live.sql.engines import READING
from cascadesim.live.sql.statements import Statements
from cascadesim.live.sql.trouble import explained

_NOT_MINE = -1  # the end of no lease
_READ_AT_ONCE = 1_000
_LINE_BEGINS_WITH, _LINE_GROWS = 4, 4


class _Open(local):
    """The transaction of this thread, and who is claimed in it and not written yet."""

    connection: Connection | None = None
    claimed: dict[str, int]


class SqlStore:
    """See `Store`. A transaction belongs to the thread that began it; what is called outside of any is one itself.

    Leases are written by the commit of the same transaction, with the rest of the row.
    """

    def __init__(self, engine: Engine, place: str, campaign: int) -> None:
        self.engine = engine
        self.place = place
        self.campaign = campaign
        self._sql = Statements(engine.dialect.name, campaign)
        self._reader = engine.execution_options(**{READING: True})
        self._is_postgres = engine.dialect.name == "postgresql"
        self._open = _Open()
        # Those of the last claim as they were last seen, with the columns that they were made of: read again
        # before and after the sending, they are decoded only if somebody else has changed them.
        self._known: dict[str, tuple[codec.Values, Recipient]] = {}

    @contextmanager
    def transaction(self, alone: bool = False) -> Iterator[None]:
        """See `Store`."""
        with explained(self.place), self.engine.begin() as connection:
            if alone and self._is_postgres:
                connection.execute(text("SELECT pg_advisory_xact_lock(:campaign)"), {"campaign": self.campaign})
            self._open.connection, self._open.claimed = connection, {}
            try:
                yield
                self._sql.lease.execute(connection, self._leases({}))
            finally:
                self._open.connection = None

    def close(self) -> None:
        """Gives all connections back."""
        self.engine.dispose()

    def enrol(self, recipients: Iterable[Recipient]) -> int:
        """See `Store`."""
        with self.connection() as connection:
            return self._sql.enrol.execute(connection, (codec.row_of(self.campaign, r) for r in recipients))

    def claim(self, now: int, most: int, until: int) -> list[Recipient]:
        """See `Store`."""
        with self.connection() as connection:
            connection.execute(self._sql.end_leases, {"now": now})
            rows = connection.execute(self._sql.claim, {"now": now, "most": most}).all()
            claimed = [codec.recipient_of(row, {}) for row in rows]
            self._known = {r.key: (tuple(row[2:-1]), r) for row, r in zip(rows, claimed, strict=True)}
            self._open.claimed.update((recipient.key, until) for recipient in claimed)
        return claimed

    def lease(self, key: str, until: int) -> bool:
        """See `Store`."""
        with self.connection() as connection:
            if key in self._open.claimed or connection.execute(self._sql.free, {"of": key}).first() is None:
                return False
            self._open.claimed[key] = until
        return True

    def next_due(self) -> int | None:
        """See `Store`."""
        with self._reading() as connection:
            instants = connection.execute(self._sql.next_due).one()
        return min((instant for instant in instants if instant is not None), default=None)

    def recipient(self, key: str) -> Recipient | None:
        """See `Store`."""
        return next(iter(self.recipients([key])), None)

    def recipients(self, keys: Collection[str]) -> list[Recipient]:
        """See `Store`."""
        is_open = self._open.connection is not None
        statement = self._sql.recipients_to_change if is_open else self._sql.recipients
        return [codec.recipient_of(row, self._known) for row in self._some(statement, keys)]

    def message(self, key: str) -> Message | None:
        """See `Store`."""
        return next(iter(self.attempts([key])), None)

    def attempts(self, keys: Collection[str]) -> list[Message]:
        """See `Store`."""
        return [Message(*row) for row in self._some(self._sql.attempts, keys)]

    def unknown(self, after: str, since: int, most: int) -> list[Message]:
        """See `Store`."""
        with self._reading() as connection:
            asked = {"start": after, "since": since, "most": most}
            return [Message(*row) for row in connection.execute(self._sql.unknown, asked)]

    def reported(self, reports: Collection[str]) -> set[str]:
        """See `Store`."""
        return {row.id for row in self._some(self._sql.reported, reports)}

    def queue(self, channel: str) -> Queue:
        """See `Store`."""
        with self._reading() as connection:
            row = connection.execute(self._sql.queue, {"channel": channel}).one_or_none()
        return Queue(channel) if row is None else codec.queue_of(row)

    def line(self, channel: str, start: int) -> Iterator[Recipient]:
        """See `Store`. Few are read at first: mostly the first in line is the one."""
        most = _LINE_BEGINS_WITH
        while True:
            with self._reading() as connection:
                asked = {"channel": channel, "start": start, "most": most}
                rows = connection.execute(self._sql.line, asked).all()
            yield from (codec.recipient_of(row[1:], self._known) for row in rows)
            if len(rows) < most:
                return
            start, most = rows[-1].number + 1, min(most * _LINE_GROWS, _READ_AT_ONCE)

    def control(self) -> Control:
        """See `Store`. Where there is a cap on the whole, who asks is alone until the end of the transaction."""
        with self._reading() as connection:
            course, plan, *caps = connection.execute(self._sql.control).one()
            found = Control(course, Caps(*caps), plan)
            if found.caps.messages is None and found.caps.cost is None:
                return found
            if self._is_postgres and self._open.connection is not None:
                connection.execute(text("SELECT pg_advisory_xact_lock(:campaign, 1)"), {"campaign": self.campaign})
        return found._replace(spent=self.spent())

    def spent(self) -> dict[str, Spent]:
        """What has gone out so far, by channel."""
        with self._reading() as connection:
            return {channel: Spent(*spent) for channel, *spent in connection.execute(self._sql.spent)}

    def sent_to(self, people: Collection[str], since: int) -> dict[str, dict[str, int]]:
        """See `Store`."""
        wanted: dict[int, dict[str, str]] = {}  # by campaign, whose each message is
        began: dict[int, int] = {}
        for campaign, name, start, *row in self._some(self._sql.of_people, people):
            recipient = codec.recipient_of(row, {})
            wanted.setdefault(campaign, {}).update(dict.fromkeys(keys_of(name, recipient), recipient.person.id))
            began[campaign] = start
        found: dict[str, dict[str, int]] = {}
        for campaign, whose in wanted.items():
            later = began[campaign] - began.get(self.campaign, 0)  # of that campaign's instant 0 than of this one's
            asked = {"keys": self._sql.keys(whose), "in_campaign": campaign}
            with self._reading() as connection:
                for key, sent_at in connection.execute(self._sql.sent, asked):
                    if sent_at + later > since:
                        found.setdefault(whose[key], {})[key] = sent_at + later
        return found

    def everywhere(self, person: str) -> list[tuple[int, str, Recipient]]:
        """The person's rows in all campaigns of the database: the campaign's id and name, and the row."""
        rows = self._some(self._sql.of_people, [person])
        return [(campaign, name, codec.recipient_of(row, {})) for campaign, name, _, *row in rows]

    def checkpoint(self) -> None:
        """Writes what is in SQLite's log into its file, and empties the log."""
        if not self._is_postgres:
            with explained(self.place), self._reader.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def forgotten(self, people: Collection[str]) -> set[str]:
        """See `Store`."""
        marks = {mark_of(person): person for person in people}
        return {marks[row.mark] for row in self._some(self._sql.forgotten, marks)}

    def commit(self, changes: Changes) -> None:
        """See `Store`."""
        mine, sql, queues = self.campaign, self._sql, changes.queues.values()
        with self.connection() as connection:
            sql.move.execute(connection, self._moves(changes.recipients, changes.released))
            sql.lease.execute(connection, self._leases(changes.released, changes.recipients))
            self._open.claimed = {}
            sql.write_attempts.execute(connection, ((mine, *message) for message in changes.messages.values()))
            sql.report.execute(connection, (codec.event_row(mine, report) for report in changes.reports))
            sql.stand.execute(connection, ((mine, *standing) for standing in changes.standings))
            sql.write_queues.execute(connection, (codec.queue_row(mine, queue) for queue in queues))
            for queue in queues:
                connection.execute(sql.leave, {"channel": queue.channel, "gone": queue.gone})
            # Last, and in one order: all workers write these rows.
            sql.spend.execute(connection, ((mine, *each) for each in sorted(_flat(changes.spent))))

    def everybody(self) -> Iterator[Recipient]:
        """All recipients, in the order of their keys."""
        start = ""
        while True:
            with self._reading() as connection:
                rows = connection.execute(self._sql.everybody, {"start": start, "most": _READ_AT_ONCE}).all()
            if not rows:
                return
            yield from (codec.recipient_of(row, {}) for row in rows)
            start = rows[-1].key

    def messages(self) -> Iterator[Message]:
        """See `Store`."""
        start = ""
        while True:
            with self._reading() as connection:
                rows = connection.execute(self._sql.all_attempts, {"start": start, "most": _READ_AT_ONCE}).all()
            if not rows:
                return
            yield from (Message(*row) for row in rows)
            start = rows[-1].key

    @property
    def reports(self) -> int:
        """See `Store`."""
        with self._reading() as connection:
            return int(connection.execute(self._sql.reports).scalar_one())

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection in the transaction of this thread, or in one of its own, which is committed at the end."""
        if (connection := self._open.connection) is not None:
            yield connection
        else:
            with self.transaction():
                assert self._open.connection is not None
                yield self._open.connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        if (connection := self._open.connection) is not None:
            yield connection
        else:
            with explained(self.place), self._reader.connect() as connection:
                yield connection

    def _some(self, statement: Any, keys: Collection[str]) -> Sequence[Any]:
        with self._reading() as connection:
            return connection.execute(statement, {"keys": self._sql.keys(keys)}).all() if keys else ()

    def _moves(self, rows: Mapping[str, Recipient], released: Mapping[str, int]) -> Iterator[codec.Values]:
        known, claimed = self._known, self._open.claimed
        for key, row in rows.items():
            values = codec.moving(row)
            if key in known:
                known[key] = values[3:], row
            yield *values[:3], *_lease_of(key, claimed, released), *values[3:], self.campaign, key

    def _leases(self, released: Mapping[str, int], written: Collection[str] = ()) -> Iterator[codec.Values]:
        """The leases of those whose rows are not written anyway."""
        claimed = self._open.claimed
        for key in {**claimed, **released}:
            had, lease = _lease_of(key, claimed, released)
            if had != lease and key not in written:
                yield had, lease, self.campaign, key


def mark_of(person: str) -> str:
    """A fingerprint of a person's id: all that is kept of somebody who has been erased."""
    return hashlib.blake2b(person.encode(), digest_size=16, person=b"cascadesim").hexdigest()


def _flat(spent: Mapping[str, Spent]) -> Iterator[tuple[str, int, int]]:
    for channel, (messages, cost) in spent.items():
        yield channel, messages, cost


def _lease_of(key: str, claimed: Mapping[str, int], released: Mapping[str, int]) -> tuple[int, int]:
    """What the end of a recipient's lease must be in the table to be changed, and to what."""
    if key in claimed:  # in this transaction: nothing is written yet
        return 0, 0 if released.get(key) == claimed[key] else claimed[key]
    return released.get(key, _NOT_MINE), 0
