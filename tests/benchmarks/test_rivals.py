"""The searches that are compared are treated as it is said, and the command works; no test looks at a time."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from tests.benchmarks import rivals
from tests.benchmarks.search import race
from tests.benchmarks.search.log import Log
from tests.benchmarks.search.market import INSTANCES, Size
from tests.benchmarks.search.ours import by_levels
from tests.benchmarks.search.plans import Encoding, Vectors, greedy
from tests.benchmarks.search.problem import Problem
from tests.benchmarks.search.truth import least_costs, truth

SMALL = Size(4, 3, 3)


def at_random(log: Log, start: Vectors, seed: int, both: bool) -> None:
    """A searcher that needs no package."""
    encoding, draw = Encoding(log.problem.size), np.random.default_rng(seed)
    log.evaluate(encoding.plans(start))
    while log.left > 0:
        log.evaluate(encoding.plans(draw.integers(0, encoding.highest + 1, size=(50, len(encoding.highest)))))


def test_levels_are_reached_by_the_plans_that_they_were_made_of_and_not_by_others():
    problem = Problem(INSTANCES[0], SMALL)
    known = truth(problem)
    parts = [problem.many.evaluate(*plans) for plans in problem.every_plan()]
    covered, costs = (np.concatenate([getattr(p, n) for p in parts]) for n in ("covered", "costs"))
    assert known.share(covered, costs / 1e9) == 1.0
    assert known.share(covered, costs / 1e9 * 1.02) == known.share(covered[:0], costs[:0]) == 0.0
    brute = [costs[covered >= level - 1e-12].min() / 1e9 for level in known.levels]
    assert known.costs == pytest.approx(brute, rel=1e-12)


def test_our_frontier_is_the_true_one():
    """Within two in a thousand, as what is cheaper by one is not looked for, and up to the last corner but no further:
    the very most coverage may cost more than any price of a miss that is looked at."""
    problem = Problem(INSTANCES[0], SMALL)
    known, (_, covered, costs) = truth(problem), by_levels(problem, 60)
    assert known.share(covered, costs) >= 0.99
    assert least_costs(known.levels[:-1], covered, costs) == pytest.approx(known.costs[:-1], rel=2e-3)


def test_any_vector_is_a_plan_and_the_same_one_when_repaired():
    encoding = Encoding(Size(4, 3, 4))
    vectors = np.random.default_rng(1).integers(0, encoding.highest + 1, size=(300, 7))
    channels, waits = encoding.plans(vectors)
    for vector, row, pauses in zip(vectors.tolist(), channels.tolist(), waits.tolist(), strict=True):
        slots = [(c, w) for c, w in zip(vector[0::2], [*vector[1::2], 0], strict=True) if c < 4]
        kept = [(c, w) for place, (c, w) in enumerate(slots) if c not in [other for other, _ in slots[:place]]]
        assert row == [c for c, _ in kept] + [-1] * (4 - len(kept))
        assert pauses[: len(kept) - 1] == [w for _, w in kept[:-1]]
        one_channels, one_waits = encoding.plan(vector)
        assert one_channels[0].tolist() == row
        assert one_waits[0, : len(kept) - 1].tolist() == pauses[: len(kept) - 1]
    repaired = encoding.repaired(vectors)
    assert np.array_equal(repaired, encoding.repaired(repaired))
    assert all(np.array_equal(a, b) for a, b in zip(encoding.plans(repaired), (channels, waits), strict=True))


def test_the_greedy_plan_gets_better_with_each_step():
    problem = Problem(INSTANCES[1], SMALL)
    values = problem.value(problem.many.evaluate(*greedy(problem)))
    assert len(values) > 1
    assert np.all(np.diff(values) < 0)


def test_what_comes_too_late_does_not_count():
    problem = Problem(INSTANCES[0], SMALL)
    log = Log(problem, 1000.0)
    log.evaluate(greedy(problem))
    assert log.plans() > 0
    log.seconds = 0.0
    assert log.plans() == 0
    assert log.best_by(np.array([0.0, 1.0])).tolist() == [np.inf, np.inf]


def test_the_rivals_command_measures_prints_writes_and_draws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rivals, "searchers", lambda: ({"at random": at_random}, {"at random": at_random}))
    monkeypatch.setattr(rivals, "_QUICK", race.Rules(INSTANCES[:2], SMALL, 0.05, 2))
    document, picture = tmp_path / "runs.json", tmp_path / "runs.png"
    ran = CliRunner().invoke(
        rivals.main, ["--quick", "--markdown", "--json", str(document), "--plot", str(picture)], catch_exceptions=False
    )
    assert ran.exit_code == 0
    assert "| cascadesim |" in ran.stdout
    assert picture.read_bytes().startswith(b"\x89PNG")
    written = json.loads(document.read_text(encoding="utf-8"))
    assert [len(written[part]) for part in ("proofs", "optimum", "frontier")] == [4, 6, 10]
    assert all(run["result"] >= 0 for run in written["optimum"])


def test_rivals_that_are_installed_run_and_others_are_asked_for():
    ran = CliRunner().invoke(rivals.main, ["--quick"])
    if all(importlib.util.find_spec(name) for name in ("optuna", "pymoo")):
        assert ran.exit_code == 0, ran.output
        assert "pymoo NSGA-II" in ran.stdout
    else:
        assert ran.exit_code == 2
        assert "pip install -e '.[benchmarks]'" in ran.output
