"""Small chains worked out by hand; the numbers are in the docstrings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cascadesim.engines.exact import evaluate
from cascadesim.engines.outcome import Figures
from cascadesim.model.chain import Chain, Event
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model
from cascadesim.model.rates import Delay
from cascadesim.model.segment import Arrivals, Headcount, Kind, Leave, Segment
from cascadesim.units import DAY, HOUR, SECOND, Duration, Share
from tests.engines.exact_models import chain, fixed, model, opened, price, rate, send, us


def viber(opens: float = 0.5, after: Delay | None = None, delivers: float = 1.0, **more: object) -> Channel:
    rates = (rate("reaches", 0.6), rate("delivers", delivers), rate("opens", opens, after or fixed("1 h")))
    return Channel("viber", rates=rates, costs=(price("0.02 EUR", "message delivered"),), **more)  # type: ignore[arg-type]


def sms(opens: float = 0.2, **more: object) -> Channel:
    return Channel("sms", rates=(rate("opens", opens),), costs=(price("0.05 EUR", "message sent"),), **more)  # type: ignore[arg-type]


def figures(made: Model, steps: Chain) -> Figures:
    return evaluate(made, made.routes(steps)).total


def means(found: Figures, *names: str) -> object:
    return pytest.approx([getattr(found, name).mean for name in names])


def test_who_has_opened_gets_no_more() -> None:
    """60% have viber and half of them open after 1 h: 0.3. The other 0.7 get an sms after 2 h and 20% open: 0.14.

    Messages: 0.6 + 0.7. Cost: 0.6 x 0.02 + 0.7 x 0.05 = 0.047 EUR a person, 47 EUR for 1000 people.
    """
    found = figures(model(viber(), sms()), chain(send("viber", "2 h"), send("sms")))
    assert means(found, "coverage", "messages_per_person", "duplicates_per_person", "cost_per_person", "cost") == [
        0.44,
        1.3,
        0.0,
        0.047,
        47.0,
    ]
    assert found.cost_per_covered.mean == pytest.approx(0.047 / 0.44)
    first, second = found.steps
    assert [first.sent.mean, first.delivered.mean, first.opened.mean, first.first_opens.mean] == pytest.approx(
        [600, 600, 300, 300]
    )
    assert [second.sent.mean, second.opened.mean, second.first_opens.mean] == pytest.approx([700, 140, 140])
    assert (first.cost.mean, second.cost.mean) == pytest.approx((12.0, 35.0))
    assert first.queue_p90 == 0.0
    assert found.time_to_open.p50 == pytest.approx(HOUR / SECOND + 1e-6)
    assert found.time_to_open.p90 == pytest.approx(2 * HOUR / SECOND + 2e-6)


def test_late_reactions_count() -> None:
    """The sms goes out after 30 min, when nobody has opened: to all 1000. Viber's 0.3 open after 1 h all the same.

    Covered: 1 - 0.7 x 0.8. Of viber's 300 openers a fifth had opened the sms before: 240 first opens.
    """
    found = figures(model(viber(), sms()), chain(send("viber", "30 min"), send("sms")))
    assert means(found, "coverage", "messages_per_person", "duplicates_per_person") == [0.44, 1.6, 0.0]
    assert [s.first_opens.mean for s in found.steps] == pytest.approx([240, 200])


def test_what_is_not_reported_does_not_stop() -> None:
    """Viber does not report opens: everybody gets the sms too, 300 of them after they had opened."""
    made = model(viber(reports=("delivered",)), sms())
    found = figures(made, chain(send("viber", "2 h"), send("sms")))
    assert means(found, "coverage", "messages_per_person", "duplicates_per_person") == [0.44, 1.6, 0.3]
    assert [s.first_opens.mean for s in found.steps] == pytest.approx([300, 140])


def test_wait_ends_early_for_the_undelivered() -> None:
    """Half of viber's 600 are not delivered: their sms goes out after 10 min, the delivered's after 2 h.

    Within 1 h cover: of those without viber (0.4) 20% by sms at once; of the undelivered (0.3) 20%; of the delivered
    (0.3) half, by an open at 1 h to the microsecond after delivery, which is too late by 1 us.
    """
    made = model(viber(delivers=0.5), sms(), within="1 h")
    found = figures(made, chain(send("viber", "2 h", "10 min"), send("sms")))
    assert found.coverage.mean == pytest.approx(0.4 * 0.2 + 0.3 * 0.2)
    assert found.messages_per_person.mean == pytest.approx(0.6 + 0.4 + 0.3 + 0.15)


@pytest.mark.parametrize(("within", "coverage"), [(HOUR, 0.0), (HOUR + 1, 0.3), (DAY, 0.3)])
def test_deadline_holds_its_own_instant(within: int, coverage: float) -> None:
    """Delivered after 1 us and opened 1 h later: covered by a deadline of 1 h and 1 us (S12)."""
    made = model(viber())
    routes = made.routes(chain(send("viber")))
    assert evaluate(made, routes, goal=((opened(),), within)).total.coverage.mean == pytest.approx(coverage)


def test_nothing_goes_out_at_the_horizon() -> None:
    """Seven days: a step due at their end is not sent, one due a microsecond earlier is (S2)."""
    for wait, sent in ((Duration(7 * DAY), 0.0), (Duration(7 * DAY - 1), 0.7)):
        late = send("viber", str(wait))
        found = figures(model(viber(), sms()), chain(late, send("sms")))
        assert found.steps[1].sent.mean == pytest.approx(1000 * (0.4 + sent - 0.4 if sent else 0.4))
        # those without viber get it at once, whatever the wait
    assert found.steps[1].queue_p90 == 0.0


def test_a_step_that_nobody_gets_has_no_queue() -> None:
    made = model(viber(), replace(sms(), rates=(rate("reaches", 0.0), rate("opens", 0.2))))
    step = figures(made, chain(send("viber", "2 h"), send("sms"))).steps[1]
    assert (step.sent.mean, step.queue_p90) == (0.0, None)


def test_resend_has_a_rate_of_its_own() -> None:
    """First 20%, again 10%: 1 - 0.8 x 0.9; the second goes to the 0.8 who have not opened."""
    made = model(sms(resend=(rate("opens", 0.1),)))
    found = figures(made, chain(send("sms", "1 h"), send("sms")))
    assert means(found, "coverage", "messages_per_person") == [0.28, 1.8]


def test_kinds_open_together() -> None:
    """Half open twice as often as told, half never: of two messages at 30% each, cover 0.5 x (1 - 0.4 x 0.4)."""
    kinds = (Kind("eager", Share(0.5), 2.0), Kind("usual", None, None))
    made = model(sms(0.3), segments=(Segment("all", Headcount(10), kinds=kinds),))
    found = figures(made, chain(send("sms", "1 h"), send("sms")))
    assert means(found, "coverage", "messages_per_person") == [0.42, 1.7]


def test_no_kind_opens_more_than_always() -> None:
    """A factor of 3 on 40% makes it 100%, as in a draw: everybody of that kind opens, and half of them click."""
    kinds = (Kind("eager", Share(0.2), 3.0), Kind("usual", None, None))
    clicked = replace(sms(), rates=(rate("opens", 0.4), rate("clicks", 0.5)))
    segment = Segment("all", Headcount(10), kinds=kinds)
    made = model(clicked, segments=(segment,), cover=(Event("clicked"),))
    assert figures(made, chain(send("sms"))).coverage.mean == pytest.approx(0.5 * (0.2 * 1.0 + 0.8 * 0.4 * 0.5))


def test_outside_event_stops_and_covers() -> None:
    """A quarter buy after 1 h. Named as stop and cover, they get no sms at 2 h, and are covered: 0.25 + 0.75 x 0.44.

    First opens: 0.4 x 0.2 of those without viber, whose sms went out at once, and 0.75 x (0.3 + 0.3 x 0.2) of the
    others, as viber is opened one microsecond after the purchase.
    """
    segment = Segment("all", Headcount(1000), leaves=(Leave("bought", Share(0.25), fixed("1 h")),))
    bought = Event(outside="bought")
    made = model(viber(), sms(), segments=(segment,), cover=(opened(), bought))
    found = figures(made, chain(send("viber", "2 h"), send("sms"), stop=(opened(), bought)))
    assert means(found, "coverage", "messages_per_person") == [0.25 + 0.75 * 0.44, 0.6 + 0.4 + 0.75 * 0.3]
    assert sum(s.first_opens.mean for s in found.steps) == pytest.approx(80 + 0.75 * 360)
    unnamed = figures(made, chain(send("viber", "2 h"), send("sms")))
    assert unnamed.messages_per_person.mean == pytest.approx(1.3)


def test_stop_that_covers_nobody() -> None:
    """Stop when delivered, covered when opened: the 300 with a delivered viber get no sms, whether they open or not."""
    made = model(viber(delivers=0.5), sms())
    found = figures(made, chain(send("viber", "2 h"), send("sms"), stop=(Event("delivered"),)))
    assert means(found, "coverage", "messages_per_person") == [0.3 * 0.5 + 0.7 * 0.2, 0.6 + 0.7]


def test_unsubscribing_always_stops() -> None:
    """A tenth of those who open unsubscribe: 0.03 get no sms, though the chain has no stop rule."""
    rates = (*viber().rates, rate("unsubscribes", 0.1))
    made = model(replace(viber(), rates=rates, reports=()), sms())
    found = figures(made, chain(send("viber", "2 h"), send("sms"), stop=()))
    assert found.messages_per_person.mean == pytest.approx(0.6 + 1 - 0.03)


def test_fees_and_minimum_are_in_totals_only() -> None:
    """Two segments of 1000: viber costs 12 EUR each and 100 EUR once; sms 35 EUR each and 30 once, at least 500."""
    segments = tuple(Segment(name, Headcount(1000)) for name in ("a", "b"))
    paid = replace(viber(), costs=(*viber().costs, price("100 EUR", "campaign")))
    least = replace(sms(), costs=(*sms().costs, price("30 EUR", "campaign"), price("500 EUR", "campaign", True)))
    made = model(paid, least, segments=segments)
    steps = chain(send("viber", "2 h"), send("sms"))
    outcome = evaluate(made, made.routes(steps))
    assert [s.figures.cost.mean for s in outcome.segments] == pytest.approx([47.0, 47.0])
    assert outcome.total.cost.mean == pytest.approx(24 + 100 + 500)
    assert outcome.total.cost_per_person.mean == pytest.approx(0.312)
    assert outcome.chain == "c"
    assert outcome.segment("b").people == 1000


def test_arrivals_are_their_expected_number() -> None:
    """330 an hour for 5 days."""
    people = Arrivals(330, us("1 h"), us("5 days"))
    made = model(sms(), segments=(Segment("all", people),))
    (segment,) = evaluate(made, made.routes(chain(send("sms")))).segments
    assert segment.people == pytest.approx(39_600)
    assert segment.figures.steps[0].opened.mean == pytest.approx(7_920)


def test_half_of_the_openers_by_an_instant() -> None:
    """44% open at 1 h, and as many at 3 h: half have by the first, whatever rounding errors say of 1 - (1 - 0.44)."""
    later = replace(sms(resend=(rate("opens", 0.44 / 0.56),)), rates=(rate("opens", 0.44, fixed("1 h")),))
    found = figures(model(later), chain(send("sms", "2 h"), send("sms")))
    assert found.coverage.mean == pytest.approx(0.88)
    assert found.time_to_open.p50 == pytest.approx(HOUR / SECOND + 1e-6)


def test_nobody_covered_has_no_cost_per_covered() -> None:
    found = figures(model(sms(opens=0.0)), chain(send("sms")))
    assert found.cost_per_covered.mean is None
    assert found.time_to_open.p50 is None
    assert found.coverage.mean == 0.0


def test_estimates_are_exact() -> None:
    found = figures(model(viber(), sms()), chain(send("viber", "2 h"), send("sms")))
    assert found.coverage.low == found.coverage.mean == found.coverage.high


def test_answers_are_opens() -> None:
    """A call answered by 40% of the reached; `answered` and `opened` cover alike, `sms answered` never is."""
    call = Channel("call", rates=(rate("reaches", 0.5), rate("answers", 0.4)), lasts=us("40 s"))
    call = replace(call, costs=(price("0.06 EUR", "started minute"),))
    steps = chain(send("call", "1 h"), send("sms"), stop=(Event("answered"),))
    for cover, coverage in (((Event("answered"),), 0.2), ((opened("call"),), 0.2), ((opened(),), 0.2 + 0.8 * 0.2)):
        found = figures(model(call, sms(), cover=cover), steps)
        assert found.coverage.mean == pytest.approx(coverage)
        assert found.steps[0].opened.mean == pytest.approx(200)
        assert found.steps[0].cost.mean == pytest.approx(12.0)
        assert found.messages_per_person.mean == pytest.approx(0.5 + 0.8)
