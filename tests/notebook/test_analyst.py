"""An analyst's path, as one would type it: 15 lines from a script to the vendor's requests."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import cascadesim

SCENARIOS = Path(__file__).parents[2] / "scenarios"

TYPED = """\
import cascadesim

script = cascadesim.read("viber-then-sms.cascade")
model = cascadesim.with_rate(script.model, "sms", "opens", "60%")
with_viber, sms_only = (cascadesim.Side(model, case) for case in cascadesim.cases(model))
difference = cascadesim.compare(sms_only, with_viber)
difference.plot.difference("cost_per_person").figure.savefig("difference.png")
answer = cascadesim.optimize(model, model.questions[0])
answer.plot.frontier().figure.savefig("frontier.png")
cascadesim.write_script(model, "changed.cascade")
changed = cascadesim.read("changed.cascade")
plan = cascadesim.plan_of(answer, changed.model, changed.source_sha256)
cascadesim.write_plan(plan, "plan.json")
report = cascadesim.export(plan, "8x8", cascadesim.read_contacts("people.csv"), "requests.jsonl")
"""
PEOPLE = "id,phone\np1,+37120000001\np2,+37120000002\n"


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What is there after the lines have run, in a folder with the scenario and two people."""
    shutil.copy(SCENARIOS / "viber-then-sms.cascade", tmp_path)
    (tmp_path / "people.csv").write_text(PEOPLE, "utf-8")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(compile(TYPED, "typed", "exec"), names)
    return names


def test_fifteen_lines_from_a_script_to_the_vendors_requests(typed: dict[str, Any], tmp_path: Path) -> None:
    assert len(TYPED.splitlines()) <= 15
    asis = typed["script"].model
    assert typed["answer"].total.coverage > cascadesim.optimize(asis, asis.questions[0]).total.coverage + 0.05
    assert typed["changed"].model.channel("sms").rate("opens").share == 0.6
    assert typed["difference"].total["coverage"].difference.mean > 0
    assert len((tmp_path / "difference.png").read_bytes()) > 5_000
    requests = [json.loads(line) for line in (tmp_path / "requests.jsonl").read_text("utf-8").splitlines()]
    assert [len(request["body"]["channels"]) for request in requests] == [2, 2]
