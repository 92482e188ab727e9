"""Every chain of every shipped scenario, with few people: the rehearsal's records are the engine's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cascadesim.contacts import load_segments
from cascadesim.draws.people import draw_people
from cascadesim.language import read
from cascadesim.model.model import Model
from cascadesim.model.segment import Arrivals, Headcount, Segment
from cascadesim.plan import chosen_plan
from cascadesim.rehearsal import rehearse
from cascadesim.units import HOUR, Duration

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FEW = 60


def _with_few_people(model: Model) -> Model:
    def smaller(segment: Segment) -> Segment:
        if isinstance(segment.people, Headcount):
            return replace(segment, people=Headcount(min(FEW, segment.people.count)))
        if isinstance(segment.people, Arrivals):
            return replace(segment, people=Arrivals(FEW // 4, Duration(HOUR), Duration(5 * HOUR)))
        return segment

    # So few people would never queue where thousands do: limits shrink with them.
    channels = tuple(
        replace(c, throughput=c.throughput and replace(c.throughput, count=3, per=Duration(HOUR // 20)))
        for c in model.channels
    )
    return replace(model, segments=tuple(map(smaller, model.segments)), channels=channels)


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.cascade")), ids=lambda path: path.stem)
def test_a_shipped_scenario_is_rehearsed_as_it_is_simulated(path: Path, simulate):
    model = _with_few_people(read(path).model)
    contacts = {name: some[:FEW] for name, some in load_segments(model, SCENARIOS).items()}
    assert model.chains
    for chain in model.chains:
        plan = chosen_plan(model, chain, "0" * 64)
        people = draw_people(model, plan.names, 0, contacts)
        records = rehearse(plan, people).records()
        assert records
        assert records == simulate(plan, people)
