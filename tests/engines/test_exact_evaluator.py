"""Plans evaluated step by step: the same figures as whole chains, and the laws that a search relies on."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascadesim.engines.exact import Evaluator, Prefix, Step, evaluate
from cascadesim.model.chain import Event, Route
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model
from cascadesim.model.segment import Both, Headcount, Kind, Segment
from cascadesim.units import DAY, HOUR, MINUTE, Share
from tests.engines.exact_models import chain, curve, half, model, opened, price, rate, send, us

NAMES = ("call", "push", "sms", "viber")
WAITS = (None, "20 min", "2 h", "3 days", "8 days")


def campaign() -> Model:
    kinds = (Kind("eager", Share(0.3), 1.4), Kind("usual", None, None))
    segment = Segment("all", Headcount(1000), kinds=kinds, both=(Both("sms", "viber", Share(0.5)),))
    delays = (half("15 s"), half("6 min", "5 h"), half("12 min", "6 h"), curve((0.5, "4 min"), (1.0, "2 h")))
    channels = [
        Channel(
            name,
            rates=(
                rate("reaches", 0.5 + 0.1 * place),
                rate("delivers", 0.9, half("30 s", "20 min") if name == "sms" else None),
                rate("answers" if name == "call" else "opens", 0.2 + 0.1 * place, delay),
            ),
            costs=(price("0.02 EUR", "message sent"), price("0.01 EUR", "message opened")),
            reports=("delivered",) if name == "push" else None,
        )
        for place, (name, delay) in enumerate(zip(NAMES, delays, strict=True))
    ]
    return model(*channels, segments=(segment,), within="1 day")


CAMPAIGN = campaign()
EVALUATORS = {
    "stops cover": Evaluator(CAMPAIGN, "all", (opened(),), DAY, (opened(),)),
    "stops elsewhere": Evaluator(CAMPAIGN, "all", (opened(),), DAY, (Event("delivered", "viber"), opened("sms"))),
}
Drawn = tuple[str, str | None, str | None]
STEPS = st.tuples(st.sampled_from(NAMES), st.sampled_from(WAITS), st.sampled_from((None, "10 min")))


def planned(evaluator: Evaluator, steps: list[Drawn]) -> Prefix:
    plan = evaluator.root()
    for channel, wait, early in steps:
        plan = plan.then(channel, None if wait is None else us(wait), None if early is None else us(early))
    return plan


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.sampled_from(sorted(EVALUATORS)), st.lists(STEPS, max_size=4), STEPS)
def test_one_more_step_takes_nothing_away(name: str, steps: list[Drawn], last: tuple[str, str, str]) -> None:
    """More steps: not less coverage, messages or cost; and nobody's first open comes later."""
    before = planned(EVALUATORS[name], steps)
    after = planned(EVALUATORS[name], [*steps, last])
    assert after.covered >= before.covered - 1e-12
    assert after.messages >= before.messages
    assert after.cost >= before.cost
    assert after.last_messages <= 1.0 + 1e-12
    for time in (MINUTE, HOUR, DAY, 7 * DAY):
        assert after.measures().opened_by(time) >= before.measures().opened_by(time) - 1e-12
    assert after.measures().restricted_time <= before.measures().restricted_time * (1 + 1e-9)


@settings(derandomize=True, max_examples=15, deadline=None)
@given(st.sampled_from(sorted(EVALUATORS)), st.lists(STEPS, min_size=1, max_size=4))
def test_openings_grow_with_time(name: str, steps: list[Drawn]) -> None:
    measures = planned(EVALUATORS[name], steps).measures()
    times = [0, 1, MINUTE, 20 * MINUTE, 20 * MINUTE + 1, HOUR, DAY, 7 * DAY, 100 * DAY]
    opened_by = [measures.opened_by(time) for time in times]
    assert opened_by == pytest.approx(sorted(opened_by), abs=1e-12)
    assert opened_by[0] == 0.0
    assert opened_by[-1] == opened_by[-2]
    assert measures.opened_by(DAY) == measures.covered


@settings(derandomize=True, max_examples=15, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=4))
def test_a_plan_is_worth_what_its_chain_is(steps: list[Drawn]) -> None:
    measures = planned(EVALUATORS["stops cover"], steps).measures()
    figures = evaluate(CAMPAIGN, (Route("all", chain(*(send(*step) for step in steps))),)).segments[0].figures
    assert measures.covered == pytest.approx(figures.coverage.mean, abs=1e-12)
    assert measures.cost / 1e9 == pytest.approx(figures.cost_per_person.mean, abs=1e-12)
    assert measures.messages == pytest.approx(figures.messages_per_person.mean, abs=1e-12)
    for totals, name, unit in ((measures.messages_on, "sent", 1.0), (measures.cost_on, "cost", 1e9)):
        expected = dict.fromkeys((step[0] for step in steps), 0.0)
        for step in figures.steps:
            expected[step.channel] += getattr(step, name).mean * unit / 1000
        assert totals == pytest.approx(expected, rel=1e-12)
    first_opens = sum(step.first_opens.mean for step in figures.steps) / 1000
    assert first_opens == pytest.approx(measures.opened_by(7 * DAY), abs=1e-10)


def test_restricted_mean_of_one_exponential_open() -> None:
    """E[min(T, H)] = H - p (H - m (1 - exp(-H / m))) for opens of share p and mean delay m; delivery takes 1 us."""
    made = model(Channel("sms", rates=(rate("reaches", 0.8), rate("opens", 0.5, half("2 h")))))
    measures = Evaluator(made, "all", (opened(),), DAY, (opened(),)).root().then("sms").measures()
    horizon, mean = 7 * DAY - 1, 2 * HOUR / math.log(2)
    expected = 7 * DAY - 0.4 * (horizon - mean * -math.expm1(-horizon / mean))
    assert measures.restricted_time == pytest.approx(expected, rel=1e-11)
    assert measures.opened_by(2 * HOUR + 1) == pytest.approx(0.2, abs=1e-12)


def test_only_the_channels_asked_for_make_classes() -> None:
    small = Evaluator(CAMPAIGN, "all", (opened(),), DAY, (opened(),), channels=("push", "sms"))
    assert len(small.tables.classes.patterns) == 4
    steps = [("sms", "2 h", "10 min"), ("push", None, None)]
    plan, same = planned(small, steps), planned(EVALUATORS["stops cover"], steps)
    assert (plan.covered, plan.cost) == pytest.approx((same.covered, same.cost), rel=1e-12)
    with pytest.raises(KeyError):
        small.root().then("viber")


def test_what_is_given_of_the_reach() -> None:
    """People with and without sms, weighed by their shares, are everybody; and viber depends on sms."""
    steps = [("sms", "2 h", None), ("viber", None, None)]
    whole = planned(EVALUATORS["stops cover"], steps)
    parts = [
        Evaluator(CAMPAIGN, "all", (opened(),), DAY, (opened(),), given={"sms": reached}) for reached in (True, False)
    ]
    assert [part.tables.classes.share for part in parts] == pytest.approx([0.7, 0.3])
    covered = sum(planned(part, steps).covered * part.tables.classes.share for part in parts)
    assert covered == pytest.approx(whole.covered, abs=1e-13)
    assert planned(parts[0], [("viber", None, None)]).messages == pytest.approx(0.5 / 0.7)


def test_prefixes_are_immutable() -> None:
    """Branches of a search do not see each other."""
    root = EVALUATORS["stops cover"].root()
    first = root.then("sms", us("2 h"), us("10 min"))
    alone = first.then("viber").covered
    for channel in NAMES:
        first.then(channel, us("20 min")).then("push").measures().restricted_time  # noqa: B018
    assert first.then("viber").covered == alone
    assert first.steps == (Step("sms", us("2 h"), us("10 min")),)
    assert first.before is root
    assert root.steps == ()


def test_order_of_evaluation_does_not_matter() -> None:
    """Tables fill as plans are asked for: whatever came before, a plan has the same figures to the last bit."""
    dice = random.Random(7)
    plans = [[(dice.choice(NAMES), dice.choice(WAITS), None) for _ in range(3)] for _ in range(12)]

    def figures(order: list[int]) -> dict[int, tuple[float, float]]:
        evaluator = Evaluator(CAMPAIGN, "all", (opened(),), DAY, (opened(),))
        found = {k: planned(evaluator, plans[k]).measures() for k in order}
        return {k: (m.covered, m.cost) for k, m in found.items()}

    assert figures(list(range(12))) == figures(list(range(11, -1, -1)))


def test_deadline_beyond_the_horizon_is_the_horizon() -> None:
    far = Evaluator(CAMPAIGN, "all", (opened(),), 100 * DAY, (opened(),)).root().then("sms")
    assert far.covered == far.measures().opened_by(7 * DAY)
