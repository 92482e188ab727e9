"""The SimPy engine: the reference, meant to be read.

Everybody is a `Trip`: a person with their journey through the chain. Whatever happens is a `Moment` in SimPy's
agenda, which orders moments by (time, rank): what is reported of messages comes before everything else at its
instant, and who acts at the same time goes by place (S1, S2). What is to happen next is never decided here: the
pure functions of `cascadesim.cascade` say it, and this engine only keeps the time. What becomes of a message is
asked of `cascadesim.draws`.

To follow one person through `send viber, wait 2 h`, then `send sms`, begin at `enter`, which makes the first decision.

- `decide` asks the state machine what is next: the step with Viber. The person is put into its queue (`join`).
- `join` finds that Viber has a limit, so they stand in a `Line`. `serve` promises the next slot to the first in line
  who still wants it; those who have stopped, or for whom it is night, leave the line there and then.
- The slot comes (`slot`), and `dispatch` sends. The message's whole fate is drawn at this moment: delivered in 3 s,
  opened in 40 min, say. What the channel reports and the chain listens to becomes a moment in the agenda (`tell`).
- The message is out, so the wait begins: `_move` puts the next decision into the agenda, 2 h from now.
- After 40 min `tell` reports the open. The chain stops when opened, so the journey is done and no decision is due any
  more; the moment at 2 h will find that (`decide`) and do nothing. Had they stayed silent, it would have gone on to
  the text message.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple, cast

import simpy
from simpy.events import EventPriority

from cascadesim import cascade
from cascadesim.cascade import GO, Journey, Lane, Phase, Program
from cascadesim.draws.behaviour import Behaviour, Fate
from cascadesim.model.billing import Billing
from cascadesim.model.chain import Route
from cascadesim.model.channel import Throughput
from cascadesim.model.model import Model
from cascadesim.model.person import Person
from cascadesim.model.rates import State

_REPORTS = 0  # the rank of what is reported; actions rank after it, by place


class Message(NamedTuple):
    """A dispatched message, with its fate and its cost in billionths."""

    step: int
    channel: str
    attempt: int
    queued_at: int
    sent_at: int
    fate: Fate
    cost: int


class Trip:
    """One person on their way: what the engine knows of them."""

    __slots__ = ("journey", "messages", "outside", "person", "program", "queued_at")

    def __init__(self, person: Person, program: Program) -> None:
        self.person = person
        self.program = program
        self.journey = cascade.begin(person)
        self.messages: list[Message] = []
        self.outside: tuple[tuple[str, int], ...] = ()
        self.queued_at = person.entry


class Moment(simpy.Event):
    """Something that happens at an instant; moments of the same instant go by rank, then as they were made."""

    def __init__(self, env: simpy.Environment, at: int, rank: int, action: Callable[[], None]) -> None:
        super().__init__(env)
        self._ok, self._value = True, None
        self.callbacks.append(lambda _: action())
        # SimPy's own priorities are 0 and 1; its agenda orders by any whole number
        env.schedule(self, cast("EventPriority", rank), at - env.now)


class Line:
    """A channel with a throughput limit: who queues, and for whom the next slot is kept."""

    def __init__(self, channel: str, limit: Throughput) -> None:
        self.channel = channel
        self.limit = limit
        self.lane = Lane()
        self.waiting: deque[Trip] = deque()
        self.head: Trip | None = None
        self.promise = 0  # counts the slots promised, so that a moment knows whether its promise still holds


class Simulation:
    """One replication of a chain or a plan."""

    def __init__(self, model: Model, routes: Sequence[Route], behaviour: Behaviour, billing: Billing) -> None:
        self.env = simpy.Environment()
        self.behaviour = behaviour
        self.billing = billing
        self.lines = {c.name: Line(c.name, c.throughput) for c in model.channels if c.throughput is not None}
        self.routes = tuple(routes)
        self.programs = [Program(model, route.chain) for route in routes]

    def run(self, people: Iterable[Person], passed: Callable[[int], None] | None = None) -> list[Trip]:
        """Everybody's trip, in the order of places; `passed` is told how many have entered, now and then."""
        chosen = [(person, cascade.choose(self.routes, person, self.behaviour.lot)) for person in people]
        trips = [Trip(person, self.programs[route]) for person, route in chosen if route is not None]
        for trip in trips:
            self._at(trip.person.entry, trip, partial(self.enter, trip))
        self._entered, self._passed = 0, passed
        was_on = gc.isenabled()
        gc.disable()  # moments are freed as they pass; to search all trips for cycles over and over costs a sixth
        try:
            self.env.run()
        finally:
            if was_on:
                gc.enable()
        return trips

    @property
    def now(self) -> int:
        """Microseconds since the campaign's start."""
        return int(self.env.now)

    # What happens to people

    def enter(self, trip: Trip) -> None:
        """Somebody enters: what they will do unprompted is known to the world, and the first decision is due."""
        trip.outside = self.behaviour.outside(trip.person)
        for event, at in trip.outside:
            Moment(self.env, at, _REPORTS, partial(self.tell_outside, trip, event))
        self.decide(trip)
        self._entered += 1
        if self._passed is not None and self._entered % 1000 == 0:
            self._passed(self._entered)

    def decide(self, trip: Trip) -> None:
        """The decision that is due now, unless something has changed since it was put into the agenda."""
        if trip.journey.due == self.now:
            split = partial(self.behaviour.split, trip.person)
            self._move(trip, cascade.decide(trip.program, trip.person, trip.journey, self.now, split))

    def tell(self, trip: Trip, step: int, channel: str, state: State) -> None:
        """The channel reports what happened to a message."""
        self._told(trip, cascade.tell(trip.program, trip.journey, step, channel, state, self.now))

    def tell_outside(self, trip: Trip, event: str) -> None:
        """An outside event comes in."""
        self._told(trip, cascade.tell_outside(trip.program, trip.journey, event))

    # What happens to messages

    def join(self, trip: Trip, channel: str) -> None:
        """A message queues for its channel; without a limit its slot is now."""
        line = self.lines.get(channel)
        if line is None:
            self._judged(trip, channel, self._verdict(channel, trip, self.now))
            return
        line.waiting.append(trip)
        if line.head is None:
            self.serve(line)

    def serve(self, line: Line) -> None:
        """Promises the line's next slot to the first who can take it."""
        served = cascade.serve(line.limit, line.lane, line.waiting, self.now, partial(self._verdict, line.channel))
        line.lane, line.head = served.lane, served.who
        line.promise += 1
        for _ in served.left:
            line.waiting.popleft()
        if line.head is not None:
            self._at(served.slot, line.head, partial(self.slot, line, line.promise))
        for who, says in served.left:
            self._judged(who, line.channel, says)

    def slot(self, line: Line, promise: int) -> None:
        """A slot comes: whom it was promised to is dispatched, and the next is promised."""
        if promise != line.promise:
            return
        trip = line.waiting.popleft()
        line.lane = line.lane._replace(used=line.lane.used + 1)
        self.serve(line)
        self.dispatch(trip, line.channel)

    def dispatch(self, trip: Trip, channel: str) -> None:
        """A message goes out. Its fate is drawn, and what will be reported of it is put into the agenda."""
        now, person, step = self.now, trip.person, trip.journey.last
        attempt = trip.journey.attempt(channel)
        fate = self.behaviour.message(person, channel, attempt, now)
        cost = self.billing.cost(trip.program.chain, step, channel, person, fate.states)
        trip.messages.append(Message(step, channel, attempt, trip.queued_at, now, fate, cost))
        for state, at in fate.events:
            if state in trip.program.listens_to:
                Moment(self.env, at, _REPORTS, partial(self.tell, trip, step, channel, state))
        self._move(trip, cascade.sent(trip.program, trip.journey, channel, now))

    # How it is kept together

    def _move(self, trip: Trip, journey: Journey) -> None:
        joins = journey.phase is Phase.QUEUED and trip.journey.phase is Phase.WAITING
        trip.journey = journey
        if joins:
            trip.queued_at = self.now
            for channel in journey.pending:
                self.join(trip, channel)
        elif journey.due == self.now:
            self.decide(trip)
        elif journey.due is not None:
            self._at(journey.due, trip, partial(self.decide, trip))

    def _told(self, trip: Trip, journey: Journey) -> None:
        before, trip.journey = trip.journey, journey
        if journey.due is not None and journey.due != before.due:
            self._at(journey.due, trip, partial(self.decide, trip))
        if journey.stops != before.stops and journey.phase is Phase.QUEUED:
            for channel in journey.pending:
                line = self.lines.get(channel)
                if line is not None and line.head is trip:
                    self.serve(line)  # the slot promised to somebody who stopped goes to the next in line

    def _verdict(self, channel: str, trip: Trip, slot: int) -> int:
        return cascade.verdict(trip.program, trip.person, trip.journey, channel, slot)

    def _judged(self, trip: Trip, channel: str, says: int) -> None:
        if says == GO:
            self.dispatch(trip, channel)
        elif says == cascade.DROP:
            self._move(trip, cascade.dropped(trip.program, trip.journey, channel, self.now))
        else:
            self._at(says, trip, partial(self.join, trip, channel))

    def _at(self, at: int, trip: Trip, action: Callable[[], None]) -> None:
        Moment(self.env, at, _REPORTS + 1 + trip.person.place, action)
