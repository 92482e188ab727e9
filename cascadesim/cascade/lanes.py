"""How messages leave (S6): one first-in-first-out server a channel, quiet hours, the last look at the stop state."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, NamedTuple, TypeVar

from cascadesim.cascade.journey import Journey, is_wanted
from cascadesim.cascade.program import Program
from cascadesim.model.channel import Throughput
from cascadesim.model.person import Person


class Lane(NamedTuple):
    """A channel's server: when its busy period began, and how many slots of it are taken."""

    began: int = 0
    used: int = 0


def next_slot(limit: Throughput, lane: Lane, now: int) -> tuple[int, Lane]:
    """The next free slot at or after now, and the lane with the busy period that it belongs to.

    Slot m of a period begun at b is b + floor(m x per / count). The period lasts as long as its last slot is
    not over: somebody who comes later begins a new one. In whole numbers, so that every driver agrees.
    """
    if (now - lane.began) * limit.count >= lane.used * limit.per:
        lane = Lane(now, 0)
    return lane.began + lane.used * limit.per // limit.count, lane


GO, DROP = 0, -1


def verdict(program: Program, person: Person, journey: Journey, channel: str, slot: int) -> int:
    """What becomes of a pending message for which this slot is the next: GO, DROP, or the instant to queue anew.

    Dropped is who has stopped or is past the horizon, or whose quiet never ends; in quiet hours one takes no
    slot, blocks nobody, and queues anew at the end of the window.
    """
    if not is_wanted(program, person, journey, slot):
        return DROP
    end = program.clock.quiet_end(program.quiet(person.segment, channel), person.zone, slot)
    if end is None:
        return DROP
    return GO if end == slot else end


T = TypeVar("T")


class Served(NamedTuple, Generic[T]):
    """Who gets the next slot (None: nobody in line does), when, and who left the line: (who, verdict)."""

    who: T | None
    slot: int
    lane: Lane
    left: list[tuple[T, int]]


def serve(limit: Throughput, lane: Lane, line: Iterable[T], now: int, judge: Callable[[T, int], int]) -> Served[T]:
    """The next of a line, in its order: the first whose verdict on the next free slot is GO.

    `judge` gives the verdict on one of the line and a slot. Those before who are dropped or deferred leave.
    The slot is not taken yet: until it comes, who is to get it may stop; then serve again.
    """
    slot, lane = next_slot(limit, lane, now)
    left: list[tuple[T, int]] = []
    for who in line:
        says = judge(who, slot)
        if says == GO:
            return Served(who, slot, lane, left)
        left.append((who, says))
    return Served(None, slot, lane, left)
