"""Who is counted: contacts, and plans that give one segment several chains."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cascadesim.contacts import Contact
from cascadesim.engines.exact import Evaluator, evaluate
from cascadesim.model.chain import Chain, Route, Saying
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model
from cascadesim.model.segment import Contacts, Headcount, Segment
from cascadesim.units import DAY, Share
from tests.engines.exact_models import chain, model, opened, price, rate, send

PUSH = Channel("push", rates=(rate("reaches", 0.5), rate("opens", 0.4)), costs=(price("0.01 EUR", "message sent"),))
SMS = Channel(
    "sms", address="phone", rates=(rate("reaches", 0.8), rate("opens", 0.2)), costs=(price("0.05 EUR", "part sent"),)
)
PEOPLE = [
    Contact("1", {"push": "x", "phone": "1", "name": "Ann"}),
    Contact("2", {"push": "x", "phone": "", "name": "Bo"}),
    Contact("3", {"push": "", "phone": "3", "name": "C" * 160}),
    Contact("4", {"push": "", "phone": "", "name": ""}),
]
STEPS = chain(send("push", "1 h"), send("sms"))


def listed() -> Model:
    """The same channels without margins, for a segment of contacts."""
    channels = (replace(c, rates=tuple(r for r in c.rates if r.verb != "reaches")) for c in (PUSH, SMS))
    return model(*channels, segments=(Segment("all", Contacts("people.csv")),))


def test_reach_is_counted_from_the_people() -> None:
    """Of four people two have push (0.4 open) and two sms: the third all, the first only without an open of push."""
    made = listed()
    outcome = evaluate(made, made.routes(STEPS), {"all": PEOPLE})
    (segment,) = outcome.segments
    assert segment.people == 4
    assert [s.sent.mean for s in segment.figures.steps] == pytest.approx([2.0, 1.6])
    assert segment.figures.coverage.mean == pytest.approx((1 - 0.6 * 0.8 + 0.4 + 0.2) / 4)


def test_parts_are_billed_as_rendered_for_each() -> None:
    """`Hello {name|you}` is one part for Ann, and two for who has a name of 160 letters."""
    made, steps = listed(), replace(STEPS, saying=Saying(text="Hello {name|you}"))
    step = evaluate(made, made.routes(steps), {"all": PEOPLE}).total.steps[1]
    assert step.cost.mean == pytest.approx(0.05 * (0.6 * 1 + 1.0 * 2))


def test_a_step_may_say_something_else() -> None:
    """The step's own words win: two parts of 160 letters and more, where the chain's are one."""
    made = model(SMS)
    evaluator = Evaluator(made, "all", (opened(),), DAY, (opened(),), saying=Saying(text="short"))
    short, long = evaluator.root().then("sms"), evaluator.root().then("sms", saying=Saying(text="x" * 161))
    assert (short.cost, long.cost) == pytest.approx((0.8 * 0.05e9, 0.8 * 0.10e9))


def test_contacts_must_be_given() -> None:
    made = listed()
    with pytest.raises(ValueError, match="segment all come from a file"):
        evaluate(made, made.routes(STEPS))


def test_a_segment_without_people() -> None:
    made = listed()
    (segment,) = evaluate(made, made.routes(STEPS), {"all": []}).segments
    assert segment.people == 0
    assert segment.figures.coverage.mean is None
    assert [s.sent.mean for s in segment.figures.steps] == [0.0, 0.0]


def plans() -> tuple[Model, Chain, Chain]:
    return model(PUSH, SMS, segments=(Segment("all", Headcount(1000)),)), STEPS, chain(send("sms"), name="d")


def test_a_segment_split_over_two_plans() -> None:
    """30% follow the one and the rest the other: everything is the mixture; steps are counted by number and channel."""
    made, one, other = plans()
    mixed = evaluate(made, (Route("all", one, Share(0.3)), Route("all", other, Share(0.7))))
    (first,), (second,) = (evaluate(made, (Route("all", c),)).segments for c in (one, other))
    (segment,) = mixed.segments
    assert segment.people == pytest.approx(1000)
    expected = 0.3 * first.figures.coverage.mean + 0.7 * second.figures.coverage.mean  # type: ignore[operator]
    assert segment.figures.coverage.mean == pytest.approx(expected)
    steps = {(s.step, s.channel): s.sent.mean for s in segment.figures.steps}
    assert steps == pytest.approx({(1, "push"): 150.0, (1, "sms"): 560.0, (2, "sms"): 0.3 * 800 * (0.5 + 0.5 * 0.6)})


def test_the_last_fitting_plan_takes_the_rest() -> None:
    """A single plan is everybody's, whatever its share."""
    made, one, _ = plans()
    (segment,) = evaluate(made, (Route("all", one, Share(0.3)),)).segments
    assert segment.people == pytest.approx(1000)


def test_a_chain_for_each_reach_pattern() -> None:
    """Patterns speak of the channels that any of them names; who fits none is not counted."""
    made, one, other = plans()
    routes = (Route("all", one, reach=("push", "sms")), Route("all", other, reach=("sms",)))
    (segment,) = evaluate(made, routes).segments
    assert segment.people == pytest.approx(1000 * 0.8)
    covered = 400 * (1 - 0.6 * 0.8) + 400 * 0.2
    assert segment.figures.coverage.mean == pytest.approx(covered / 800)
    (all_the_same,) = evaluate(
        made, (*routes, Route("all", one, reach=("push",)), Route("all", one, reach=()))
    ).segments
    (whole,) = evaluate(made, (Route("all", one),)).segments
    assert all_the_same.figures.coverage.mean == pytest.approx(whole.figures.coverage.mean)


def test_patterns_of_contacts() -> None:
    made = listed()
    routes = (Route("all", STEPS, reach=("push", "sms")), Route("all", STEPS, reach=("sms",)))
    (segment,) = evaluate(made, routes, {"all": PEOPLE}).segments
    assert segment.people == pytest.approx(2)
    assert segment.figures.steps[1].sent.mean == pytest.approx(0.6 + 1.0)
