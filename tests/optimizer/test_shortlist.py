"""The choices that go into a contest, against trying every change of one segment's plan."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from cascadesim.model.channel import Channel
from cascadesim.model.model import Model, Scenario
from cascadesim.model.question import Keep, Objective, Question
from cascadesim.model.segment import Headcount, Segment
from cascadesim.optimizer.candidates import Candidates
from cascadesim.optimizer.limits import limits_of, objective_ratio
from cascadesim.optimizer.master import Master
from cascadesim.optimizer.quantities import COST, COVERED, PEOPLE
from cascadesim.optimizer.shortlist import short_list
from cascadesim.optimizer.space import Step
from cascadesim.units import Share

MODEL = Model(Scenario(), (Channel("sms"),), tuple(Segment(name, Headcount(10)) for name in ("loyal", "new")))
HALF = Question(Objective("coverage per cost"), ("sms",), keeps=(Keep("coverage", "at least", Share(0.5)),))


def random_candidates(rng: np.random.Generator, segment: str) -> Candidates:
    rows = [[10.0, float(rng.integers(0, 11)), float(rng.integers(1, 60))] for _ in range(15)]
    plans = tuple((Step(f"{segment}{k}"),) for k in range(15))
    return Candidates(segment, 10.0, plans, (PEOPLE, COVERED, COST), np.array(rows), 15, True)


@pytest.mark.parametrize("segments", [("loyal",), ("loyal", "new")])
def test_it_is_the_choice_and_the_best_changes_of_one_plan(segments: tuple[str, ...]) -> None:
    objective, limits = objective_ratio(MODEL, HALF.objective, segments), limits_of(MODEL, HALF, segments)
    for number in range(30):
        rng = np.random.default_rng(number)
        candidates = [random_candidates(rng, name) for name in segments]
        master = Master(candidates, {})
        choice = master.best(objective, [limit.row for limit in limits])
        assert choice is not None
        listed = short_list(master, candidates, choice, objective, limits, longest=6)

        worth = {}
        for picks in itertools.product(range(15), repeat=len(segments)):
            covered = sum(c.table[k, 1] for c, k in zip(candidates, picks, strict=True))
            cost = sum(c.table[k, 2] for c, k in zip(candidates, picks, strict=True))
            changed = sum(a != b for a, b in zip(picks, choice.picks, strict=True))
            if covered >= 5 * len(segments) and changed == 1:
                worth[picks] = cost / covered
        assert listed[0].picks == choice.picks
        assert [plan.value for plan in listed[1:]] == pytest.approx(sorted(worth.values())[:5], rel=1e-12)
        assert all(plan.value == pytest.approx(worth[plan.picks]) for plan in listed[1:])
        assert len({plan.picks for plan in listed}) == len(listed)
        for plan in listed:
            assert plan.steps == {c.segment: c.plans[k] for c, k in zip(candidates, plan.picks, strict=True)}
            assert plan.people == 10 * len(segments)


def test_where_nothing_else_keeps_the_limits_it_is_the_choice_alone() -> None:
    rows = np.array([[10.0, 3.0, 1.0], [10.0, 6.0, 9.0]])
    few = Candidates("loyal", 10.0, ((Step("a"),), (Step("b"),)), (PEOPLE, COVERED, COST), rows, 2, True)
    objective, limits = objective_ratio(MODEL, HALF.objective, ("loyal",)), limits_of(MODEL, HALF, ("loyal",))
    master = Master([few], {})
    choice = master.best(objective, [limit.row for limit in limits])
    assert choice is not None
    assert [plan.picks for plan in short_list(master, [few], choice, objective, limits)] == [(1,)]
