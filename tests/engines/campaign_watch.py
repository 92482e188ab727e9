"""What a simulated campaign had in it, seen from outside: the SimPy engine is watched while it runs, never changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from cascadesim import cascade
from cascadesim.cascade import journey as journeys
from cascadesim.cascade.conditions import holds
from cascadesim.engines.events import Simulation, Trip

QUEUE = "a queue over 100"
DEFERRAL = "a deferral by quiet hours"
TIE = "a tie"
DROP = "a drop in the queue"
DAYLIGHT = "a change of daylight saving"
LATE = "a late open after a stop"
BRANCH = "a branch taken both ways"
FEATURES = (QUEUE, DEFERRAL, TIE, DROP, DAYLIGHT, LATE, BRANCH)


class Watch:
    """The features seen so far of one campaign: `with watch.on(): simulate(.., engine="simpy")`."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self._joined: dict[tuple[str, int], Trip] = {}
        self._stopped: dict[int, tuple[Trip, int]] = {}
        self._taken: dict[int, set[bool]] = {}

    @contextmanager
    def on(self) -> Iterator[Watch]:
        """Watches every simulation that runs within."""
        with ExitStack() as stack:
            for name in ("join", "_judged", "_told", "run"):
                original, seeing = getattr(Simulation, name), getattr(self, f"_see_{name.strip('_')}")
                stack.enter_context(patch.object(Simulation, name, _watched(original, seeing)))
            stack.enter_context(patch.object(journeys, "holds", self._holds))
            yield self

    def _see_join(self, simulation: Simulation, trip: Trip, channel: str) -> None:
        """Two people come to one limited channel at one instant, not just because both enter then; the line grows."""
        line = simulation.lines.get(channel)
        if line is None:
            return
        if simulation.now > trip.person.entry:
            other = self._joined.setdefault((channel, simulation.now), trip)
            self._note(TIE, other is not trip)
        self._note(QUEUE, len(line.waiting) >= 100)

    def _see_judged(self, simulation: Simulation, trip: Trip, channel: str, says: int) -> None:
        """Somebody leaves a line: to queue anew, or for ever, having waited."""
        self._note(DEFERRAL, says > 0)
        waited = channel in simulation.lines and simulation.now > trip.queued_at
        self._note(DROP, says == cascade.DROP and waited)

    def _see_told(self, simulation: Simulation, trip: Trip, journey: cascade.Journey) -> None:
        if journey.stops:
            self._stopped.setdefault(id(trip), (trip, simulation.now))

    def _see_run(self, simulation: Simulation, _people: object, *_: object) -> None:
        self._joined.clear()

    def _holds(self, condition: Any, *asked: Any) -> bool:
        """Each branch's condition holds for some and not for others."""
        found = holds(condition, *asked)
        taken = self._taken.setdefault(id(condition), set())
        taken.add(found)
        self._note(BRANCH, len(taken) == 2)
        return found

    def ran(self, simulation: Simulation, trips: Sequence[Trip]) -> None:
        """What shows when all is over: opens after a stop, and people who act on both sides of a change of clocks."""
        late = (m.fate.opened or 0 for trip, at in self._stopped.values() for m in trip.messages)
        stops = (at for trip, at in self._stopped.values() for _ in trip.messages)
        self._note(LATE, any(opened > at for opened, at in zip(late, stops, strict=True)))
        acts = {(t.person.zone, t.person.entry, max(m.sent_at for m in t.messages)) for t in trips if t.messages}
        self._note(DAYLIGHT, any(_changes(simulation, *act) for act in acts))
        self._stopped.clear()

    def _note(self, feature: str, seen: bool) -> None:
        if seen:
            self.seen.add(feature)


def _watched(original: Any, seeing: Any) -> Any:
    """The engine's method, told to the watch before it runs; of `run` it is told the trips, too."""

    def method(simulation: Simulation, *asked: Any) -> Any:
        seeing(simulation, *asked)
        answer = original(simulation, *asked)
        if answer is not None:
            seeing.__self__.ran(simulation, answer)
        return answer

    return method


def _changes(simulation: Simulation, zone: str, first: int, last: int) -> bool:
    """Whether the zone's clock is put forward or back from the one instant to the other."""
    clock = simulation.programs[0].clock
    before, after = (clock.utc(at).astimezone(ZoneInfo(zone)).utcoffset() for at in (first, last))
    return before != after


class Table:
    """How many campaigns had each feature."""

    def __init__(self) -> None:
        self.campaigns = 0
        self._counts: Counter[str] = Counter()

    def add(self, watch: Watch) -> None:
        """Counts one campaign."""
        self.campaigns += 1
        self._counts.update(watch.seen)

    @property
    def rare(self) -> list[str]:
        """The features that fewer than a tenth of the campaigns had."""
        return [feature for feature in FEATURES if 10 * self._counts[feature] < self.campaigns]

    def __str__(self) -> str:
        lines = (f"{self._counts[feature]:5} {feature}" for feature in FEATURES)
        return "\n".join((f"of {self.campaigns} campaigns", *lines))
