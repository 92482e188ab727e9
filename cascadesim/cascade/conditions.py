"""What `if` reads (S5): what has been reported up to now, who the person is, and the wall clock there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cascadesim.cascade.program import Program
from cascadesim.model.chain import (
    And,
    Condition,
    DayIs,
    InSegment,
    Not,
    Or,
    Reachable,
    Reported,
    TimeBetween,
    Undelivered,
)
from cascadesim.model.person import Person

if TYPE_CHECKING:
    from cascadesim.cascade.journey import Journey


def holds(condition: Condition, program: Program, person: Person, journey: Journey, now: int) -> bool:
    """Whether the condition holds for the person now; what was never sent is neither opened nor undelivered."""
    if isinstance(condition, And):
        return all(holds(part, program, person, journey, now) for part in condition.parts)
    if isinstance(condition, Or):
        return any(holds(part, program, person, journey, now) for part in condition.parts)
    if isinstance(condition, Not):
        return not holds(condition.part, program, person, journey, now)
    if isinstance(condition, InSegment):
        return person.segment in condition.names
    if isinstance(condition, Reachable):
        return condition.channel in person.reach
    if isinstance(condition, DayIs):
        return program.clock.weekday(person.zone, now) in condition.days
    if isinstance(condition, TimeBetween):
        return program.clock.within(condition.hours, person.zone, now)
    return _reported(condition, journey)


def _reported(condition: Reported | Undelivered, journey: Journey) -> bool:
    if isinstance(condition, Undelivered):
        sent = [
            m for m in journey.out if condition.channel == m[1] or (condition.channel is None and m[0] == journey.last)
        ]
        return bool(sent) and not any((*message, "delivered") in journey.told for message in sent)
    states = {"opened" if s == "answered" else s for _, c, s in journey.told if c == condition.channel}
    wanted = "opened" if condition.state == "answered" else condition.state
    unwanted = "opened" if condition.but_not == "answered" else condition.but_not
    return wanted in states and unwanted not in states
