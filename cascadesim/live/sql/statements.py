"""The statements of a store, made once for its kind of database and its campaign; SQLAlchemy keeps them compiled.

Locks are PostgreSQL's: SQLite has one writer at a time and leaves `FOR UPDATE` out.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    ClauseElement,
    ColumnElement,
    Connection,
    Dialect,
    Select,
    Table,
    bindparam,
    case,
    delete,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.dialects.sqlite import pysqlite

from cascadesim.live.sql.codec import MOVING, Values
from cascadesim.live.sql.schema import IS_FREE, IS_LEASED, attempt, event, queue, recipient, standing

_ROW = (recipient.c.key, recipient.c.route, *(recipient.c[name] for name in MOVING), recipient.c.person)
_MOVING = ("state", "step", "due_at", *MOVING)
_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)


_PSYCOPG: Any = psycopg.dialect


class Batch:
    """A statement for many rows at once, as the driver takes it: SQLAlchemy would look at each value on its way."""

    def __init__(self, dialect: Dialect, statement: ClauseElement) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self._text = str(compiled)
        self._in_order = itemgetter(*(compiled.positiontup or ()))

    def execute(self, connection: Connection, rows: Iterable[Values]) -> int:
        """Executes it for each row, if there are any; how many rows of the table it has changed."""
        values = list(map(self._in_order, rows))
        if not values:
            return 0
        result = connection.exec_driver_sql(self._text, values, {"preserve_rowcount": True})
        return int(result.rowcount)


class Statements:
    """All of a campaign's; what they take is named as the columns are, and `now`, `most`, `start`, `keys`."""

    def __init__(self, dialect: str, campaign: int) -> None:
        is_postgres = dialect == "postgresql"
        self._insert: Any = postgresql.insert if is_postgres else sqlite.insert
        self._dialect = _PSYCOPG(paramstyle="format") if is_postgres else pysqlite.dialect(paramstyle="qmark")
        # Written out, not bound: the planner then knows that the partial indexes hold what is asked for.
        self._campaign: ColumnElement[int] = literal_column(str(campaign))
        self.enrol = self._batch(self._insert(recipient).on_conflict_do_nothing())
        self._recipients()
        self._agenda()
        self._messages()
        self._queues()

    def _recipients(self) -> None:
        mine = recipient.c.campaign == self._campaign
        some = select(*_ROW).where(mine, recipient.c.key.in_(_KEYS))
        self.recipients = some
        self.recipients_to_change = some.order_by(recipient.c.key).with_for_update()
        kept = case((recipient.c.lease_until == bindparam("had"), bindparam("lease")), else_=recipient.c.lease_until)
        row = update(recipient).where(mine, recipient.c.key == bindparam("of")).values(lease_until=kept)
        self.lease = self._batch(row)
        self.move = self._batch(row.values({name: bindparam(name) for name in _MOVING}))

    def _agenda(self) -> None:
        mine, now = recipient.c.campaign == self._campaign, _given("now")
        free = select(*_ROW).where(mine, IS_FREE, recipient.c.due_at <= now)
        first = free.order_by(recipient.c.due_at, recipient.c.place, recipient.c.key)
        self.claim: Select[Any] = first.limit(bindparam("most")).with_for_update(skip_locked=True)
        ended = select(recipient.c.key).where(mine, IS_LEASED, recipient.c.lease_until <= now)
        ended = ended.with_for_update(skip_locked=True)  # who locks such a row is about to write it
        self.end_leases = update(recipient).where(mine, recipient.c.key.in_(ended)).values(lease_until=0)
        due, lease = recipient.c.due_at, recipient.c.lease_until
        self.next_due = select(
            select(due).where(mine, IS_FREE).order_by(due).limit(1).scalar_subquery(),
            select(lease).where(mine, IS_LEASED).order_by(lease).limit(1).scalar_subquery(),
        )

    def _messages(self) -> None:
        everything = select(*list(attempt.c)[1:]).where(attempt.c.campaign == self._campaign)
        self.all_attempts = everything.where(attempt.c.key > bindparam("start")).order_by(attempt.c.key)
        self.all_attempts = self.all_attempts.limit(bindparam("most"))
        self.attempts = everything.where(attempt.c.key.in_(_KEYS))
        self.write_attempts = self._replacing(attempt, "queued_at", "sent_at", "state", "reference")
        mine = event.c.campaign == self._campaign
        self.reported = select(event.c.id).where(mine, event.c.id.in_(_KEYS))
        self.reports = select(_count()).select_from(event).where(mine)
        self.report = self._batch(self._insert(event).on_conflict_do_nothing())

    def _queues(self) -> None:
        channel = _given("channel")
        self.queue = select(*list(queue.c)[1:]).where(queue.c.campaign == self._campaign, queue.c.channel == channel)
        self.write_queues = self._replacing(queue, "began", "used", "head", "gone", "entered")
        mine = standing.c.campaign == self._campaign
        whose = (recipient.c.campaign == self._campaign) & (recipient.c.key == standing.c.recipient)
        line = select(standing.c.number, *_ROW).join_from(standing, recipient, whose)
        line = line.where(mine, standing.c.channel == channel, standing.c.number >= bindparam("start"))
        self.line = line.order_by(standing.c.number).limit(bindparam("most"))
        self.stand = self._batch(self._insert(standing))
        left = standing.c.number < bindparam("gone")
        self.leave = self._batch(delete(standing).where(mine, standing.c.channel == channel, left))

    def _batch(self, statement: ClauseElement) -> Batch:
        return Batch(self._dialect, statement)

    def _replacing(self, table: Table, *columns: str) -> Batch:
        """Inserts rows, or gives these columns of those that are there their new values."""
        insert = self._insert(table)
        return self._batch(
            insert.on_conflict_do_update(
                index_elements=list(table.primary_key), set_={name: insert.excluded[name] for name in columns}
            )
        )


def _given(name: str) -> BindParameter[Any]:
    return bindparam(name)


def _count() -> ColumnElement[int]:
    return literal_column("count(*)")
