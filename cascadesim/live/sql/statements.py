"""The statements of a store, made once for its kind of database and its campaign; SQLAlchemy keeps them compiled.

Locks are PostgreSQL's: SQLite has one writer at a time and leaves `FOR UPDATE` out.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ClauseElement,
    ColumnElement,
    Integer,
    Select,
    Text,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects import postgresql

from cascadesim.live.sql.batches import Batches, Given, Types
from cascadesim.live.sql.codec import MOVING
from cascadesim.live.sql.schema import (
    IS_FREE,
    IS_LEASED,
    IS_UNKNOWN,
    attempt,
    campaign,
    event,
    forgotten,
    queue,
    recipient,
    spent,
    standing,
)

_LEASE: Types = {"had": BigInteger(), "lease": BigInteger()}
# The campaign is given, not written out: PostgreSQL then looks each row up by its whole key, where otherwise, of a
# table that it has no statistics of yet, it expects so few of a campaign's rows that it reads them all for a batch.
_WHOSE: Types = {"mine": Integer(), "of": Text()}
_ROW = (recipient.c.key, recipient.c.route, *(recipient.c[name] for name in MOVING[3:]), recipient.c.person)


class Statements:
    """All of a campaign's; what they take is named as the columns are, and `now`, `most`, `start`, `keys`."""

    def __init__(self, dialect: str, campaign: int) -> None:
        is_postgres = dialect == "postgresql"
        self._is_postgres = is_postgres
        self._batches = Batches(dialect)
        # Written out, not bound: the planner then knows that the partial indexes hold what is asked for.
        self._campaign: ColumnElement[int] = literal_column(str(campaign))
        self.enrol = self._batches.inserting(recipient)
        self._recipients()
        self._agenda()
        self._messages()
        self._queues()
        self._control()

    def _recipients(self) -> None:
        mine = recipient.c.campaign == self._campaign
        some = select(*_ROW).where(mine, self._among(recipient.c.key))
        self.recipients = some
        self.recipients_to_change = some.order_by(recipient.c.key).with_for_update()
        after = select(*_ROW).where(mine, recipient.c.key > bindparam("start")).order_by(recipient.c.key)
        self.everybody = after.limit(bindparam("most"))
        self.lease = self._batches.changing({**_LEASE, **_WHOSE}, self._leased)
        first, rest = _columns(*MOVING[:3]), _columns(*MOVING[3:])
        self.move = self._batches.changing({**first, **_LEASE, **rest, **_WHOSE}, self._leased)

    def _leased(self, given: Given) -> ClauseElement:
        """The lease of a recipient, if it still is the one it `had`, and whatever else is given."""
        kept = case((recipient.c.lease_until == given["had"], given["lease"]), else_=recipient.c.lease_until)
        moved = {name: given[name] for name in MOVING if name in given}
        row = update(recipient).where(recipient.c.campaign == given["mine"], recipient.c.key == given["of"])
        return row.values({**moved, "lease_until": kept})

    def _agenda(self) -> None:
        mine, now = recipient.c.campaign == self._campaign, _given("now")
        free = select(*_ROW).where(mine, IS_FREE, recipient.c.due_at <= now)
        first = free.order_by(recipient.c.due_at, recipient.c.place, recipient.c.key)
        self.claim: Select[Any] = first.limit(bindparam("most")).with_for_update(skip_locked=True)
        unleased = select(recipient.c.key).where(mine, recipient.c.key == bindparam("of"), recipient.c.lease_until == 0)
        self.free = unleased.with_for_update(skip_locked=True)
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
        self.attempts = everything.where(self._among(attempt.c.key))
        doubtful = everything.where(IS_UNKNOWN, attempt.c.key > bindparam("start"), attempt.c.sent_at > _given("since"))
        self.unknown = doubtful.order_by(attempt.c.key).limit(bindparam("most"))
        self.write_attempts = self._batches.replacing(attempt, "queued_at", "sent_at", "state", "reference")
        mine = event.c.campaign == self._campaign
        self.reported = select(event.c.id).where(mine, self._among(event.c.id))
        self.reports = select(func.count()).select_from(event).where(mine)
        self.report = self._batches.inserting(event)

    def _queues(self) -> None:
        channel = _given("channel")
        self.queue = select(*list(queue.c)[1:]).where(queue.c.campaign == self._campaign, queue.c.channel == channel)
        self.write_queues = self._batches.replacing(queue, "began", "used", "head", "gone", "entered")
        mine = standing.c.campaign == self._campaign
        whose = (recipient.c.campaign == self._campaign) & (recipient.c.key == standing.c.recipient)
        line = select(standing.c.number, *_ROW).join_from(standing, recipient, whose)
        line = line.where(mine, standing.c.channel == channel, standing.c.number >= bindparam("start"))
        self.line = line.order_by(standing.c.number).limit(bindparam("most"))
        self.stand = self._batches.inserting(standing)
        # One at a time: PostgreSQL cannot guess how much of a line `gone` leaves, and must not read all of it.
        self.leave = delete(standing).where(mine, standing.c.channel == channel, standing.c.number < bindparam("gone"))

    def _control(self) -> None:
        caps = campaign.c.most_messages, campaign.c.most_cost, campaign.c.a_week
        self.control = select(campaign.c.course, campaign.c.plan, *caps).where(campaign.c.id == self._campaign)
        self.spent = select(spent.c.channel, spent.c.messages, spent.c.cost).where(spent.c.campaign == self._campaign)
        self.spend = self._batches.adding(spent, "messages", "cost")
        whose = select(campaign.c.id, campaign.c.name, campaign.c.began, *_ROW)
        whose = whose.join_from(recipient, campaign, campaign.c.id == recipient.c.campaign)
        self.of_people = whose.where(self._among(recipient.c.who))
        in_campaign = attempt.c.campaign == bindparam("in_campaign")
        self.sent = select(attempt.c.key, attempt.c.sent_at).where(
            in_campaign, self._among(attempt.c.key), attempt.c.state != "refused"
        )
        self.forgotten = select(forgotten.c.mark).where(self._among(forgotten.c.mark))

    def keys(self, keys: Collection[str]) -> Any:
        """What a statement takes as its `keys`: they are one value, however many, so it is compiled once."""
        return list(keys) if self._is_postgres else json.dumps(list(keys))

    def _among(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        if self._is_postgres:
            return column == func.any(bindparam("keys", type_=postgresql.ARRAY(Text)))
        return column.in_(select(func.json_each(_given("keys")).table_valued("value").c.value))


def _columns(*names: str) -> Types:
    return {name: recipient.c[name].type for name in names}


def _given(name: str) -> BindParameter[Any]:
    return bindparam(name)
