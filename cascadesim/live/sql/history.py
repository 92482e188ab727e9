"""What has become of a campaign so far: its messages with all that was reported of them, one by one or counted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice
from typing import NamedTuple

from sqlalchemy import func, select

from cascadesim.live.rows import Message, Recipient
from cascadesim.live.sql.schema import attempt, event, recipient
from cascadesim.live.sql.store import SqlStore

_AT_ONCE = 1_000


class Count(NamedTuple):
    """How many messages of a step on a channel got to a state, among those who follow one entry of a plan.

    `route` counts entries over all the campaign's plans. States are those of messages (`accepted`, `refused`,
    `unknown`, `written`) and what receipts report.
    """

    route: int
    step: int
    channel: str
    state: str
    people: int


class Told(NamedTuple):
    """A message, to whom, and when each state was reached, as far as it was reported."""

    message: Message
    recipient: Recipient
    reached: dict[str, int]


def counts(store: SqlStore) -> list[Count]:
    """All of them; a state that is reported of a message twice counts once."""
    a, r, e = attempt.c, recipient.c, event.c
    whose = (r.campaign == a.campaign) & (r.key == a.recipient)
    said = (e.campaign == a.campaign) & (e.attempt == a.key)
    mine = a.campaign == store.campaign
    place = r.route, a.step, a.channel
    handed = select(*place, a.state, func.count()).join_from(attempt, recipient, whose).where(mine)
    told = select(*place, e.what, func.count(a.key.distinct())).join_from(attempt, recipient, whose)
    told = told.join(event, said).where(mine)
    with store.connection() as connection:
        rows = [
            *connection.execute(handed.group_by(*place, a.state)),
            *connection.execute(told.group_by(*place, e.what)),
        ]
    return [Count(*row) for row in rows]


def told(store: SqlStore) -> Iterator[Told]:
    """Every message, in the order of their keys."""
    messages = _messages(store)
    while some := list(islice(messages, _AT_ONCE)):
        people = {row.key: row for row in store.recipients({message.recipient for message, _ in some})}
        for message, reached in some:
            yield Told(message, people[message.recipient], reached)


def _messages(store: SqlStore) -> Iterator[tuple[Message, dict[str, int]]]:
    said = (event.c.campaign == attempt.c.campaign) & (event.c.attempt == attempt.c.key)
    columns = list(attempt.c)[1:]
    rows = select(*columns, event.c.what, event.c.at).outerjoin_from(attempt, event, said)
    rows = rows.where(attempt.c.campaign == store.campaign).order_by(attempt.c.key, event.c.at.desc())
    with store.engine.connect() as connection:
        found = connection.execution_options(yield_per=_AT_ONCE).execute(rows)
        for _, group in groupby(found, key=lambda row: row.key):
            lines = list(group)
            reached = {line.what: line.at for line in lines if line.what is not None}  # the earliest comes last
            yield Message(*lines[0][: len(columns)]), reached
