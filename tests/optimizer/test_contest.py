"""Plans against each other on simulated people, where queues make the closed form's best plan a bad one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from cascadesim.engines.simulate import simulate
from cascadesim.model.channel import Channel, Price, Throughput
from cascadesim.model.model import Model, Scenario
from cascadesim.model.question import Keep, Objective, Question
from cascadesim.model.rates import Delay, Rate
from cascadesim.model.segment import Headcount, Segment
from cascadesim.optimizer import Answer, Step, optimize
from cascadesim.optimizer.contest import Contest, _Referee, compete, verdict
from cascadesim.optimizer.limits import limits_of, objective_ratio
from cascadesim.optimizer.quantities import COST, COVERED, PEOPLE
from cascadesim.optimizer.selection import FIRST, Selection, select
from cascadesim.optimizer.shortlist import Listed
from cascadesim.optimizer.trials import Counted, case_of
from cascadesim.units import DAY, HOUR, MINUTE, Duration, Money, Share

SLOW = Throughput(10, Duration(MINUTE))
ALL = Segment("all", Headcount(2000))
WITHIN = Duration(2 * HOUR)


def euro(text: str) -> Money:
    return Money.parse(f"{text} EUR")


def channel(name: str, opens: float, cost: str, **settings) -> Channel:
    """Reaches everybody, delivers at once; opened after 20 minutes."""
    late = Delay("fixed", ((Share(1), Duration(20 * MINUTE)),))
    rates = (Rate("opens", Share(opens), Share(opens), delay=late),)
    return Channel(name, rates=rates, costs=(Price(euro(cost), "message sent"),), **settings)


PUSH = channel("push", 0.40, "0.001", throughput=SLOW)
SMS = channel("sms", 0.35, "0.04")
EMAIL = channel("email", 0.20, "0.002")
MODEL = Model(Scenario(horizon=Duration(3 * DAY), seed=11), (PUSH, SMS, EMAIL), (ALL,))


def question_of(goal: str, *keeps: Keep, **more) -> Question:
    settings = {"channels": ("push", "sms", "email"), "max_steps": 1, "within": WITHIN} | more
    return Question(Objective(goal, more.pop("value", None)), keeps=keeps, **settings)


def names(answer: Answer) -> list[str]:
    return [step.channel for step in answer.plans["all"][0].steps]


def coverage_keep(share: float) -> Keep:
    return Keep("coverage", "at least", Share(share))


def long_coverage(model: Model, question: Question, steps: tuple[Step, ...]) -> float:
    asked = replace(model, questions=(question,))
    outcome = simulate(asked, [case_of(question, {"all": steps})], engine="compiled", replications=60)
    mean = outcome.chains[0].total.coverage.mean
    assert mean is not None
    return mean


def test_a_queue_makes_the_forecast_best_plan_lose() -> None:
    """Ten a minute: of 2,000 people 1,000 get their push in time to open it within 2 h, so 20% are covered, not 40%."""
    question = question_of("coverage")
    answer = optimize(MODEL, question)
    contest = answer.contest
    assert contest is not None
    assert [c.steps["all"][0].channel for c in contest.contenders] == ["push", "sms", "email"]
    assert contest.contenders[0].forecast == pytest.approx(0.40)
    assert contest.contenders[0].found.mean == pytest.approx(0.20, abs=0.01)
    assert (contest.winner, contest.chosen, contest.survivors) == (1, 1, (1,))
    assert names(answer) == ["sms"]
    assert long_coverage(MODEL, question, (Step("sms"),)) > long_coverage(MODEL, question, (Step("push"),)) + 0.1
    assert contest.statement == (
        f"Within 0.2 percentage points (0.5% of the best forecast) of the best of these 3 plans, with 95% confidence; "
        f"on simulated people, in {contest.replications} replications."
    )


def test_the_answer_s_figures_stay_the_closed_form_s_and_prove_nothing() -> None:
    answer = optimize(MODEL, question_of("coverage"))
    assert (answer.status, answer.bound, answer.gap) == ("gap", None, None)
    assert answer.objective_value == pytest.approx(0.35)
    assert answer.total.coverage == pytest.approx(0.35)


def test_the_winner_is_within_delta_of_the_best_by_brute_force() -> None:
    """Two steps of three channels: every plan on the list simulated at length."""
    question = question_of("coverage", max_steps=2, waits=(Duration(10 * MINUTE), Duration(HOUR)))
    contest = optimize(MODEL, question).contest
    assert contest is not None
    assert len(contest.contenders) == 12
    truth = [long_coverage(MODEL, question, c.steps["all"]) for c in contest.contenders]
    assert truth[0] < max(truth) - 0.02  # the closed form's first is not the best
    assert contest.winner is not None
    error = 3 * (0.25 / 2000 / 60) ** 0.5
    assert truth[contest.winner] >= max(truth) - contest.delta - error


def test_without_limits_there_is_no_contest() -> None:
    free = replace(MODEL, channels=(replace(PUSH, throughput=None), SMS, EMAIL))
    answer = optimize(free, question_of("coverage"))
    assert (answer.contest, answer.status) == (None, "proven")


def test_a_plan_that_breaks_a_limit_for_sure_is_ruled_out() -> None:
    """Push is cheapest and forecast to cover 40%; it gets to 20%."""
    answer = optimize(MODEL, question_of("cost per person", coverage_keep(0.3)))
    contest = answer.contest
    assert contest is not None
    assert names(answer) == ["sms"]
    (broken,) = contest.contenders[0].broken
    assert broken.startswith("coverage comes to 19.9")
    assert broken.endswith("the script asks for at least 30%")
    assert contest.contenders[1].broken == contest.contenders[1].unsure == ()
    assert "of these 2 plans that keep the limits" in contest.statement


def test_a_limit_at_its_bound_is_said_to_be_unsure() -> None:
    answer = optimize(MODEL, question_of("cost per person", coverage_keep(0.35)))
    assert answer.contest is not None
    assert names(answer) == ["sms"]
    assert answer.contest.chosen is not None
    (unsure,) = answer.contest.contenders[answer.contest.chosen].unsure
    assert unsure.startswith("coverage comes to 3")


def test_where_all_break_a_limit_the_forecast_s_best_stays_and_that_is_said() -> None:
    slow = replace(MODEL, channels=(PUSH, replace(SMS, throughput=SLOW), EMAIL))
    answer = optimize(slow, question_of("cost per person", coverage_keep(0.3)))
    contest = answer.contest
    assert contest is not None
    assert (contest.winner, contest.chosen, contest.survivors) == (None, None, ())
    assert names(answer) == ["push"]
    assert contest.statement == "On simulated people each of these 2 plans breaks a limit or has no value."


def test_replications_used_up_the_contest_is_undecided() -> None:
    """Two channels that are the same but for their names and their luck."""
    twin = replace(SMS, name="twin")
    model = replace(MODEL, channels=(SMS, twin), segments=(Segment("all", Headcount(50)),))
    question = question_of("coverage", channels=("sms", "twin"))
    listed = [Listed((k,), -0.35, {"all": (Step(name),)}, 50.0) for k, name in enumerate(("sms", "twin"))]
    contest = compete(model, question, {}, listed, objective_ratio(model, question.objective, ("all",)), (), most=25)
    assert contest is not None
    assert contest.winner is None
    assert contest.survivors == (0, 1)
    means = [c.found.mean for c in contest.contenders]
    assert contest.chosen == means.index(max(means))
    assert contest.statement == (
        "Not decided in 25 replications on simulated people: 2 of these 2 plans remain."
    )  # fmt: skip


def test_too_many_people_to_be_run_often_enough_are_not_simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cascadesim.optimizer.contest.MOST_PEOPLE", 2 * FIRST * 2000)
    contest = optimize(MODEL, question_of("coverage")).contest
    assert contest is not None
    assert len(contest.contenders) == 2  # sms and push; email is left out
    monkeypatch.setattr("cascadesim.optimizer.contest.MOST_PEOPLE", 2 * FIRST * 2000 - 1)
    assert optimize(MODEL, question_of("coverage")).contest is None


class Told:
    """Trials that were written down: each plan's cost and coverage of 100 people, replication by replication."""

    def __init__(self, *plans: Sequence[tuple[float, float]]) -> None:
        self._plans = plans

    def of(self, plan: int, replication: int) -> Counted:
        rows = self._plans[plan]
        cost, covered = rows[replication % len(rows)]
        return Counted({("all", PEOPLE): 100.0, ("all", COST): cost, ("all", COVERED): covered}, 0.0)

    def first(self, plan: int, count: int) -> list[Counted]:
        return [self.of(plan, replication) for replication in range(count)]


def judged(monkeypatch: pytest.MonkeyPatch, *keeps: Keep, plans: Told) -> tuple[Contest, list[dict[str, Any]]]:
    """A contest of three plans that were written down, and how it asked for selections."""
    asked: list[dict[str, Any]] = []

    def spy(systems: Sequence[int], *args: Any, **settings: Any) -> Selection:
        asked.append({"systems": list(systems), **settings})
        return select(systems, *args, **settings)

    monkeypatch.setattr("cascadesim.optimizer.contest.select", spy)
    question = question_of("cost per person", *keeps)
    listed = [Listed((k,), 1.0 + k, {"all": (Step(name),)}, 100.0) for k, name in enumerate("abc")]
    objective, limits = objective_ratio(MODEL, question.objective, ("all",)), limits_of(MODEL, question, ("all",))
    return _Referee(MODEL, question, plans, listed, objective, limits, 200).run(), asked


def test_the_one_selected_is_tested_again_and_its_victims_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plan 0 is cheapest; that it covers under 50% shows only over all replications, when plan 2 is out already."""
    unclear = [(10.0, 50.0 + 9 * (-1) ** r) for r in range(FIRST)]
    cheap = [*unclear, *((10.0, 30.0) for _ in range(180))]
    noisy = [(16.0 + 6 * (-1) ** r, 60.0) for r in range(200)]  # what keeps plan 0 from winning at once
    sound = [(14.0 + 0.1 * (-1) ** r, 60.0) for r in range(200)]
    contest, asked = judged(monkeypatch, coverage_keep(0.5), plans=Told(cheap, noisy, sound))
    assert [a["systems"] for a in asked] == [[0, 1, 2], [1, 2]]
    assert contest.contenders[0].broken
    assert contest.contenders[0].replications > FIRST
    assert contest.chosen == contest.winner == 2
    assert contest.contenders[2].replications > FIRST


def test_who_breaks_a_limit_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans 0 and 1 would take long to part, but neither covers enough: only plan 2 is looked at further."""
    noisy = [[(10.0 + sign * (-1) ** r, 30.0) for r in range(2)] for sign in (1, -1)]
    contest, asked = judged(monkeypatch, coverage_keep(0.5), plans=Told(*noisy, [(20.0, 60.0)]))
    assert contest.chosen == 2
    assert [c.replications for c in contest.contenders] == [FIRST] * 3
    assert [a["systems"] for a in asked] == [[2]]


def test_limits_and_selection_share_the_chance_of_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """And whoever is ruled out still counts as a rival: the selections are from one list."""
    plans = Told([(10.0, 30.0)], [(11.0, 60.0)], [(12.0, 60.0)])
    for keeps, alpha in (((), 0.05), ((coverage_keep(0.5),), 0.025)):
        _, asked = judged(monkeypatch, *keeps, plans=plans)
        assert {(a["alpha"], a["rivals"]) for a in asked} == {(alpha, 2)}


@pytest.mark.parametrize(
    ("covered", "said"), [((60, 62), "kept"), ((40, 42), "broken"), ((49, 51.5), "unsure"), ((50, 50), "kept")]
)
def test_verdicts_on_a_limit(covered: tuple[float, float], said: str) -> None:
    (limit,) = limits_of(MODEL, question_of("cost per person", coverage_keep(0.5)), ("all",))
    counted = Told([(1.0, covered[0]), (1.0, covered[1])]).first(0, FIRST)
    assert verdict(limit, counted, 0.0125) == said
