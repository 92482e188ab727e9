"""The benchmark of optima is about what it says, and its command works; no test looks at a time."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from cascadesim.language import examine_text
from tests.benchmarks import optimum
from tests.benchmarks.search.market import INSTANCES, Size, script
from tests.benchmarks.search.ours import prove
from tests.benchmarks.search.problem import Problem
from tests.benchmarks.search.sheet import Sheet, markdown
from tests.benchmarks.speed.machine import once

SMALL = Size(4, 3, 3)


@pytest.mark.parametrize("instance", INSTANCES, ids=lambda instance: instance.name)
def test_instances_are_without_a_fault_and_of_sixteen_classes(instance):
    assert [d for d in examine_text(script(instance, Size())).diagnostics if d.severity == "error"] == []
    assert Problem(instance, Size()).board.weight.shape == (8, 2)


def test_an_instance_says_the_same_of_a_channel_whichever_others_there_are():
    small, large = (script(INSTANCES[0], Size(channels)) for channels in (3, 10))
    block = small[small.index("channel viber") : small.index("segment")]
    assert block in large


@pytest.mark.parametrize("instance", INSTANCES[:3], ids=lambda instance: instance.name)
def test_what_is_proven_is_the_best_of_all_plans(instance):
    problem = Problem(instance, SMALL)
    values = np.concatenate([problem.value(problem.many.evaluate(*plans)) for plans in problem.every_plan()])
    proof = prove(problem, 60, once)
    assert len(values) == proof.plans
    assert proof.value == pytest.approx(values.min(), rel=1e-12)
    assert proof.gap == 0 <= proof.root_gap < 1


def test_the_optimum_command_measures_prints_and_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    document = tmp_path / "figures.json"
    ran = CliRunner().invoke(optimum.main, ["--quick", "--json", str(document)])
    assert isinstance(ran.exception, SystemExit | None), ran.exception
    assert ran.exit_code <= 4
    assert "time to proof, worst" in ran.stdout
    written = json.loads(document.read_text(encoding="utf-8"))
    assert [len(written[each.__name__]) for each in optimum.MEASUREMENTS] == [2, 2, 1, 2, 2]


def test_a_sheet_is_a_table_of_markdown():
    assert markdown(Sheet("T", ("a", "b"), (("x", "1"),))).splitlines()[2:5] == [
        "| a | b |",
        "| --- | ---: |",
        "| x | 1 |",
    ]
