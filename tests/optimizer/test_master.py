"""The joint choice over candidates with fees and minimums, against trying every combination."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from cascadesim.model.prices import CampaignFee
from cascadesim.optimizer.candidates import Candidates
from cascadesim.optimizer.master import Master
from cascadesim.optimizer.quantities import COST, COVERED, PEOPLE, Form, Quantity, Ratio
from cascadesim.optimizer.space import Step

CHANNELS = ("call", "sms", "viber")
CHARGED = {"call": CampaignFee(fee=3), "sms": CampaignFee(at_least=9), "viber": CampaignFee(fee=1, at_least=6)}
QUANTITIES = (PEOPLE, COVERED, COST, *(Quantity("cost", c) for c in CHANNELS))
OVER = frozenset({"loyal", "new"})
TOTAL_COST = Form({COST: 1.0}, OVER, fees=1.0)
ALL_COVERED = Form({COVERED: 1.0}, OVER)
EVERYBODY = Form({PEOPLE: 1.0}, OVER)


def random_candidates(rng: np.random.Generator, segment: str, free: bool) -> Candidates:
    """A dozen plans on some of three charged channels and email, which charges nothing."""
    plans, rows = [], []
    for _ in range(12):
        used = [c for c in CHANNELS if rng.random() < 0.45]
        spent = {c: float(rng.integers(1, 7)) for c in used}
        email = 0.0 if free else float(rng.integers(0, 5))
        plans.append(tuple(map(Step, [*used, "email"])))
        covered = float(rng.integers(0, 30))
        rows.append([10.0, covered, email + sum(spent.values()), *(spent.get(c, 0.0) for c in CHANNELS)])
    return Candidates(segment, 10.0, tuple(plans), QUANTITIES, np.array(rows), 12, True)


def paid(candidates: list[Candidates], picks: tuple[int, ...]) -> float:
    """What everything costs: messages, and for a channel used its fee, or its minimum if that is more (S13)."""
    rows = [c.table[k] for c, k in zip(candidates, picks, strict=True)]
    used = {s.channel for c, k in zip(candidates, picks, strict=True) for s in c.plans[k]}
    total = 0.0
    for channel in CHANNELS:
        spent = sum(row[QUANTITIES.index(Quantity("cost", channel))] for row in rows)
        fee = CHARGED[channel]
        total += sum(row[2] for row in rows) if channel == "call" else 0.0
        total += max(spent + fee.fee, fee.at_least) - spent if channel in used else 0.0
    return total


RATIOS = {
    "cost per person": Ratio(TOTAL_COST, EVERYBODY),
    "coverage": Ratio(ALL_COVERED, EVERYBODY).negated(),
    "cost per covered": Ratio(TOTAL_COST, ALL_COVERED),
    "profit": Ratio(TOTAL_COST.plus(-0.7, ALL_COVERED)),
    "most cost": Ratio(TOTAL_COST, EVERYBODY).negated(),
}


@pytest.mark.parametrize("goal", RATIOS)
def test_the_choice_is_that_of_trying_all(goal):
    kept = 0
    for number in range(60):
        rng = np.random.default_rng(number)
        candidates = [random_candidates(rng, name, free=number % 5 == 0) for name in ("loyal", "new")]
        budget = float(rng.integers(5, 30))
        floor = float(rng.integers(0, 40))
        rows = [
            (TOTAL_COST.plus(-budget, Form(constant=1.0)), number % 2 == 0),
            (Form(constant=floor).plus(-1.0, ALL_COVERED), False),
        ]
        values = {}
        for picks in itertools.product(range(12), repeat=2):
            covered = sum(c.table[k, 1] for c, k in zip(candidates, picks, strict=True))
            cost = paid(candidates, picks)
            if (cost < budget or (cost == budget and number % 2)) and covered >= floor:
                values[picks] = {
                    "cost per person": cost / 20,
                    "coverage": -covered / 20,
                    "cost per covered": cost / covered if covered else math.inf,
                    "profit": cost - 0.7 * covered,
                    "most cost": -cost / 20,
                }[goal]
        found = Master(candidates, CHARGED).best(RATIOS[goal], rows)
        assert (found is None) == (not values), number
        if found is not None:
            kept += 1
            assert found.value == pytest.approx(min(values.values()), abs=1e-9), number
            assert values[found.picks] == pytest.approx(found.value, abs=1e-9), number
    assert kept >= 20


def test_totals_count_a_fee_once():
    rng = np.random.default_rng(3)
    candidates = [random_candidates(rng, name, free=False) for name in ("loyal", "new")]
    master = Master(candidates, CHARGED)
    for picks in itertools.product(range(12), repeat=2):
        assert master.total(TOTAL_COST, picks) == pytest.approx(paid(candidates, picks))
