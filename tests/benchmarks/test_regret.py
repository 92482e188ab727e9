"""The calibration of regret works at a size that takes seconds; with `-m full`, at one that tells something."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from cascadesim.optimizer import optimize
from cascadesim.optimizer.uncertainty.contenders import pick_of
from cascadesim.optimizer.uncertainty.worth import Scales
from tests.benchmarks import regret


@pytest.mark.parametrize("name", regret.QUESTIONS)
def test_what_plans_come_to_by_hand_is_what_the_solver_says(name: str) -> None:
    question = regret.QUESTIONS[name]
    rates = np.random.default_rng(3).uniform(0.2, 0.9, (3, len(regret.COSTS)))
    models = [regret.model_of(dict(zip(regret.COSTS, row, strict=True))) for row in rates]
    worth, by_hand = Scales(models[0], question, {}).weigh(models, regret.PICKS), regret.weighed(question, rates)
    assert worth.objective == pytest.approx(by_hand.objective, rel=1e-9)
    assert worth.missed == pytest.approx(by_hand.missed, abs=1e-12)
    assert [pick_of(optimize(m, question)) for m in models] == list(regret.optima_by_hand(models, question))


def test_the_command_prints_and_draws(tmp_path: Path) -> None:
    picture = tmp_path / "regret.png"
    options = ["--truths", "3", "--draws", "5", "--bins", "2", "--plot", str(picture)]
    ran = CliRunner().invoke(regret.main, options, catch_exceptions=False)
    assert [name for name in regret.QUESTIONS if f"{name}, " not in ran.stdout] == []
    assert "regret             forecast" in ran.stdout
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_bins_hold_neighbouring_forecasts() -> None:
    low, high = regret.binned([(4.0, 5.0), (1.0, 0.0), (2.0, 3.0), (3.0, 1.0)], 2)
    assert (low.forecast, low.found, low.number) == (1.5, 1.5, 2)
    assert (high.forecast, high.found, high.error) == (3.5, 3.0, pytest.approx(1.5))


@pytest.mark.full
@pytest.mark.parametrize("name", regret.QUESTIONS)
def test_regret_and_what_measuring_saves_come_as_forecast(name: str) -> None:
    """Within four standard errors over 150 truths."""
    found = regret.cases(regret.QUESTIONS[name], 150, 100)
    for pairs in (regret.regret_pairs(found), regret.saving_pairs(found)):
        told = regret.beside(pairs)
        assert told.found == pytest.approx(told.forecast, abs=4 * told.error)
