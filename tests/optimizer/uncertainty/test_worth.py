"""Plans weighed on a model: what the optimizer says of its own answer, and what is paid for limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cascadesim.errors import QuestionError, RefusedError
from cascadesim.model.channel import Price
from cascadesim.model.question import EACH, Keep
from cascadesim.model.segment import Headcount, OwnRate, Segment
from cascadesim.optimizer import Step, optimize
from cascadesim.optimizer.uncertainty.contenders import Contenders, contenders, optima, pick_of
from cascadesim.optimizer.uncertainty.prices import eased, least_prices, limit_prices, spelled_out
from cascadesim.optimizer.uncertainty.study import unit_of
from cascadesim.optimizer.uncertainty.worth import Scales, Worth
from cascadesim.units import BILLION, HOUR, Duration, Share
from tests.optimizer.uncertainty.campaigns import asked, campaign, channel, euro, known

FEES = (Price(euro("20"), "campaign"), Price(euro("30"), "campaign", at_least=True))
CHANNELS = (
    channel("push", known("reaches", 0.5), known("opens", 0.1), cost="0.0002"),
    channel("email", known("opens", 0.2), cost="0.001", costs=FEES),
    channel("sms", known("opens", 0.4), cost="0.04", costs=FEES[1:]),
)
SEGMENTS = (
    Segment("loyal", Headcount(1000)),
    Segment("new", Headcount(3000), rates=(OwnRate("sms", known("opens", 0.3)),)),
)
MODEL = campaign(*CHANNELS, segments=SEGMENTS)


@pytest.mark.parametrize(
    ("goal", "sign", "more"),
    [
        ("cost per person", 1, {"keeps": (Keep("coverage", "at least", Share(0.3)),)}),
        ("coverage", -1, {"keeps": (Keep("total cost", "under", euro("100")),)}),
        ("profit", -1, {"value": euro("0.3")}),
        ("time to open", 1, {}),
        ("coverage per cost", 1, {"keeps": (Keep("coverage", "at least", Share(0.3)),)}),
    ],
)
def test_the_answer_weighs_what_the_optimizer_says(goal, sign, more):
    keeps = more.pop("keeps", ())
    question = asked(goal, "push email sms", *keeps, max_steps=3, **more)
    answer = optimize(MODEL, question)
    worth = Scales(MODEL, question, {}).weigh([MODEL], [pick_of(answer)])
    value = sign * float(worth.objective[0, 0]) / unit_of(question.objective)
    assert (1 / value if goal == "coverage per cost" else value) == pytest.approx(answer.objective_value, rel=1e-12)
    assert worth.kept.all()


def test_by_how_much_limits_are_missed():
    """Sms alone: 40% and 30%, so 32.5% in all, for 0.04 each and 30 EUR at least, which are spent."""
    keeps = (
        Keep("coverage", "at least", Share(0.325)),
        Keep("coverage", "over", Share(0.325)),
        Keep("coverage", "at least", Share(0.35), of=EACH),
        Keep("total cost", "at most", euro("150")),
        Keep("messages per person", "under", 1.5),
    )
    question = spelled_out(MODEL, asked("coverage", "sms", *keeps))
    assert [k.of for k in question.keeps] == [None, None, "loyal", "new", None, None]
    worth = Scales(MODEL, question, {}).weigh([MODEL], [((Step("sms"),), (Step("sms"),))])
    assert worth.missed[0, 0] == pytest.approx([0, 0, -0.05, 0.05, 10 * BILLION, -0.5])
    assert worth.kept[0, 0].tolist() == [True, False, True, False, False, True]
    priced = worth.priced(np.array([1.0, 1.0, 1.0, 2.0, 1e-9, 1.0]))
    assert priced[0, 0] == pytest.approx(-0.325 + 2 * 0.05 + 10)


def test_where_no_plan_keeps_the_limits_there_is_no_answer():
    question = asked("cost per person", "email sms", Keep("coverage", "at least", Share(0.38)))
    one = campaign(*CHANNELS)
    worse = replace(one, channels=(CHANNELS[1], replace(CHANNELS[2], rates=(known("opens", 0.35),))))
    ticks = []
    found = optima([one, worse], question, {}, lambda: ticks.append(1))
    assert found == (((Step("sms"),),), None)
    assert len(ticks) == 2


def test_what_else_is_wrong_with_a_draw_is_told():
    nobody = campaign(*CHANNELS, segments=(Segment("all", Headcount(0)),))
    with pytest.raises(QuestionError, match="nobody to write to"):
        optima([nobody], asked("coverage", "email sms"), {}, lambda: None)


def test_several_plans_in_one_segment_are_refused():
    answer = optimize(MODEL, asked("coverage", "email sms"))
    split = replace(answer, plans={**answer.plans, "new": answer.plans["new"] * 2})
    with pytest.raises(RefusedError, match="several for new"):
        pick_of(split)


def test_contenders_are_the_plan_chosen_and_the_others_once():
    a, b, c = ((Step("a"),),), ((Step("b"),),), ((Step("b", Duration(HOUR)), Step("a")),)
    found = contenders(b, [c, None, a, b, c])
    assert (found.picks, found.best) == ((b, a, c), (2, None, 1, 0, 2))


def test_a_limit_costs_twice_what_keeping_it_costs():
    """Half must be covered: c costs 0.05 and covers 60%; b costs 0.03 for 45%, a nothing for 10%.

    b saves 0.02 and misses 5 points, 0.4 a unit; a saves 0.05 and misses 40, 0.125 a unit. So a unit is worth 0.4,
    and charged 0.8; if the draws leave 10 points open, b is taken to miss as much: then it is 0.2 and 0.4.
    """
    model = campaign(
        channel("a", known("opens", 0.1)),
        channel("b", known("opens", 0.45), cost="0.03"),
        channel("c", known("opens", 0.6), cost="0.05"),
    )
    question = asked("cost per person", "a b c", Keep("coverage", "at least", Share(0.5)))
    scales, chosen = Scales(model, question, {}), pick_of(optimize(model, question))
    for open_by, price in ((0.0125, 0.8), (0.02, 0.8), (0.1, 0.4)):
        assert limit_prices(model, scales, Contenders((chosen,), (0, 0)), open_(open_by)) / BILLION == pytest.approx(
            [price]
        )
    free = asked("coverage", "a b c", Keep("coverage", "at least", Share(0.5)))
    scales = Scales(model, free, {})
    assert limit_prices(model, scales, Contenders((chosen,), (0, 0)), open_(0.02)).tolist() == [0.0]


def open_(by: float) -> Worth:
    """Two draws, in which the one plan keeps its one limit, that leave it open by so much."""
    missed = np.array([-1 - by, -1 + by]).reshape(2, 1, 1)
    return Worth(np.zeros((2, 1)), missed, missed <= 0)


def test_a_limit_kept_for_nothing_costs_what_keeping_it_costs_in_the_draws():
    """The answer misses the limit by 0.1 in one draw, where the other costs 2 more, and by 0.4 in one, for 3 more.

    In a third no plan keeps it, in a fourth the answer does. So 5 for 0.23 (what is open) and 0.4; charged twice.
    """
    model = campaign(channel("a", known("opens", 0.5)), channel("b", known("opens", 0.6), cost="0.01"))
    both = Keep("coverage", "at least", Share(0.3)), Keep("messages per person", "at most", 1.0)
    scales = Scales(model, asked("cost per person", "a b", *both), {})
    picks = ((Step("a"),),), ((Step("b"),),)
    coverage = np.array([[0.1, -0.3], [0.4, -0.3], [0.4, 0.3], [-0.2, -0.1], [0.4, -0.3]])
    messages = np.array([[-1.0, -1.0]] * 4 + [[0.5, -1.0]])  # in the fifth draw both limits are missed
    missed = np.stack([coverage, messages], axis=2)
    worth = Worth(np.array([[1.0, 3.0], [1.0, 4.0], [1.0, 9.0], [1.0, 9.0], [1.0, 99.0]]), missed, missed <= 0)
    found = limit_prices(model, scales, Contenders(picks, (1, 1, None, 0, 1)), worth)
    assert found == pytest.approx([2 * 5 / (max(0.1, coverage[:, 0].std()) + 0.4), 0.0])


def test_prices_charge_least_for_what_is_open():
    """Two limits; one plan saves 3 by missing both by 1, one saves 1 by missing the second by 1."""
    saved, missed = np.array([3.0, 1.0, -2.0, 0.5]), np.array([[1.0, 1.0], [0.0, 1.0], [5.0, 0.0], [0.0, 0.0]])
    assert least_prices(saved, missed, np.array([1.0, 3.0])) == pytest.approx([2.0, 1.0])
    assert least_prices(saved, missed, np.array([3.0, 1.0])) == pytest.approx([0.0, 3.0])
    assert least_prices(saved * 1e9, missed * 1e-3, np.array([1.0, 3.0])) == pytest.approx([2e12, 1e12])


@pytest.mark.parametrize(
    ("keep", "by", "less"),
    [
        (Keep("coverage", "at least", Share(0.3)), 0.05, {"value": Share(0.25)}),
        (Keep("coverage", "at least", Share(0.3)), 0.5, {"value": Share(0.0)}),
        (Keep("total cost", "under", euro("100")), 5e9, {"value": euro("105")}),
        (Keep("messages per person", "at most", 1.5), 0.25, {"value": 1.75}),
        (Keep("messages", "at most", 100, channel="sms"), 0.5, {"value": 101}),
        (Keep("time to open", "at most", Duration(HOUR)), 1.5, {"value": Duration(HOUR + 2)}),
        (Keep("time to open", "under", Duration(HOUR), openers=Share(0.9)), 0.1, {"openers": Share(0.8)}),
    ],
)
def test_asking_for_less(keep, by, less):
    (limit,) = Scales(MODEL, asked("coverage", "push email sms", keep), {}).limits
    found = eased(limit, by)
    ((name, value),) = less.items()
    assert (
        getattr(found, name) == pytest.approx(value) if not isinstance(value, type(euro("1"))) else found.value == value
    )
    assert type(getattr(found, name)) is type(value)
    assert replace(found, **{name: getattr(keep, name)}) == keep


def test_a_limit_that_no_plan_misses_has_no_price() -> None:
    """However far the draws leave it open: a whole column of zeros is nothing to divide by."""
    prices = least_prices(np.array([2.0, 0.0]), np.array([[1.0, 0.0], [0.0, 0.0]]), np.array([0.5, 3.0]))
    assert prices.tolist() == [2.0, 0.0]
