"""Every shipped scenario: the rehearsal's records are the engine's, with rows in memory and on a disk."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
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
from tests.rehearsal.disk import on_disk

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED = sorted(SCENARIOS.glob("*.cascade"))
FEW, FIRST = 60, 2_000


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


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
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


def _on_a_disk(path: Path, number: int, first: int | None, folder: Path, simulate) -> None:
    model = read(path).model
    plan = chosen_plan(model, model.chains[number], "0" * 64)
    people = draw_people(model, plan.names, 0, load_segments(model, SCENARIOS))
    people = sorted(people, key=lambda person: person.place)[:first]
    with on_disk(folder, plan) as store:  # batches of 50, every receipt on its own
        rehearsal = rehearse(plan, people, store=store, batch=50)
    with on_disk(folder, plan) as again:
        records = replace(rehearsal, store=again).records()
        assert again.next_due() is None
    assert records
    assert records == simulate(plan, people)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_first_people_of_a_shipped_scenario_on_a_disk(path: Path, tmp_path: Path, simulate):
    _on_a_disk(path, 0, FIRST, tmp_path, simulate)


@pytest.mark.full
@pytest.mark.parametrize(("path", "number"), list(product(SHIPPED, (0, 1))), ids=str)
def test_a_shipped_scenario_in_full_on_a_disk(path: Path, number: int, tmp_path: Path, simulate):
    _on_a_disk(path, number, None, tmp_path, simulate)
