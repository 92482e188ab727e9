"""What becomes of a message, and what people do unprompted: the world's side of a campaign (S7 to S9).

Engines and the rehearsal ask here; what they may tell the state machine is another matter, for the channel
must report it.
"""

from __future__ import annotations

from typing import NamedTuple

from cascadesim.draws.quantiles import AT_ONCE, Law, fit, quantile
from cascadesim.draws.streams import Streams
from cascadesim.model.calendar import Clock, reaction_at
from cascadesim.model.model import Model
from cascadesim.model.person import Person
from cascadesim.model.rates import VERB_OF, State

FATES: tuple[State, ...] = ("delivered", "opened", "clicked", "replied", "converted", "unsubscribed")
"""The states of a `Fate`, in its order."""
_ORDER: tuple[State, ...] = ("delivered", "opened", "answered", "clicked", "replied", "converted", "unsubscribed")


class Fate(NamedTuple):
    """When a message got to each state, up to the person's horizon; None: never. An answer is an open."""

    delivered: int | None = None
    opened: int | None = None
    clicked: int | None = None
    replied: int | None = None
    converted: int | None = None
    unsubscribed: int | None = None

    @property
    def events(self) -> tuple[tuple[State, int], ...]:
        """What happened to it and when, from state to state."""
        return tuple((state, at) for state, at in zip(FATES, self, strict=True) if at is not None)

    @property
    def states(self) -> tuple[State, ...]:
        """The states it got to."""
        return tuple(state for state, _ in self.events)


class Stage(NamedTuple):
    """One rate, ready to draw: its place in a `Fate`, what it follows there (-1: the dispatch), how likely, how long.

    `state` names its random numbers, `by_kind` says that a person's factor multiplies the share, `moves` that it
    waits for the segment's reaction hours.
    """

    state: State
    slot: int
    base: int
    share: float
    law: Law
    by_kind: bool
    moves: bool


class Behaviour:
    """The world of one replication of a model."""

    def __init__(self, model: Model, replication: int) -> None:
        self._model = model
        self._streams = Streams(model.scenario.seed, replication)
        self._clock = Clock(model.scenario)
        self._stages: dict[tuple[str, str, bool], tuple[Stage, ...]] = {}
        self._reacts = {s.name: s.reacts for s in model.segments}
        self._leaves = {s.name: [(v.event, float(v.share), fit(v.delay)) for v in s.leaves] for s in model.segments}

    def message(self, person: Person, channel: str, attempt: int, sent_at: int) -> Fate:
        """The fate of the person's message number `attempt` (from 0) on the channel, dispatched at `sent_at`."""
        times: list[int | None] = [None] * len(FATES)
        last = person.entry + self._model.scenario.horizon
        for stage in self._of(person.segment, channel, attempt > 0):
            since = sent_at if stage.base < 0 else times[stage.base]
            if since is not None:
                times[stage.slot] = self._event(stage, person, channel, attempt, since, last)
        return Fate(*times)

    def outside(self, person: Person) -> tuple[tuple[str, int], ...]:
        """The outside events of the person's own accord, with their times, up to the horizon."""
        found = []
        for event, share, law in self._leaves[person.segment]:
            whether, when = self._streams.pair(person.scope, "", f"leaves {event}", person.counter)
            at = person.entry + quantile(law, when)
            if whether < share and at <= person.entry + self._model.scenario.horizon:
                found.append((event, at))
        return tuple(found)

    def split(self, person: Person, number: int) -> float:
        """The person's number in (0, 1) for the split of that number in the chain."""
        return self._streams.pair(person.scope, "", "split", person.counter, number)[0]

    def lot(self, person: Person) -> float:
        """The person's number in (0, 1) that gives them one of the plans their segment is split over."""
        return self._streams.pair(person.scope, "", "plan", person.counter)[0]

    def _event(self, stage: Stage, person: Person, channel: str, attempt: int, since: int, last: int) -> int | None:
        share = stage.share * person.factor if stage.by_kind else stage.share
        if share >= 1.0 and stage.law.shape == AT_ONCE:
            at = since + 1
        else:
            whether, when = self._streams.pair(person.scope, channel, stage.state, person.counter, attempt)
            if whether >= share:
                return None
            at = since + quantile(stage.law, when)
        if stage.moves and at <= last:
            at = reaction_at(self._clock, self._reacts[person.segment], person.zone, at)
        return at if at <= last else None

    def _of(self, segment: str, channel: str, resend: bool) -> tuple[Stage, ...]:
        found = self._stages.get((segment, channel, resend))
        if found is None:
            found = self._stages[segment, channel, resend] = stages(self._model, segment, channel, resend)
        return found


def stages(model: Model, segment: str, channel: str, resend: bool) -> tuple[Stage, ...]:
    """What happens to a segment's messages on a channel, in the order in which it is drawn."""
    found = []
    for state in _ORDER:
        rate = model.rate(segment, channel, VERB_OF[state], resend)
        if rate is None and state != "delivered":
            continue
        base = None if rate is None else model.base(rate, state, channel)
        found.append(
            Stage(
                state,
                _slot(state),
                -1 if base is None else _slot(base),
                1.0 if rate is None else rate.share,
                fit(None if rate is None else rate.delay),
                state in ("opened", "answered"),
                state not in ("delivered", "answered") and model.segment(segment).reacts is not None,
            )
        )
    return tuple(found)


def _slot(state: State) -> int:
    return FATES.index("opened" if state == "answered" else state)
