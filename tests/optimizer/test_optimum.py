"""What `optimize` answers, refuses and says, on questions small enough to be worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

import pytest

from cascadesim.contacts import Contact
from cascadesim.engines.case import Case
from cascadesim.engines.exact import evaluate
from cascadesim.engines.simulate import simulate
from cascadesim.errors import QuestionError
from cascadesim.model.chain import Event, Saying
from cascadesim.model.channel import Hours, Price, Quiet, Throughput
from cascadesim.model.message import Content, Message
from cascadesim.model.question import EACH, Keep
from cascadesim.model.rates import Rate
from cascadesim.model.segment import Arrivals, Contacts, OwnRate, Segment
from cascadesim.optimizer import Restriction, Step, optimize, plan_of
from cascadesim.units import DAY, HOUR, MINUTE, Duration, Share
from tests.optimizer.shop import (
    AT_LEAST_HALF,
    EMAIL,
    HOURS,
    LOYAL,
    NEW,
    PUSH,
    SMS,
    channel,
    euro,
    model_of,
    names,
    question_of,
)


def test_the_cheapest_plan_with_enough_coverage():
    """Push leaves 1 - 0.05, email 0.8 and sms 0.6 uncovered: half is covered only with email and sms.

    Push first leaves fewer for the two that cost money: email then costs 0.95 x 0.001, sms 0.95 x 0.8 x 0.04.
    """
    answer = optimize(model_of(LOYAL), question_of("cost per person", AT_LEAST_HALF))
    (plan,) = answer.plans["loyal"]
    assert plan.steps == (Step("push", HOURS[0]), Step("email", HOURS[0]), Step("sms"))
    assert plan.measures.covered == pytest.approx(1 - 0.95 * 0.8 * 0.6, abs=1e-12)
    assert answer.objective_value == pytest.approx(0.95 * 0.001 + 0.95 * 0.8 * 0.04, abs=1e-12)
    assert (answer.status, answer.bound, answer.gap) == ("proven", answer.objective_value, 0.0)
    assert answer.set_aside == answer.restricted == ()
    assert answer.nodes == 3 + 6 * 3 + 6 * 9
    assert answer.total.people == 1000
    assert answer.total.cost == pytest.approx(1000 * answer.objective_value)
    assert answer.total.cost_per_covered == pytest.approx(answer.objective_value / plan.measures.covered)


def test_equally_good_plans_go_by_steps_then_names_then_waits():
    """Free channels that nobody opens: every plan covers nobody for nothing."""
    free = tuple(channel(name, 1.0, 0.0, "0") for name in ("c", "b", "a"))
    question = question_of("coverage", channels=("c", "a", "b"), min_steps=2, waits=HOURS[::-1])
    answer = optimize(model_of(LOYAL, channels=free), question)
    assert answer.plans["loyal"][0].steps == (Step("a", HOURS[0]), Step("b"))


def test_the_order_of_the_file_does_not_matter():
    limits = (Keep("total cost", "under", euro("140")), Keep("coverage", "at least", Share(0.4), EACH))
    question = question_of("coverage", *limits, undelivered_after=Duration(10 * MINUTE))
    turned = replace(question, channels=("sms", "push", "email"), waits=HOURS[::-1])
    one = optimize(model_of(LOYAL, NEW), question)
    other = optimize(model_of(NEW, LOYAL, channels=(SMS, EMAIL, PUSH)), turned)
    assert {s: p[0].steps for s, p in one.plans.items()} == {s: p[0].steps for s, p in other.plans.items()}
    assert (one.objective_value, one.total, one.frontier) == (other.objective_value, other.total, other.frontier)


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        ("cost per person", 0.0),
        ("coverage", 1 - 0.95 * 0.8 * 0.6),
        ("profit", 1000 * (0.05 + 0.95 * 0.2 - 0.95 * 0.001)),
        ("time to open", None),
        ("coverage per cost", None),
    ],
)
def test_every_goal_has_its_unit(goal, expected):
    question = question_of(goal, value=euro("1") if goal == "profit" else None)
    channels = (PUSH, EMAIL, SMS) if goal != "profit" else (PUSH, EMAIL, channel("sms", 1.0, 0.4, "0.5"))
    answer = optimize(model_of(LOYAL, channels=channels), question)
    assert answer.status == "proven"
    if expected is not None:
        assert answer.objective_value == pytest.approx(expected, abs=1e-9)


def test_time_to_open_is_the_mean_with_the_horizon_for_those_who_never_do():
    """Sms opens at 20 minutes for 40%; email an hour later, at 1 h 20 min, for 20% of the rest."""
    answer = optimize(model_of(LOYAL), question_of("time to open", channels=("email", "sms")))
    assert names(answer) == ["sms", "email"]
    expected = 0.4 * 20 * 60 + 0.6 * 0.2 * 80 * 60 + 0.6 * 0.8 * 3 * 24 * 3600
    assert answer.objective_value == pytest.approx(expected, rel=1e-9)


def test_the_best_coverage_per_cost_is_that_of_one_channel():
    answer = optimize(model_of(LOYAL), question_of("coverage per cost", channels=("email", "sms")))
    assert names(answer) == ["email"]
    assert answer.objective_value == pytest.approx(0.2 / 0.001)


def test_of_free_plans_the_one_that_covers_most_has_the_best_coverage_per_cost():
    free = (PUSH, channel("bot", 0.4, 0.5, "0"), SMS)
    answer = optimize(model_of(LOYAL, channels=free), question_of("coverage per cost", channels=("push", "bot", "sms")))
    assert names(answer) == ["bot", "push"]
    assert answer.objective_value is answer.bound is None
    assert answer.status == "proven"


def test_two_segments_share_a_budget():
    """Sms covers 40% of loyal and 30% of new people for the same price: the money goes to the loyal first."""
    budget = Keep("total cost", "at most", euro("45"))
    answer = optimize(model_of(LOYAL, NEW), question_of("coverage", budget))
    assert "sms" in names(answer, "loyal")
    assert "sms" not in names(answer, "new")
    assert answer.total.cost <= 45


def test_a_campaign_s_fee_is_paid_once_and_only_in_totals():
    """A fee of 100 and 4,000 texts at 0.02: with 180 all get one, with less only the 3,000 new people."""
    sms = channel("sms", 1.0, 0.9, "0.02", costs=(Price(euro("100"), "campaign"),))
    question = question_of("coverage", channels=("email", "sms"), max_steps=1)
    for budget, expected in (("179.9", ["email"]), ("180", ["sms"])):
        keep = Keep("total cost", "at most", euro(budget))
        answer = optimize(
            model_of(LOYAL, replace(NEW, rates=()), channels=(EMAIL, sms)), replace(question, keeps=(keep,))
        )
        assert names(answer, "new") == ["sms"]
        assert names(answer, "loyal") == expected
    per_segment = Keep("total cost", "at most", euro("60"), EACH)  # fees do not count here
    answer = optimize(model_of(LOYAL, NEW, channels=(EMAIL, sms)), replace(question, keeps=(per_segment,)))
    assert names(answer, "loyal") == names(answer, "new") == ["sms"]


def test_a_minimum_commitment_makes_the_first_messages_free():
    """Once 100 EUR are owed whatever happens, sms costs nothing more up to 2,500 messages."""
    sms = channel("sms", 1.0, 0.4, "0.04", costs=(Price(euro("100"), "campaign", at_least=True),))
    budget = Keep("total cost", "at most", euro("101"))
    answer = optimize(
        model_of(LOYAL, channels=(EMAIL, sms)), question_of("coverage", budget, channels=("email", "sms"))
    )
    assert names(answer) == ["email", "sms"]
    assert answer.total.cost == pytest.approx(100 + 1000 * 0.001)


NIGHT = replace(SMS, quiet=(Quiet(Hours(time(21), time(9))),))


def test_quiet_hours_count_where_all_enter_together():
    """A text that could go at 22:00 goes at 9:00, when the email of 10:00 has long been opened, or never will be."""
    model = model_of(LOYAL, channels=(PUSH, EMAIL, NIGHT), starts=datetime(2027, 3, 1, 22))
    keep = Keep("coverage", "at least", Share(0.5))
    answer = optimize(model, question_of("time to open", keep, channels=("email", "sms"), waits=HOURS[:1]))
    assert (answer.status, answer.set_aside, names(answer)) == ("proven", (), ["email", "sms"])
    minutes = 20 * 0.2 + 0.8 * (0.4 * (11 * 60 + 20) + 0.6 * 3 * 24 * 60)
    assert answer.objective_value == pytest.approx(60 * minutes)


def test_what_the_closed_form_cannot_see_is_set_aside_and_nothing_is_proven():
    stream = replace(LOYAL, people=Arrivals(1000, Duration(DAY), Duration(DAY)))
    model = model_of(stream, channels=(PUSH, EMAIL, NIGHT), starts=datetime(2027, 3, 1, 10))
    answer = optimize(model, question_of("coverage"))
    assert answer.set_aside == ("quiet hours of sms",)
    assert (answer.status, answer.bound, answer.gap) == ("gap", None, None)
    assert answer.objective_value == pytest.approx(1 - 0.95 * 0.8 * 0.6)
    without = optimize(model, question_of("coverage", channels=("push", "email")))
    assert (without.status, without.set_aside) == ("proven", ())
    limited = model_of(LOYAL, channels=(PUSH, replace(EMAIL, throughput=Throughput(1, Duration(HOUR))), SMS))
    assert optimize(limited, question_of("coverage")).set_aside == ("the throughput of email",)


def test_a_restriction_narrows_the_question_and_is_told():
    question = question_of("coverage", start_with=("push",))
    answer = optimize(model_of(LOYAL), question, restriction=Restriction(frozenset({"sms"}), "8x8"))
    assert names(answer) == ["sms"]
    assert answer.question.channels == ("sms",)
    assert answer.status == "proven"
    assert answer.restricted == (
        "email and push: 8x8 does not send there",
        "`start with push`: 8x8 does not send there",
    )


def test_real_people_are_counted():
    """Of four people one has no e-mail address: a fourth is reached by sms alone."""
    people = [Contact(str(i), {"email": "x@example.com" if i else "", "sms": "1", "push": ""}) for i in range(4)]
    segment = Segment("gold", Contacts("gold.csv"))
    plain = [replace(c, rates=c.rates[1:]) for c in (PUSH, EMAIL, SMS)]
    answer = optimize(model_of(segment, channels=tuple(plain)), question_of("coverage", max_steps=2), {"gold": people})
    assert answer.total.people == 4
    assert answer.total.coverage == pytest.approx(1 - (0.25 * 0.6 + 0.75 * 0.8 * 0.6))


def test_people_from_a_file_must_be_given():
    with pytest.raises(QuestionError, match="contacts must be given") as caught:
        optimize(model_of(Segment("gold", Contacts("gold.csv"))), question_of("coverage"))
    assert caught.value.diagnostics[0].code == "C409"


def test_a_text_is_billed_by_its_parts():
    text = Message("long", contents=(Content("text", "x" * 161),))
    sms = replace(SMS, costs=(Price(euro("0.04"), "part sent"),))
    model = replace(model_of(LOYAL, channels=(sms,)), messages=(text,))
    answer = optimize(model, question_of("coverage", channels=("sms",), saying=Saying("long")))
    assert answer.total.cost_per_person == pytest.approx(0.08)
    assert answer.plans["loyal"][0].chain.saying == Saying("long")


def test_the_answer_s_routes_come_to_what_it_says():
    stop = (Event("opened"), Event("clicked"))
    question = question_of("coverage", Keep("total cost", "at most", euro("45")), stop_when=stop)
    model = replace(model_of(LOYAL, NEW), questions=(question,))
    answer = optimize(model, question)
    routes = answer.routes()
    assert [(r.segment, r.chain.name, r.chain.stop_when, r.share) for r in routes] == [
        ("loyal", "plan for loyal", stop, 1.0),
        ("new", "plan for new", stop, 1.0),
    ]
    figures = evaluate(model, routes).total
    assert figures.coverage.mean == pytest.approx(answer.total.coverage, abs=1e-12)
    assert figures.cost.mean == pytest.approx(answer.total.cost, abs=1e-9)
    assert figures.cost_per_covered.mean == pytest.approx(answer.total.cost_per_covered, abs=1e-12)
    assert figures.messages_per_person.mean == pytest.approx(answer.total.messages_per_person, abs=1e-12)


def test_a_plan_document_carries_the_answer_and_its_certificate():
    question = question_of("cost per person", AT_LEAST_HALF, undelivered_after=Duration(10 * MINUTE))
    model = replace(model_of(LOYAL), questions=(question,))
    answer = optimize(model, question)
    plan = plan_of(answer, model, "0" * 64)
    assert plan.model == model
    assert plan.routes() == answer.routes()
    assert plan.objective == question.objective
    (entry,) = plan.segments
    assert [(s.channel, s.wait, s.undelivered_after) for s in entry.steps] == [
        ("push", 3600.0, 600.0),
        ("email", 3600.0, 600.0),
        ("sms", None, None),
    ]
    assert entry.forecast.coverage == pytest.approx(answer.total.coverage)
    assert entry.forecast.cost_per_person == pytest.approx(answer.objective_value)
    certificate = plan.certificate
    assert (certificate.status, certificate.objective_value, certificate.gap) == ("proven", answer.objective_value, 0.0)
    assert (certificate.nodes, certificate.channels) == (answer.nodes, ("email", "push", "sms"))
    assert (certificate.waits, certificate.max_steps, certificate.set_aside) == ((3600.0, 21600.0, 86400.0), 3, ())


def test_a_step_that_reaches_nobody_is_not_looked_into():
    nobody = replace(LOYAL, rates=(OwnRate("push", Rate("reaches", Share(0), Share(0))),))
    answer = optimize(model_of(nobody), question_of("coverage"))
    assert names(answer) == ["email", "sms"]
    assert answer.nodes < 3 + 6 * 3 + 6 * 9
    forced = optimize(model_of(nobody), question_of("coverage", start_with=("push",), end_with=("email",), max_steps=2))
    assert names(forced) == ["push", "email"]


def test_a_step_that_reaches_nobody_may_still_cost_its_fee():
    """Which only matters to a limit from below."""
    fax = replace(channel("fax", 0.0, 0.1, "0"), costs=(Price(euro("100"), "campaign"),))
    question = question_of("coverage", Keep("total cost", "at least", euro("100")), channels=("email", "fax"))
    assert sorted(names(optimize(model_of(LOYAL, channels=(EMAIL, fax)), question))) == ["email", "fax"]


def test_by_reach_everybody_gets_a_plan_for_the_channels_that_reach_them():
    """Half have push, which is free: they get it first. Of the others email would take as long for less coverage."""
    question = question_of("cost per person", Keep("coverage", "at least", Share(0.4), EACH), max_steps=2)
    answer = optimize(model_of(LOYAL), replace(question, by_reach=True))
    plans = {tuple(sorted(p.reach or ())): [s.channel for s in p.steps] for p in answer.plans["loyal"]}
    assert set(plans) == {("email", "sms"), ("email", "push", "sms")}
    assert (answer.status, sum(plan.share for plan in answer.plans["loyal"])) == ("proven", 2.0)
    together = optimize(model_of(LOYAL), question)
    assert answer.objective_value < together.objective_value
    assert answer.total.people == 1000
    case = Case("plan", answer.routes())
    (outcome,) = simulate(model_of(LOYAL), [case], engine="exact").chains
    assert outcome.total.coverage.mean == pytest.approx(answer.total.coverage)
    assert outcome.total.cost.mean == pytest.approx(answer.total.cost)


def test_a_segment_may_be_split_over_two_plans():
    """Half must be covered: email covers 0.2 for 0.001 each; sms after it 0.52, for 0.8 x 0.04 more."""
    keep = Keep("coverage", "at least", Share(0.5))
    question = question_of("cost per person", keep, channels=("email", "sms"), may_split=True, waits=HOURS[2:])
    answer = optimize(model_of(LOYAL), question)
    shares = {tuple(s.channel for s in plan.steps): plan.share for plan in answer.plans["loyal"]}
    both = (0.5 - 0.2) / 0.32
    assert shares == {("email",): pytest.approx(1 - both), ("email", "sms"): pytest.approx(both)}
    assert answer.objective_value == pytest.approx(0.001 + both * 0.8 * 0.04)
    assert answer.total.coverage == pytest.approx(0.5)
    assert answer.gap == pytest.approx(0.0, abs=1e-8)
    whole = optimize(model_of(LOYAL), replace(question, may_split=False))
    assert whole.objective_value == pytest.approx(0.001 + 0.8 * 0.04)
