"""Simulating chains and plans: choosing the engine, running replications, gathering the outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cascadesim.contacts import Contact
from cascadesim.draws.behaviour import Behaviour
from cascadesim.draws.people import draw_people
from cascadesim.engines.events import Simulation, Trip
from cascadesim.engines.outcome import ChainOutcome, Outcome, SegmentFigures
from cascadesim.engines.records import RecordWriter, records_of
from cascadesim.engines.tally import ONE, Accountant, StepSums, Sums, figures
from cascadesim.errors import RefusedError
from cascadesim.model.billing import Billing
from cascadesim.model.chain import Chain, Hole, Route
from cascadesim.model.model import Model
from cascadesim.model.person import Person
from cascadesim.model.segment import Arrivals

Engine = Literal["auto", "exact", "simpy"]
Progress = Callable[[str, int, int], None]
"""Told what is being worked on, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is simulated as one whole: a chain, or a plan; who follows what is in its routes."""

    name: str
    routes: tuple[Route, ...]

    @property
    def segments(self) -> tuple[str, ...]:
        """The segments, by name."""
        return tuple(sorted({r.segment for r in self.routes}))

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels with a step, by name."""
        return tuple(sorted({c for r in self.routes for c in r.chain.channels}))


def cases(model: Model, *names: str) -> tuple[Case, ...]:
    """The model's chains of these names, or all of them; KeyError for a name that is none."""
    chosen = [model.chain(n) for n in names] if names else list(model.chains)
    return tuple(Case(c.name, model.routes(c)) for c in chosen)


def simulate(
    model: Model,
    cases: Sequence[Case],
    *,
    engine: Engine = "auto",
    seed: int | None = None,
    replications: int = 1,
    contacts: Mapping[str, Sequence[Contact]] | None = None,
    records: RecordWriter | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """What each case comes to, simulated alone, all on the same random numbers.

    `contacts` has the people of every segment that takes them from a file. `auto` takes the exact engine where
    it can say everything, unless records are asked for. RefusedError: the engine asked for cannot, or a chain
    has a hole.
    """
    if seed is not None:
        model = replace(model, scenario=replace(model.scenario, seed=seed))
    _refuse_holes([r.chain for case in cases for r in case.routes])
    name, because = _choose(model, cases, engine, records is not None)
    people = contacts or {}
    if name == "exact":
        from cascadesim.engines.exact import evaluate  # numpy and scipy: not for who does not need them

        answers = [replace(evaluate(model, case.routes, people), chain=case.name) for case in cases]
    else:
        population = _Population(model, people)
        answers = [_simulated(model, case, population, replications, records, progress) for case in cases]
    return Outcome(model.scenario.title, name, because, model.scenario.seed, replications, tuple(answers))


def is_limited(model: Model, case: Case) -> bool:
    """Whether a throughput limit ties people together."""
    return any(model.channel(c).throughput is not None for c in case.channels)


def run_case(
    model: Model, case: Case, people: Sequence[Person], replication: int, progress: Progress | None = None
) -> list[Trip]:
    """One replication of a case by the SimPy engine."""
    behaviour = Behaviour(model, replication)
    passed = None if progress is None else lambda n: progress(case.name, n, len(people))
    return Simulation(model, case.routes, behaviour, Billing(model)).run(people, passed)


def _choose(model: Model, cases: Sequence[Case], asked: Engine, records: bool) -> tuple[str, str]:
    if asked == "simpy":
        return "simpy", "it was asked for"
    from cascadesim.engines.exact import refusals

    reasons = [reason for case in cases for reason in refusals(model, case.routes)]
    if asked == "exact":
        if reasons:
            raise RefusedError(*dict.fromkeys(reasons))
        return "exact", "it was asked for"
    if records:
        return "simpy", "records are of simulated messages"
    if reasons:
        return "simpy", f"the exact engine does not do this: {reasons[0]}"
    return "exact", "every chain is linear, without limits and clock rules"


def _refuse_holes(chains: Sequence[Chain]) -> None:
    unfinished = dict.fromkeys(c.name for c in chains if any(isinstance(n, Hole) for n in c.nodes))
    if unfinished:
        raise RefusedError(*(f"chain {name} has a hole `...`: it is still to be written" for name in unfinished))


class _Population:
    """The people of each replication, drawn once for all cases with the same segments."""

    def __init__(self, model: Model, contacts: Mapping[str, Sequence[Contact]]) -> None:
        self._model = model
        self._contacts = contacts
        self._last: tuple[tuple[tuple[str, ...], int], list[Person]] | None = None

    def of(self, segments: tuple[str, ...], replication: int) -> list[Person]:
        asked = (segments, replication)
        if self._last is None or self._last[0] != asked:
            self._last = asked, draw_people(self._model, segments, replication, self._contacts)
        return self._last[1]


def _simulated(
    model: Model,
    case: Case,
    population: _Population,
    replications: int,
    records: RecordWriter | None,
    progress: Progress | None,
) -> ChainOutcome:
    gathered = []
    for replication in range(replications):
        people = population.of(case.segments, replication)
        trips = run_case(model, case, people, replication, progress)
        if records is not None:
            records.write(records_of(trips, replication))
        gathered.append(_sums(model, case, trips))
    return _outcome(model, case, gathered)


def _sums(model: Model, case: Case, trips: Sequence[Trip]) -> dict[str, Sums]:
    accountant = Accountant(model, model.goal)
    found = {s: Sums(s, isinstance(model.segment(s).people, Arrivals)) for s in case.segments}
    for route in case.routes:
        for step, channel in _steps(route.chain):
            found[route.segment].steps.setdefault((step, channel), StepSums())
    for trip in trips:
        accountant.enter(found[trip.person.segment], trip)
    return found


def _steps(chain: Chain) -> Iterator[tuple[int, str]]:
    for number, send in enumerate(chain.sends, 1):
        for channel in send.channels:
            yield number, channel


def _outcome(model: Model, case: Case, gathered: Sequence[Mapping[str, Sums]]) -> ChainOutcome:
    limited = is_limited(model, case)
    segments = []
    for name in case.segments:
        mine = [[sums[name]] for sums in gathered]
        people = sum(sums[0].sums[ONE] for sums in mine) / len(mine)
        segments.append(SegmentFigures(name, people, figures(model, mine, case.channels, limited, total=False)))
    everybody = [list(sums.values()) for sums in gathered]
    return ChainOutcome(case.name, figures(model, everybody, case.channels, limited, total=True), tuple(segments))
