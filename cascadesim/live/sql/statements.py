"""The statements of a store, made once for its kind of database and its campaign; SQLAlchemy keeps them compiled.

Locks are PostgreSQL's: SQLite has one writer at a time and leaves `FOR UPDATE` out.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Table,
    Update,
    bindparam,
    case,
    delete,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from cascadesim.live.sql.schema import IS_FREE, IS_LEASED, attempt, event, queue, recipient, standing

_ROW = (
    recipient.c.key,
    recipient.c.route,
    recipient.c.queued_at,
    recipient.c.journey,
    recipient.c.appointments,
    recipient.c.person,
)
_MOVING = ("state", "step", "due_at", "queued_at", "journey", "appointments")
_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)


class Statements:
    """All of a campaign's; what they take is named as the columns are, and `now`, `most`, `start`, `keys`."""

    def __init__(self, dialect: str, campaign: int) -> None:
        self._insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
        # Written out, not bound: the planner then knows that the partial indexes hold what is asked for.
        self._campaign: ColumnElement[int] = literal_column(str(campaign))
        enrol = self._insert(recipient).on_conflict_do_nothing()
        self.enrol = enrol.execution_options(preserve_rowcount=True)
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
        self.lease: Update = row
        self.move: Update = row.values({name: bindparam(name) for name in _MOVING})

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
        self.report = self._insert(event).on_conflict_do_nothing()

    def _queues(self) -> None:
        channel = _given("channel")
        self.queue = select(*list(queue.c)[1:]).where(queue.c.campaign == self._campaign, queue.c.channel == channel)
        self.write_queues = self._replacing(queue, "began", "used", "head", "gone", "entered")
        mine = standing.c.campaign == self._campaign
        whose = (recipient.c.campaign == self._campaign) & (recipient.c.key == standing.c.recipient)
        line = select(standing.c.number, *_ROW).join_from(standing, recipient, whose)
        line = line.where(mine, standing.c.channel == channel, standing.c.number >= bindparam("start"))
        self.line = line.order_by(standing.c.number).limit(bindparam("most"))
        self.stand = self._insert(standing)
        self.leave = delete(standing).where(
            mine, standing.c.channel == bindparam("of"), standing.c.number < bindparam("gone")
        )

    def _replacing(self, table: Table, *columns: str) -> Any:
        """Inserts rows, or gives these columns of those that are there their new values."""
        insert = self._insert(table)
        return insert.on_conflict_do_update(
            index_elements=list(table.primary_key), set_={name: insert.excluded[name] for name in columns}
        )


def _given(name: str) -> BindParameter[Any]:
    return bindparam(name)


def _count() -> ColumnElement[int]:
    return literal_column("count(*)")
