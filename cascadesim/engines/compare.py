"""Two chains or plans compared person by person, on common random numbers (S3).

Both write to the same people, and what both send them meets the same fate: most of what chance does to one side it
does to the other too, so the difference is known far better than from two simulations apart. Differences are B minus
A: what going from A to B brings. The statistics are in `engines.pairing`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from cascadesim.contacts import Contact
from cascadesim.engines.case import Case, Progress, is_limited, unfinished
from cascadesim.engines.pairing import PairedFigure, Pairs, Run, paired_figures
from cascadesim.engines.simulate import drawing, people_sums
from cascadesim.engines.tally import COST
from cascadesim.errors import RefusedError
from cascadesim.model.model import Model
from cascadesim.model.prices import campaign_fee, campaign_total
from cascadesim.model.segment import Arrivals

Engine = Literal["auto", "compiled", "simpy"]
_WITH_LIMITS = 10


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: a chain or a plan in its model, with the people of segments that take them from files."""

    model: Model
    case: Case
    contacts: Mapping[str, Sequence[Contact]] = field(default_factory=dict)

    @property
    def is_limited(self) -> bool:
        """Whether a throughput limit ties its people together."""
        return is_limited(self.model, self.case)


@dataclass(frozen=True, slots=True)
class PairedSegment:
    """A segment's figures by name, campaign fees aside, and its expected number of people."""

    segment: str
    people: float
    figures: Mapping[str, PairedFigure]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The answer of `compare`; `total` has the figures of all segments together, with campaign fees in the cost."""

    scenario: str | None
    engine: str
    engine_because: str
    seed: int
    replications: int
    a: str
    b: str
    total: Mapping[str, PairedFigure]
    segments: tuple[PairedSegment, ...]

    def to_json(self) -> dict[str, Any]:
        """The document that `compare --json` prints."""
        about = ("scenario", "engine", "engine_because", "seed", "replications", "a", "b")
        segments = [{"segment": s.segment, "people": s.people, **_json(s.figures)} for s in self.segments]
        return {**{name: getattr(self, name) for name in about}, "total": _json(self.total), "segments": segments}


def compare(
    a: Side,
    b: Side,
    *,
    engine: Engine = "auto",
    seed: int | None = None,
    replications: int | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """What B brings against A, each simulated alone with the same people and the same random numbers.

    `seed` replaces both models' own. `replications` are 1 by default, and 10 where a throughput limit ties people
    together on either side, because there one cannot tell an interval. RefusedError, with every reason, where the
    two cannot be compared.
    """
    a, b = _seeded(a, seed), _seeded(b, seed)
    if reasons := list(dict.fromkeys([*unfinished(a.case, b.case), *_apart(a, b)])):
        raise RefusedError(*reasons)
    limited = a.is_limited or b.is_limited
    count = replications or (_WITH_LIMITS if limited else 1)
    name, because = _engine(a, b, engine)
    runs = []
    for replication in range(count):
        runs.append(_run(a, b, replication, name))
        if progress is not None:
            progress(f"{a.case.name} and {b.case.name}", replication + 1, count)
    about = (a.model.scenario.title, name, because, a.model.scenario.seed, count, a.case.name, b.case.name)
    return Comparison(*about, paired_figures(runs, limited), tuple(_segments(a, runs, limited)))


def _seeded(side: Side, seed: int | None) -> Side:
    if seed is None:
        return side
    return replace(side, model=replace(side.model, scenario=replace(side.model.scenario, seed=seed)))


def _segments(a: Side, runs: Sequence[Run], limited: bool) -> Iterator[PairedSegment]:
    for place, segment in enumerate(a.case.segments):
        mine = [Run(run.pairs[place : place + 1]) for run in runs]
        people = sum(run.pairs[0].people for run in mine) / len(mine)
        yield PairedSegment(segment, people, paired_figures(mine, limited))


def _run(a: Side, b: Side, replication: int, engine: str) -> Run:
    """One replication of both sides."""
    tables = [people_sums(side.model, side.case, replication, side.contacts, engine) for side in (a, b)]
    pairs = [
        Pairs.of(tables[0][name], tables[1][name], isinstance(a.model.segment(name).people, Arrivals))
        for name in a.case.segments
    ]
    return Run(pairs, (_extra(a, replication, engine), _extra(b, replication, engine)))


def _extra(side: Side, replication: int, engine: str) -> int:
    """What campaign fees and minimum commitments add to the messages' cost, in billionths.

    Only a commitment asks how much was spent on its channel.
    """
    spent = {
        channel: _spent(side, channel, replication, engine) if campaign_fee(side.model, channel).at_least else 0
        for channel in side.case.channels
    }
    return campaign_total(side.model, spent) - sum(spent.values())


def _spent(side: Side, channel: str, replication: int, engine: str) -> int:
    """What the messages on one channel cost: nothing else has a price, and prices change nobody's way."""
    model = side.model
    channels = tuple(c if c.name == channel else replace(c, costs=()) for c in model.channels)
    segments = tuple(replace(s, costs=tuple(o for o in s.costs if o.channel == channel)) for s in model.segments)
    priced = replace(model, channels=channels, segments=segments)
    tables = people_sums(priced, side.case, replication, side.contacts, engine)
    return sum(int(table[:, COST].sum()) for table in tables.values())


def _engine(a: Side, b: Side, asked: Engine) -> tuple[str, str]:
    """One engine for both."""
    chosen = [drawing(side.model, [side.case], asked, "people are simulated one by one") for side in (a, b)]
    return max(chosen)  # SimPy, if either needs it


def _apart(a: Side, b: Side) -> Iterator[str]:
    """Why the two do not write to the same people, or do not ask the same of them."""
    one, other = a.case.name, b.case.name
    for name, mine, theirs in ((one, a, b), (other, b, a)):
        for segment in sorted(set(mine.case.segments) - set(theirs.case.segments)):
            yield f"segment {segment} is in {name} alone: what is compared writes to the same people"
    for segment in sorted(set(a.case.segments) & set(b.case.segments)):
        if _who(a.model, segment) != _who(b.model, segment):
            yield f"segment {segment} is other people in {one} than in {other}"
    if a.model.scenario.seed != b.model.scenario.seed:
        yield f"{one} and {other} have different seeds: give both the same one (--seed)"
    if a.model.goal != b.model.goal:
        yield f"{one} and {other} mean different things by covered: events or deadline"
    if a.model.scenario.horizon != b.model.scenario.horizon:
        yield f"{one} runs for {a.model.scenario.horizon}, {other} for {b.model.scenario.horizon}"
    if a.model.scenario.currency != b.model.scenario.currency:
        yield f"{one} counts in {a.model.scenario.currency}, {other} in {b.model.scenario.currency}"


def _who(model: Model, name: str) -> tuple[object, ...]:
    """Who a segment's people are; rates and prices may differ, to compare what they would change."""
    segment = model.segment(name)
    return segment.people, segment.kinds, segment.both, segment.leaves, model.zone_of(name)


def _json(figures: Mapping[str, PairedFigure]) -> dict[str, Any]:
    return {name: figure.to_json() for name, figure in figures.items()}
