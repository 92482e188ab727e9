"""Every scenario that ships reads without a fault, says where its numbers come from, and runs."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from cascadesim.contacts import load_segments
from cascadesim.engines.case import cases
from cascadesim.engines.simulate import simulate
from cascadesim.language.script import examine, read
from cascadesim.model.codec import decode, encode
from cascadesim.model.model import Model
from cascadesim.model.segment import Arrivals, Headcount, Segment
from cascadesim.units import HOUR, Duration

SCENARIOS = Path(__file__).parents[2] / "scenarios"
ALL = sorted(SCENARIOS.glob("*.cascade"))
SHARED = sorted((SCENARIOS / "shared").glob("*.cascade"))

# Lines that state a fact about the world, in channels, segments and tables; the rest are the campaign's choices.
FACT = re.compile(
    r"^\s+(reaches|delivers|opens|answers|clicks|replies|converts|unsubscribes|resend|lasts|costs|sends|kinds|people"
    r"|1 [A-Z]{3} is|\w+(\s+(\d+%|-)){2,})\b"
)
SOURCE = re.compile(
    r"ASSUMED|XCampaign|GetResponse|Batch|SendPulse|Dynmark|Burst SMS|KPN|Ofcom|20(24|25|26)|monthly minimum|made by"
)


def name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", ALL + SHARED, ids=name)
def test_reads_without_a_fault(path: Path) -> None:
    assert [str(d) for d in examine(path).diagnostics] == []


@pytest.mark.parametrize("path", ALL + SHARED, ids=name)
def test_every_number_has_its_source(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    facts = [line for line in lines if FACT.match(line) and re.search(r"\d|from", line)]
    assert facts
    assert [line for line in facts if not SOURCE.search(line.partition("#")[2])] == []


@pytest.mark.parametrize("path", ALL, ids=name)
def test_the_model_survives_json(path: Path) -> None:
    model = read(path).model
    assert decode(Model, json.loads(json.dumps(encode(model)))) == model


@pytest.mark.parametrize("path", ALL, ids=name)
def test_is_a_campaign_of_2027_with_a_question(path: Path) -> None:
    model = read(path).model
    assert model.scenario.starts is not None
    assert model.scenario.starts.year == 2027
    assert len(model.questions) == 1
    assert set(model.questions[0].compare) == {c.name for c in model.chains}


@pytest.mark.parametrize("path", ALL, ids=name)
def test_simulates(path: Path) -> None:
    """A few hundred people: everything is sent, nobody is covered by nothing, and money is spent."""
    script = read(path)
    contacts = {s: people[:300] for s, people in load_segments(script.model, script.base).items()}
    model = replace(script.model, segments=tuple(smaller(s) for s in script.model.segments))
    outcome = simulate(model, cases(model), engine="simpy", contacts=contacts)
    for chain in outcome.chains:
        total = chain.total
        assert 0 < (total.coverage.mean or 0) < 1
        assert (total.cost.mean or 0) > 0
        assert all((step.sent.mean or 0) >= (step.opened.mean or 0) for step in total.steps)
        assert sum(step.sent.mean or 0 for step in total.steps) > 0
        assert {s.segment for s in chain.segments} == {s.name for s in model.segments}


def smaller(segment: Segment) -> Segment:
    if isinstance(segment.people, Arrivals):
        return replace(segment, people=replace(segment.people, count=20, lasting=Duration(12 * HOUR)))
    return replace(segment, people=Headcount(300)) if isinstance(segment.people, Headcount) else segment
