"""Results through the public door: they print, become data frames, draw themselves, and are what engines give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import pytest

mpl.use("Agg")

import matplotlib.pyplot as plt

import cascadesim
from cascadesim.draws.people import draw_people
from cascadesim.engines.simulate import simulate
from cascadesim.model import codec
from tests.reports.pictures.campaigns import NAMES, script

ROOT = Path(__file__).parents[3]
READ = cascadesim.read_text(script(NAMES["long-names"], people=300))
MODEL = READ.model


@pytest.fixture(scope="module")
def outcome() -> cascadesim.Outcome:
    return cascadesim.simulate(MODEL, cascadesim.cases(MODEL))


@pytest.fixture(scope="module")
def answer() -> cascadesim.Answer:
    return cascadesim.optimize(MODEL, MODEL.questions[0])


@pytest.fixture(scope="module")
def plan(answer: cascadesim.Answer) -> cascadesim.Plan:
    return cascadesim.plan_of(answer, MODEL, READ.source_sha256)


@pytest.fixture(scope="module")
def comparison() -> cascadesim.Comparison:
    a, b = (cascadesim.Side(MODEL, case) for case in cascadesim.cases(MODEL))
    return cascadesim.compare(a, b, replications=3)


@pytest.fixture(scope="module")
def rehearsal(plan: cascadesim.Plan) -> cascadesim.Rehearsal:
    return cascadesim.rehearse(plan, draw_people(plan.model, plan.names, 0, {}))


@pytest.fixture(scope="module")
def uncertainty(answer: cascadesim.Answer) -> cascadesim.Uncertainty:
    return cascadesim.uncertainty(MODEL, answer, draws=2)


ALL = ["outcome", "answer", "plan", "comparison", "rehearsal", "uncertainty"]


@pytest.fixture(params=ALL)
def result(request: pytest.FixtureRequest) -> object:
    return request.getfixturevalue(request.param)


def test_the_text_and_the_html_have_the_same_words(result: object) -> None:
    """Both are of the same tables: each figure that the text has is in the HTML."""
    text, html = repr(result), result._repr_html_()  # type: ignore[attr-defined]
    assert len(text.splitlines()) > 3
    assert "object at 0x" not in text
    told = re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.S)
    figures = set(re.findall(r"\d+\.\d+%?", text))
    assert figures <= set(re.findall(r"\d+\.\d+%?", told))


def test_frames_have_a_row_for_everything(
    outcome: cascadesim.Outcome, plan: cascadesim.Plan, comparison: cascadesim.Comparison,
    rehearsal: cascadesim.Rehearsal, answer: cascadesim.Answer,
) -> None:  # fmt: skip
    frame = outcome.to_frame()
    assert len(frame) == 2 * 4
    for chain in outcome.chains:
        assert frame.loc[(chain.chain, "all"), "coverage"] == chain.total.coverage.mean
    assert outcome.steps_frame()["sent"].sum() == pytest.approx(
        2 * sum(step.sent.mean or 0 for chain in outcome.chains for step in chain.total.steps)
    )
    assert len(plan.to_frame()) == sum(len(entry.chain.sends) for entry in plan.segments)
    assert comparison.to_frame().loc[("all", "coverage"), "difference"] == comparison.total["coverage"].difference.mean
    assert len(rehearsal.to_frame()) == sum(rehearsal.messages.values())
    assert list(answer.to_frame()["coverage"]) == [point.coverage for point in answer.frontier]


def test_a_result_is_what_the_engine_gives(outcome: cascadesim.Outcome) -> None:
    plain = simulate(MODEL, cascadesim.cases(MODEL))
    assert outcome.to_json() == plain.to_json()
    assert outcome.chain(plain.chains[0].chain) == plain.chains[0]


def test_a_plan_is_written_and_read_as_before(plan: cascadesim.Plan, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    cascadesim.write_plan(plan, file)
    again = cascadesim.read_plan(file)
    assert again == plan
    assert again.text == plan.text
    assert codec.encode(again)["format"] == "cascadesim-plan/1"


def test_what_cannot_be_meant_is_said_with_what_can(outcome: cascadesim.Outcome, answer: cascadesim.Answer) -> None:
    with pytest.raises(ValueError, match="name the chain: the-chain"):
        outcome.plot.flow()
    with pytest.raises(ValueError, match=r"name a rate: .*opens on"):
        answer.plot.switches("pigeon")


def test_an_analysts_path_in_fifteen_lines(tmp_path: Path) -> None:
    """A script read, a rate changed in Python, two chains compared on the same people, drawn, optimized, exported."""
    people = tmp_path / "people.csv"
    people.write_text("id,viber,phone\n1,+37120000001,+37120000001\n2,,+37120000002\n")

    script = cascadesim.read(ROOT / "scenarios" / "viber-then-sms.cascade")
    viber = script.model.channel("viber")
    rates = tuple(
        replace(r, low=cascadesim.Share(0.5), high=cascadesim.Share(0.5)) if r.verb == "opens" else r
        for r in viber.rates
    )
    channels = tuple(replace(c, rates=rates) if c is viber else c for c in script.model.channels)
    model = replace(script.model, channels=channels)
    one, other = (cascadesim.Side(model, case) for case in cascadesim.cases(model))
    ax = cascadesim.compare(one, other).plot.difference()
    answer = cascadesim.optimize(model, model.questions[0])
    plan = cascadesim.plan_of(answer, model, script.source_sha256)
    cascadesim.write_plan(plan, tmp_path / "plan.json")
    report = cascadesim.export(plan, "8x8", cascadesim.read_contacts(people), tmp_path / "r.jsonl")
    assert ax.get_title(loc="left").endswith("(A)")
    assert answer.status == "proven"
    assert report.requests == 2


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")
