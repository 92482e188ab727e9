"""Orders to a campaign, and what is to be known of it as a whole: its own row, its plans, its log.

Each order is one transaction, and the log says who gave it and when.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, select, update

from cascadesim.live.control import Caps, Course
from cascadesim.live.sql.opening import user
from cascadesim.live.sql.schema import attempt, campaign, edition, log, recipient
from cascadesim.live.sql.store import SqlStore


class About(NamedTuple):
    """A campaign's own row. `began` is its instant 0 in Unix microseconds (0: it has not begun)."""

    name: str
    plan: str
    created: str
    who: str
    began: int
    course: Course
    caps: Caps


class Entry(NamedTuple):
    """A line of the log."""

    at: str
    who: str
    what: str


class Office:
    """Gives orders to the campaign of a store, in somebody's name (default: this user's)."""

    def __init__(self, store: SqlStore, who: str | None = None) -> None:
        self._store = store
        self._who = who or user()
        self._mine = campaign.c.id == store.campaign

    def about(self) -> About:
        """The campaign's own row."""
        with self._store.connection() as connection:
            row = connection.execute(select(campaign).where(self._mine)).one()
        caps = Caps(row.most_messages, row.most_cost, row.a_week)
        return About(row.name, row.plan, row.created, row.who, row.began, row.course, caps)

    def begin(self, began: int) -> int:
        """Says when the campaign's instant 0 is, in Unix microseconds, unless that is said already; when it is."""
        with self._store.connection() as connection:
            connection.execute(update(campaign).where(self._mine, campaign.c.began == 0).values(began=began))
            return int(connection.execute(select(campaign.c.began).where(self._mine)).scalar_one())

    def withdraw(self) -> None:
        """Takes back a campaign that has not begun and that nobody has entered: another plan may have its name."""
        there = select(recipient.c.key).where(recipient.c.campaign == self._store.campaign).exists()
        with self._store.connection() as connection:
            if connection.execute(delete(campaign).where(self._mine, campaign.c.began == 0, ~there)).rowcount:
                connection.execute(delete(edition).where(edition.c.campaign == self._store.campaign))

    def steer(self, course: Course) -> Course:
        """Lets the campaign run, pauses or cancels it; what it was before. A cancelled one stays so."""
        with self._store.connection() as connection:
            before: Course = connection.execute(
                select(campaign.c.course).where(self._mine).with_for_update()
            ).scalar_one()
            if course != before != "cancelled":
                connection.execute(update(campaign).where(self._mine).values(course=course))
                self._log(connection, course)
        return before

    def limit(self, caps: Caps) -> None:
        """Sets the caps."""
        with self._store.connection() as connection:
            new = {"most_messages": caps.messages, "most_cost": caps.cost, "a_week": caps.a_week}
            connection.execute(update(campaign).where(self._mine).values(new))
            self._log(connection, "caps: " + (", ".join(f"{k} {v}" for k, v in new.items() if v is not None) or "none"))

    def note(self, what: str) -> None:
        """Writes a line of the log."""
        with self._store.connection() as connection:
            self._log(connection, what)

    def log(self) -> list[Entry]:
        """The log, the oldest line first."""
        lines = select(log.c.at, log.c.who, log.c.what).where(log.c.campaign == self._store.campaign).order_by(log.c.id)
        with self._store.connection() as connection:
            return [Entry(*row) for row in connection.execute(lines)]

    def documents(self) -> list[str]:
        """The plans that the campaign has been run by, the one in force last."""
        mine = edition.c.campaign == self._store.campaign
        with self._store.connection() as connection:
            return list(connection.execute(select(edition.c.document).where(mine).order_by(edition.c.number)).scalars())

    def add_document(self, plan: str, document: str) -> None:
        """Puts another plan, by its SHA-256 and its text, in force for those who enter from now on."""
        mine = edition.c.campaign == self._store.campaign
        with self._store.connection() as connection:
            number = connection.execute(select(func.max(edition.c.number)).where(mine)).scalar_one() + 1
            new = {"campaign": self._store.campaign, "number": number, "plan": plan, "document": document}
            connection.execute(edition.insert().values(new | {"since": _now(), "who": self._who}))
            connection.execute(update(campaign).where(self._mine).values(plan=plan))
            self._log(connection, f"replaced by plan {plan[:12]}")

    def latest(self) -> int | None:
        """The latest instant at which a message was written; None if none was."""
        last = select(func.max(attempt.c.sent_at)).where(attempt.c.campaign == self._store.campaign)
        with self._store.connection() as connection:
            return connection.execute(last).scalar()

    def last_queued(self) -> int:
        """The latest instant at which somebody entered or queued for a step; 0 if nobody did."""
        last = select(func.max(recipient.c.queued_at)).where(recipient.c.campaign == self._store.campaign)
        with self._store.connection() as connection:
            return int(connection.execute(last).scalar() or 0)

    def counts(self) -> dict[str, int]:
        """How many recipients are waiting, queued and done."""
        states = select(recipient.c.state, func.count()).where(recipient.c.campaign == self._store.campaign)
        with self._store.connection() as connection:
            return {state: int(n) for state, n in connection.execute(states.group_by(recipient.c.state))}

    def _log(self, connection: Connection, what: str) -> None:
        line = {"campaign": self._store.campaign, "at": _now(), "who": self._who, "what": what}
        connection.execute(log.insert().values(line))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
