"""`keep` lines: what each measures, where it binds, and what is said when no plan keeps it."""

from __future__ import annotations

import pytest

from cascadesim.errors import QuestionError, Span
from cascadesim.model.channel import Channel, Price
from cascadesim.model.model import Exchange, Model, Scenario
from cascadesim.model.question import EACH, Keep, Objective, Question
from cascadesim.model.rates import Delay, Rate
from cascadesim.model.segment import Headcount, OwnRate, Segment
from cascadesim.optimizer import Answer, optimize
from cascadesim.units import DAY, HOUR, MINUTE, Duration, Money, Share


def channel(name: str, opens: float, cost: str, after: int) -> Channel:
    """Reaches everybody, delivers at once, is opened after so many minutes."""
    late = Delay("fixed", ((Share(1), Duration(after * MINUTE)),))
    rate = Rate("opens", Share(opens), Share(opens), delay=late)
    return Channel(name, rates=(rate,), costs=(Price(Money.parse(f"{cost} EUR"), "message sent"),))


LOYAL = Segment("loyal", Headcount(1000))
NEW = Segment("new", Headcount(3000), rates=(OwnRate("sms", Rate("opens", Share(0.3), Share(0.3))),))
MODEL = Model(
    Scenario(horizon=Duration(3 * DAY), exchange=(Exchange("USD", "0.5"),)),
    (channel("email", 0.2, "0.001", 600), channel("sms", 0.4, "0.04", 20)),
    (LOYAL, NEW),
)
BOTH = 1 - 0.8 * 0.6  # what email and sms cover of the loyal
SPAN = Span("a.cascade", 7, 5, 7, 40)


def ask(goal: str, *keeps: Keep, segments: tuple[str, ...] | None = None) -> Answer:
    question = Question(
        Objective(goal), ("email", "sms"), segments=segments, keeps=keeps, max_steps=2, waits=(Duration(HOUR),)
    )
    return optimize(MODEL, question)


def steps(answer: Answer) -> dict[str, list[str]]:
    return {name: [s.channel for s in plans[0].steps] for name, plans in answer.plans.items()}


def faults(*keeps: Keep, segments: tuple[str, ...] | None = None) -> list[tuple[str, str]]:
    with pytest.raises(QuestionError) as caught:
        ask("coverage", *keeps, segments=segments)
    return [(d.code, d.message) for d in caught.value.diagnostics]


def euro(text: str) -> Money:
    return Money.parse(f"{text} EUR")


@pytest.mark.parametrize(
    "keep",
    [
        Keep("total cost", "at most", euro("40.9"), "loyal"),
        Keep("total cost", "at most", Money.parse("81.8 USD"), "loyal"),
        Keep("cost per person", "at most", euro("0.0409"), "loyal"),
        Keep("cost per covered person", "at most", euro("0.0785"), "loyal"),
        Keep("messages per person", "under", 1.9, "loyal"),
        Keep("messages", "at most", 1800.0, "loyal"),
        Keep("messages", "at most", 900.0, "loyal", channel="email"),
    ],
)
def test_what_a_plan_of_one_segment_may_come_to(keep):
    """Both cover 52%. Sms first costs 0.0406 and 1.6 messages; email, opened hours later, saves no sms: 0.041, 2."""
    assert steps(ask("coverage", keep))["loyal"] == ["sms", "email"]


def test_a_bound_itself_is_kept_at_most_and_not_under():
    cost = 0.04 + 0.6 * 0.001
    at_most, under = (Keep("cost per person", bound, euro(f"{cost:.4f}"), "loyal") for bound in ("at most", "under"))
    assert steps(ask("coverage", at_most))["loyal"] == ["sms", "email"]
    assert steps(ask("coverage", under))["loyal"] == ["sms"]


@pytest.mark.parametrize(("bound", "expected"), [("at least", ["sms"]), ("over", ["sms", "email"])])
def test_coverage_at_its_very_value_is_at_least_and_not_over(bound, expected):
    assert steps(ask("cost per person", Keep("coverage", bound, Share(0.4), "loyal")))["loyal"] == expected


OPENED = 20 * MINUTE + 1  # after a delivery at once, which takes the least time there is


@pytest.mark.parametrize(
    ("bound", "time", "expected"),
    [("at most", OPENED, ["sms"]), ("under", OPENED + 1, ["sms"]), ("at most", 12 * HOUR, ["sms", "email"])],
)
def test_the_time_by_which_most_openers_have_opened(bound, time, expected):
    """Sms is opened after 20 minutes, email after 10 h; of the openers of both, under 90% are the former."""
    keep = Keep("time to open", bound, Duration(time), "loyal", openers=Share(0.9))
    assert steps(ask("coverage", keep, Keep("messages per person", "under", 1.9, "loyal")))["loyal"] == expected


def test_nobody_opens_before_the_first_can():
    keep = Keep("time to open", "under", Duration(OPENED), "loyal", openers=Share(0.9))
    assert [code for code, _ in faults(keep)] == ["C401"]


def test_a_mean_time_to_open():
    """Sms and then email: 0.4 x 20 min + 0.6 x 0.2 x 11 h + 0.6 x 0.8 x 72 h; email first is later still."""
    mean = 0.4 * 20 * MINUTE + 0.6 * 0.2 * 11 * HOUR + 0.48 * 3 * DAY
    keep = Keep("time to open", "at most", Duration(round(mean) + 10), "loyal")
    assert steps(ask("cost per person", keep))["loyal"] == ["sms", "email"]


def test_each_segment_and_all_together_are_different_limits():
    together = Keep("coverage", "at least", Share((1000 * BOTH + 3000 * 0.3) / 4000))
    assert steps(ask("cost per person", together)) == {"loyal": ["email"], "new": ["sms", "email"]}
    each = Keep("coverage", "at least", Share(0.3), EACH)
    assert steps(ask("cost per person", each)) == {"loyal": ["sms"], "new": ["sms"]}


def test_a_limit_from_below_on_a_cost_is_kept_too():
    answer = ask("cost per person", Keep("total cost", "at least", euro("100")))
    assert 100 <= answer.total.cost < 130


def test_one_limit_that_cannot_be_kept_is_told_with_how_close_it_gets():
    keep = Keep("coverage", "at least", Share(0.8), "loyal", span=SPAN)
    assert faults(keep) == [("C401", "coverage of loyal gets to 52% at most; the script asks for at least 80%")]
    with pytest.raises(QuestionError) as caught:
        ask("coverage", keep)
    assert caught.value.diagnostics[0].span == SPAN


@pytest.mark.parametrize(
    ("keep", "said"),
    [
        (
            Keep("total cost", "under", euro("3")),
            "total cost comes to 4 EUR at least; the script asks for under 3 EUR",
        ),
        (
            Keep("cost per covered person", "at most", euro("0.001"), "loyal"),
            "cost per covered person of loyal comes to 0.005 EUR at least; the script asks for at most 0.001 EUR",
        ),
        (
            Keep("messages per person", "at most", 0.5),
            "messages per person comes to 1 at least; the script asks for at most 0.5",
        ),
        (
            Keep("messages", "at least", 9000.0, channel="sms"),
            "messages on sms gets to 4000 at most; the script asks for at least 9000",
        ),
        (
            Keep("time to open", "under", Duration(HOUR)),
            "time to open comes to 1 day 16 h 30 min at least; the script asks for under 1 h",
        ),
        (
            Keep("time to open", "at most", Duration(MINUTE), "loyal", openers=Share(0.9)),
            "the share of openers of loyal who open within 1 min gets to 0% at most; the script asks for at least 90%",
        ),
    ],
)
def test_every_measure_is_told_in_its_own_words(keep, said):
    assert faults(keep) == [("C401", said)]


def test_all_limits_that_cannot_be_kept_are_told_at_once():
    found = faults(Keep("coverage", "over", Share(0.52), EACH), Keep("messages per person", "at most", 0.5))
    assert [message.split(";")[0] for _, message in found] == [
        "coverage of loyal gets to 52% at most",
        "coverage of new gets to 44% at most",
        "messages per person comes to 1 at least",
    ]


def test_limits_in_conflict_are_told_with_the_smallest_change_of_each():
    """Half of the loyal are covered by both channels only, at 0.0406 each or more; email alone costs less."""
    coverage, cost = Keep("coverage", "at least", Share(0.5)), Keep("cost per person", "under", euro("0.04"))
    kept = "with all other limits kept"
    assert faults(coverage, cost, segments=("loyal",)) == [
        ("C402", f"{kept}, coverage gets to 20% at most; the script asks for at least 50%"),
        ("C402", f"{kept}, cost per person comes to 0.0406 EUR at least; the script asks for under 0.04 EUR"),
    ]


def test_conflicts_that_have_nothing_to_do_with_each_other_are_told_one_by_one():
    found = faults(
        Keep("coverage", "at least", Share(0.3), "loyal"),
        Keep("messages", "at most", 0.0, "loyal", channel="sms"),
        Keep("coverage", "at least", Share(0.25), "new"),
        Keep("messages", "at most", 0.0, "new", channel="sms"),
    )
    assert [said.partition(" kept, ")[0] for _, said in found] == [
        "with the limit on messages on sms of loyal",
        "with the limit on coverage of loyal",
        "with the limit on messages on sms of new",
        "with the limit on coverage of new",
    ]


def test_a_limit_on_a_segment_that_the_question_is_not_for():
    keep = Keep("coverage", "at least", Share(0.1), "new", span=SPAN)
    assert faults(keep, segments=("loyal",)) == [("C406", "the limit speaks of new, which the question is not for")]


def test_a_limit_loosened_as_the_hint_says_is_enough_even_where_others_conflict_too():
    """Half of the loyal are covered by both channels only: neither so cheaply, nor by one message."""
    coverage = Keep("coverage", "at least", Share(0.5))
    others = Keep("cost per person", "under", euro("0.04")), Keep("messages per person", "at most", 1.0)
    with pytest.raises(QuestionError) as caught:
        ask("coverage", coverage, *others, segments=("loyal",))
    hints = [d.hint for d in caught.value.diagnostics]
    assert hints[0].startswith("loosen this limit to ")
    assert hints[1] == "loosening this limit alone is not enough"
    asked = Share(float(hints[0].split()[4].rstrip("%,")) / 100)
    assert ask("coverage", Keep("coverage", "at least", asked), *others, segments=("loyal",)).plans
