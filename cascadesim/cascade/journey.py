"""One recipient's way through a chain: the state, and the pure functions that move it on.

A driver (an engine, the runner) holds a `Journey` for each person and asks, in this order, at equal times
(S1): first `tell` what has been reported, then `decide` where a decision is due and `verdict` where a message
is to go out, with `sent` or `dropped` for what became of it. Nothing here reads a clock, draws a number or
does any input or output.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

from cascadesim.cascade.conditions import holds
from cascadesim.cascade.program import BranchOp, PauseOp, Program, SendOp, SplitOp, StopOp, UntilOp
from cascadesim.model.chain import Wait
from cascadesim.model.person import Person
from cascadesim.model.rates import State

OUTSIDE = 0
"""The step that outside events belong to: none."""


class Phase(IntEnum):
    """What the journey is at."""

    WAITING = 0
    QUEUED = 1
    DONE = 2


class Journey(NamedTuple):
    """The state of one recipient. `due` is when the next decision is due (None: none is).

    `at` is the operation in progress, `pending` the channels on which its messages still queue, `since` what
    its wait counts from. `out` lists the messages sent as (step, channel), `told` what was reported of them
    as (step, channel, state), `stops` the steps whose messages stopped the chain. `last` is the last step
    reached, sent or skipped; `over`: one of its messages was dropped, so nothing follows.
    """

    at: int
    phase: Phase
    due: int | None
    since: int
    pending: tuple[str, ...] = ()
    out: tuple[tuple[int, str], ...] = ()
    told: frozenset[tuple[int, str, State]] = frozenset()
    stops: frozenset[int] = frozenset()
    last: int = OUTSIDE
    over: bool = False

    def attempt(self, channel: str) -> int:
        """How many messages on the channel came before the next one (S3)."""
        return sum(c == channel for _, c in self.out)


def begin(person: Person) -> Journey:
    """The journey of somebody who enters: the first decision is due at once."""
    return Journey(-1, Phase.WAITING, person.entry, person.entry)


def decide(program: Program, person: Person, journey: Journey, now: int, split: Callable[[int], float]) -> Journey:
    """The decision that is due (S5, S10): ends the wait if it is over, and goes on to the next queue, wait or end.

    `split` gives the person's number in (0, 1) for the split of that number.
    """
    if journey.phase is not Phase.WAITING or _is_over(program, person, journey, now):
        return _done(journey) if journey.phase is Phase.WAITING else journey
    if journey.at < 0:
        return _go_on(program, person, journey, program.start, now, split)
    op = program.ops[journey.at]
    assert isinstance(op, SendOp | PauseOp | UntilOp)
    wait = None if isinstance(op, UntilOp) else op.wait
    if wait is not None and not _wait_is_over(program, journey, wait, now):
        return journey._replace(due=journey.since + wait.lasting)
    return _go_on(program, person, journey, op.next, now, split)


def _go_on(
    program: Program, person: Person, journey: Journey, at: int, now: int, split: Callable[[int], float]
) -> Journey:
    while True:
        op = program.ops[at]
        if isinstance(op, SendOp):
            channels = tuple(c for c in op.send.channels if c in person.reach)
            if channels:
                queued = Phase.QUEUED
                return journey._replace(at=at, phase=queued, due=None, pending=channels, since=now, last=op.step)
            journey = journey._replace(last=op.step)
            at = op.next  # skipped at once, with its wait, at no cost
        elif isinstance(op, PauseOp):
            waiting = journey._replace(at=at, phase=Phase.WAITING, since=now)
            if not _is_told(program, waiting, op.wait):
                return waiting._replace(due=now + op.wait.lasting)
            at = op.next
        elif isinstance(op, UntilOp):
            due = program.clock.next_reading(op.at, op.day, person.zone, now)
            if due > now:
                return journey._replace(at=at, phase=Phase.WAITING, due=due, since=now)
            at = op.next
        elif isinstance(op, BranchOp):
            at = next((to for test, to in op.tests if holds(test, program, person, journey, now)), op.next)
        elif isinstance(op, SplitOp):
            drawn = split(op.number)
            at = next((to for upper, to in op.arms if drawn < upper), op.next)
        else:
            assert isinstance(op, StopOp)
            return _done(journey)


def sent(program: Program, journey: Journey, channel: str, now: int) -> Journey:
    """The message pending on this channel was dispatched now; the last one begins the step's wait (S10)."""
    op = program.ops[journey.at]
    assert isinstance(op, SendOp)
    pending = tuple(c for c in journey.pending if c != channel)
    moved = journey._replace(pending=pending, out=(*journey.out, (op.step, channel)), since=now)
    return moved if pending else _settled(program, moved, now)


def dropped(program: Program, journey: Journey, channel: str, now: int) -> Journey:
    """The message pending on this channel will never go out (S6): after this step nothing follows."""
    pending = tuple(c for c in journey.pending if c != channel)
    moved = journey._replace(pending=pending, over=True)
    return moved if pending else _settled(program, moved, now)


def tell(program: Program, journey: Journey, step: int, channel: str, state: State, now: int) -> Journey:
    """Something happened to a message of this step; only what the channel reports makes a difference (S11)."""
    if not program.reports(channel, state):
        return journey
    moved = journey._replace(told=journey.told | {(step, channel, state)})
    if program.stops(channel, state):
        return _stopped(moved, step)
    return _woken(program, moved, now)


def tell_outside(program: Program, journey: Journey, event: str) -> Journey:
    """An outside event came in; it stops the chain where it is named (S11)."""
    return _stopped(journey, OUTSIDE) if event in program.stops_outside else journey


def tell_stop(journey: Journey) -> Journey:
    """Somebody is to get nothing more, because they said so or have what they were to get (S11).

    It holds whatever the chain says, and as often as it is told. Messages out are not recalled; those that still
    queue are dropped when their slot comes.
    """
    return _stopped(journey, OUTSIDE)


def is_wanted(program: Program, person: Person, journey: Journey, now: int) -> bool:
    """Whether a pending message may still go out now (S6): the messages of one send do not stop each other."""
    op = program.ops[journey.at]
    assert isinstance(op, SendOp)
    return now < person.entry + program.horizon and not journey.stops - {op.step}


def may_go_on(program: Program, journey: Journey) -> bool:
    """Whether a next send may begin at the instant at which the messages of the one in progress are out.

    Not if the chain ends there, or waits first for what cannot have happened yet: quickly said of most.
    """
    op = program.ops[journey.at]
    assert isinstance(op, SendOp)
    wait = op.wait
    if wait is not None and not wait.until and wait.lasting > 0 and wait.undelivered_after != 0:
        return False
    return not isinstance(program.ops[op.next], StopOp)


def _is_over(program: Program, person: Person, journey: Journey, now: int) -> bool:
    return bool(journey.stops) or journey.over or now >= person.entry + program.horizon


def _done(journey: Journey) -> Journey:
    return journey._replace(phase=Phase.DONE, due=None, pending=())


def _stopped(journey: Journey, step: int) -> Journey:
    moved = journey._replace(stops=journey.stops | {step})
    return _done(moved) if moved.phase is Phase.WAITING else moved


def _settled(program: Program, journey: Journey, now: int) -> Journey:
    """All messages of the step are out or dropped."""
    if journey.stops or journey.over:
        return _done(journey)
    op = program.ops[journey.at]
    assert isinstance(op, SendOp)
    if op.wait is None or _is_told(program, journey, op.wait):
        due = now
    else:
        first = op.wait.lasting if op.wait.undelivered_after is None else op.wait.undelivered_after
        due = journey.since + min(first, op.wait.lasting)
    return journey._replace(phase=Phase.WAITING, due=due)


def _woken(program: Program, journey: Journey, now: int) -> Journey:
    """A reported event may end the wait early (`or until`)."""
    if journey.phase is not Phase.WAITING or journey.at < 0:
        return journey
    op = program.ops[journey.at]
    wait = op.wait if isinstance(op, SendOp | PauseOp) else None
    return journey._replace(due=now) if wait is not None and _is_told(program, journey, wait) else journey


def _wait_is_over(program: Program, journey: Journey, wait: Wait, now: int) -> bool:
    if now >= journey.since + wait.lasting or _is_told(program, journey, wait):
        return True
    if wait.undelivered_after is None or now < journey.since + wait.undelivered_after:
        return False
    return not any(step == journey.last and state == "delivered" for step, _, state in journey.told)


def _is_told(program: Program, journey: Journey, wait: Wait) -> bool:
    """Whether an event that ends the wait is reported of the last send's messages."""
    if not wait.until:
        return False
    return any(step == journey.last and program.matches(wait.until, c, state) for step, c, state in journey.told)
