"""The exact engine against the SimPy engine on the shipped scenarios, as a Markdown table.

`python -m tests.benchmarks.exact_against_simpy --people 200000` from the project's folder; the tests compare the
same figures for fewer people. A difference is measured in standard errors of the simulated figure: of counts
the binomial one at the exact value, of everything else the one that the simulated interval is made of.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from cascadesim.engines.case import Case, cases
from cascadesim.engines.exact import refusals
from cascadesim.engines.outcome import ChainOutcome, Estimate
from cascadesim.engines.simulate import simulate
from cascadesim.language.script import read
from cascadesim.model.model import Model
from cascadesim.model.segment import Headcount, Segment

SCENARIOS = Path(__file__).parents[2] / "scenarios"
TOTALS = ("coverage", "cost", "messages_per_person", "duplicates_per_person")
COUNTS = ("sent", "delivered", "opened", "first_opens")
Z = 1.959963984540054  # what intervals are wide by, in standard errors


@dataclass(frozen=True)
class Comparison:
    """One figure by both engines; `error` is the standard error of the simulated one."""

    figure: str
    exact: float
    simulated: float
    error: float

    @property
    def distance(self) -> float:
        """How far apart they are, in standard errors; figures without sampling error must be equal."""
        apart = abs(self.simulated - self.exact)
        if self.error > 0:
            return apart / self.error
        return 0.0 if math.isclose(self.exact, self.simulated, rel_tol=1e-9, abs_tol=1e-9) else math.inf


def in_exact_scope() -> tuple[tuple[str, str], ...]:
    """The scenarios and chains that the exact engine does, by name."""
    return tuple(
        (path.stem, case.name)
        for path in sorted(SCENARIOS.glob("*.cascade"))
        for model in [read(path).model]
        for case in cases(model)
        if not refusals(model, case.routes)
    )


def scaled(model: Model, people: int) -> Model:
    """The model with so many people in all, in the proportions of its segments."""
    total = sum(_count(s) for s in model.segments)
    sizes = [max(1, round(people * _count(s) / total)) for s in model.segments]
    segments = tuple(replace(s, people=Headcount(n)) for s, n in zip(model.segments, sizes, strict=True))
    return replace(model, segments=segments)


def _count(segment: Segment) -> int:
    assert isinstance(segment.people, Headcount), "the exact scope's scenarios have their people enter together"
    return segment.people.count


def compare(scenario: str, chain: str, people: int) -> tuple[Comparison, ...]:
    """All figures of a chain by both engines, for so many people, with the scenario's seed."""
    model = scaled(read(SCENARIOS / f"{scenario}.cascade").model, people)
    case = cases(model, chain)
    exact, simulated = (_outcome(model, case, engine) for engine in ("exact", "simpy"))
    return tuple(_totals(exact, simulated)) + tuple(_steps(exact, simulated))


def _outcome(model: Model, case: tuple[Case, ...], engine: str) -> ChainOutcome:
    (outcome,) = simulate(model, case, engine=engine).chains  # type: ignore[arg-type]
    return outcome


def _totals(exact: ChainOutcome, simulated: ChainOutcome) -> Iterator[Comparison]:
    for name in TOTALS:
        yield _by_interval(name.replace("_", " "), getattr(exact.total, name), getattr(simulated.total, name))


def _steps(exact: ChainOutcome, simulated: ChainOutcome) -> Iterator[Comparison]:
    for number, (theirs, ours) in enumerate(zip(simulated.total.steps, exact.total.steps, strict=True)):
        assert (theirs.step, theirs.channel) == (ours.step, ours.channel)
        place = f"step {ours.step} {ours.channel}"
        for name in COUNTS:
            variance = sum(_binomial(getattr(s.figures.steps[number], name), s.people) for s in exact.segments)
            pair = (_mean(getattr(ours, name)), _mean(getattr(theirs, name)))
            yield Comparison(f"{place}: {name.replace('_', ' ')}", *pair, math.sqrt(variance))
        yield _by_interval(f"{place}: cost", ours.cost, theirs.cost)


def _binomial(count: Estimate, people: float) -> float:
    return max(0.0, _mean(count) * (1 - _mean(count) / people))


def _by_interval(figure: str, exact: Estimate, simulated: Estimate) -> Comparison:
    assert simulated.high is not None
    mean = _mean(simulated)
    return Comparison(figure, _mean(exact), mean, (simulated.high - mean) / Z)


def _mean(estimate: Estimate) -> float:
    assert estimate.mean is not None
    return estimate.mean


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=200_000, help="people in each scenario (default: %(default)s)")
    people = parser.parse_args().people
    print("| scenario | chain | figure | exact | SimPy | standard errors apart |")
    print("|---|---|---|---:|---:|---:|")
    worst = 0.0
    for scenario, chain in in_exact_scope():
        for row in compare(scenario, chain, people):
            worst = max(worst, row.distance)
            pair = f"{row.exact:,.6g} | {row.simulated:,.6g}"
            print(f"| {scenario} | {chain} | {row.figure} | {pair} | {row.distance:.2f} |")
    print(f"\nFarthest apart: {worst:.2f} standard errors.")


if __name__ == "__main__":
    main()
