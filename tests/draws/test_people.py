from __future__ import annotations

import math
from dataclasses import replace

import pytest

from cascadesim.draws.behaviour import Behaviour
from cascadesim.draws.kinds import kinds
from cascadesim.draws.people import draw_people
from cascadesim.draws.reach import patterns
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model, Scenario
from cascadesim.model.rates import Rate
from cascadesim.model.segment import Arrivals, Both, Headcount, Kind, Segment
from cascadesim.units import DAY, HOUR, Duration, Share


def channel(name: str, reaches: float, opens: float = 0.3) -> Channel:
    rates = (Rate("reaches", Share(reaches), Share(reaches)), Rate("opens", Share(opens), Share(opens)))
    return Channel(name, rates=rates)


CHANNELS = (channel("email", 0.9), channel("sms", 0.95), channel("viber", 0.6), channel("whatsapp", 0.7))
PAIRS = (Both("whatsapp", "viber", Share(0.5)), Both("viber", "email", Share(0.58)))


def model(*segments: Segment) -> Model:
    return Model(Scenario(seed=5), CHANNELS, segments)


def test_joint_reach_has_its_margins_and_pairs_and_nothing_else():
    """S4: the margins and the two pairs; given Viber, email and WhatsApp are independent (maximum entropy)."""
    names = [c.name for c in CHANNELS]
    table = patterns(model(Segment("s", Headcount(1), both=PAIRS)), "s", names)
    p = lambda *on: sum(share for pattern, share in table if set(on) <= pattern)  # noqa: E731
    assert sum(share for _, share in table) == pytest.approx(1)
    assert [p(n) for n in names] == pytest.approx([0.9, 0.95, 0.6, 0.7])
    assert (p("viber", "whatsapp"), p("viber", "email")) == pytest.approx((0.5, 0.58))
    assert p("viber", "email", "whatsapp") == pytest.approx(0.58 * 0.5 / 0.6)
    assert p("sms", "viber") == pytest.approx(0.95 * 0.6)


def test_drawn_people_have_the_joint_reach():
    """20,000 people: each pattern within 4.5 standard errors of its probability."""
    people = draw_people(m := model(Segment("s", Headcount(20_000), both=PAIRS)), ("s",), 0, {})
    for pattern, share in patterns(m, "s", [c.name for c in CHANNELS]):
        count = sum(p.reach == pattern for p in people)
        assert abs(count - 20_000 * share) <= 4.5 * math.sqrt(20_000 * share * (1 - share)) + 1


@pytest.mark.parametrize("both", [0.29, 0.61])
def test_reach_that_no_people_can_have(both):
    with pytest.raises(ValueError, match=r"between 30.0000% and 60.0000%"):
        patterns(model(Segment("s", Headcount(1), both=(Both("viber", "whatsapp", Share(both)),))), "s", ["viber"])


def test_pairs_that_cannot_be_together():
    """Three channels of half the people each, no two of which share anybody: one and a half times everybody."""
    channels = tuple(channel(n, 0.5) for n in "abc")
    pairs = tuple(Both(x, y, Share(0.0)) for x, y in ("ab", "bc", "ac"))
    with pytest.raises(ValueError, match="no people can have"):
        patterns(Model(channels=channels, segments=(Segment("s", Headcount(1), both=pairs),)), "s", ["a"])


def test_the_rest_of_the_kinds_keeps_the_mean():
    """S4: 30% x1.4 and 20% x0.2: the rest is 50% with (1 - 0.42 - 0.04) / 0.5 = 1.08."""
    segment = Segment(
        "s",
        Headcount(1),
        kinds=(Kind("eager", Share(0.3), 1.4), Kind("silent", Share(0.2), 0.2), Kind("usual", None, None)),
    )
    assert kinds(segment)[2] == ("usual", pytest.approx(0.5), pytest.approx(1.08))
    assert sum(share * factor for _, share, factor in kinds(segment)) == pytest.approx(1)


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        ([("a", 0.7, 1.0), ("b", 0.4, 1.0), ("c", None, None)], "more than everybody"),
        ([("a", 0.9, 1.4), ("c", None, None)], "negative"),
        ([("a", 0.5, 1.4), ("b", 0.5, 1.0)], "the rest usual"),
        ([("a", 1.0, 1.0), ("c", None, None)], "nobody is left"),
    ],
)
def test_impossible_kinds(stated, why):
    told = tuple(Kind(n, None if s is None else Share(s), f) for n, s, f in stated)
    with pytest.raises(ValueError, match=why):
        kinds(Segment("s", Headcount(1), kinds=told))


def test_people_do_not_depend_on_other_segments_or_on_the_order_of_the_file():
    a, b = Segment("a", Headcount(50)), Segment("b", Headcount(70))
    alone = draw_people(model(a), ("a",), 0, {})
    other = Model(Scenario(seed=5), CHANNELS[::-1], (b, a))
    together = [p for p in draw_people(other, ("b", "a"), 0, {}) if p.segment == "a"]
    assert [replace(p, place=0) for p in together] == [replace(p, place=0) for p in alone]
    assert draw_people(model(a), ("a",), 1, {}) != alone


def test_arrivals_are_a_poisson_stream():
    """S2: 100 an hour for 5 days: 12,000 expected, s.d. 109.5; strictly increasing, before the end; and the gaps
    are exponential: their s.d. is their mean, 36 s, within 4.5 x 36 / sqrt(2 x 12,000) x 2."""
    people = draw_people(model(Segment("s", Arrivals(100, Duration(HOUR), Duration(5 * DAY)))), ("s",), 0, {})
    entries = [p.entry for p in people]
    assert abs(len(people) - 12_000) < 4.5 * 109.5
    assert all(x < y for x, y in zip([0, *entries], entries, strict=False))
    assert entries[-1] < 5 * DAY
    gaps = [(y - x) / 1e6 for x, y in zip([0, *entries], entries, strict=False)]
    mean = sum(gaps) / len(gaps)
    spread = math.sqrt(sum((g - mean) ** 2 for g in gaps) / len(gaps))
    assert abs(spread - mean) < 4.5 * 36 / math.sqrt(12_000) * 1.5


def test_opens_have_the_rate_of_the_kind_and_are_drawn_anew_for_each_attempt():
    m = model(Segment("s", Headcount(20_000), kinds=(Kind("eager", Share(0.5), 1.5), Kind("usual", None, None))))
    behaviour = Behaviour(m, 0)
    people = draw_people(m, ("s",), 0, {})
    eager = [p for p in people if p.factor == 1.5]
    first = [behaviour.message(p, "sms", 0, 0).opened is not None for p in eager]
    second = [behaviour.message(p, "sms", 1, 0).opened is not None for p in eager]
    share = sum(first) / len(eager)
    assert abs(share - 0.45) < 4.5 * math.sqrt(0.45 * 0.55 / len(eager))
    both = sum(a and b for a, b in zip(first, second, strict=True)) / len(eager)
    assert abs(both - 0.45**2) < 4.5 * math.sqrt(0.2025 * 0.8 / len(eager))
