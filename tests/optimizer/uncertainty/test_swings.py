"""The optimum as one rate moves, where it has a closed form: two channels, one step, the most coverage."""

from __future__ import annotations

import math

import pytest

import cascadesim
from cascadesim.optimizer import optimize
from cascadesim.optimizer.uncertainty import RateName, Swing, swings, switches

SCRIPT = """
cascade 1

channel mail
    reaches   100%
    opens     30% measured on 400
    costs     0.01 EUR per message sent

channel text
    reaches   100%
    opens     28%
    costs     0.01 EUR per message sent

segment everyone
    people    1k

optimize
    maximize  coverage
    {keep}
    choose from mail, text
    steps     1 to 1
"""
MAIL = RateName("mail", "opens")


def found(keep: str = "keep messages per person at most 1") -> dict[RateName, Swing]:
    model = cascadesim.read_text(SCRIPT.format(keep=keep)).model
    answer = optimize(model, model.questions[0])
    return {swing.name: swing for swing in swings(model, answer)}


def test_the_optimum_is_the_better_of_the_two() -> None:
    """What is believed of 30% on 400 is some 25.7% to 34.7%; 28% is moved by a fifth of itself either way."""
    swing = found()[MAIL]
    low, high = swing.points
    assert swing.is_believed
    assert (low.value, high.value) == (pytest.approx(0.28), pytest.approx(high.rate))
    assert (low.own, high.own) == (pytest.approx(low.rate), pytest.approx(high.rate))
    other = found()[RateName("text", "opens")]
    assert not other.is_believed
    assert [p.rate for p in other.points] == pytest.approx([0.224, 0.336])
    assert [p.value for p in other.points] == pytest.approx([0.30, 0.336])


def test_the_widest_comes_first_and_what_is_certain_does_not_move() -> None:
    swings_found = list(found().values())
    assert [s.width for s in swings_found] == sorted((s.width for s in swings_found), reverse=True)
    assert {s.name.verb for s in swings_found} == {"opens"}  # reach is 100%: nothing to move


def test_where_no_plan_keeps_the_limits_there_is_no_value() -> None:
    """At the low end of mail neither covers 29%; the answer's plan breaks the limit there too."""
    swing = found("keep coverage at least 29%")[MAIL]
    low, high = swing.points
    assert (low.value, low.pick, low.kept) == (None, None, False)
    assert high.kept
    assert swing.width == math.inf


def test_the_plan_switches_where_the_rates_cross() -> None:
    model = cascadesim.read_text(SCRIPT.format(keep="keep messages per person at most 1")).model
    swing = switches(model, optimize(model, model.questions[0]), MAIL, points=9)
    assert len(swing.points) == 9
    for point in swing.points:
        assert point.pick is not None
        assert point.pick[0][0].channel == ("mail" if point.rate > 0.28 else "text")
        assert point.value == pytest.approx(max(point.rate, 0.28))


def test_a_rate_moves_only_as_far_as_it_can_be_true() -> None:
    """The eager open 1.4 times as often: 70% by a fifth more would be 118% of them."""
    text = SCRIPT.format(keep="keep messages per person at most 1").replace("28%", "70%")
    text = text.replace("people    1k", "people    1k\n    kinds     30% eager x1.4, the rest usual")
    model = cascadesim.read_text(text).model
    answer = optimize(model, model.questions[0])
    ends = {s.name.channel: s.points[-1].rate for s in swings(model, answer)}
    assert 0.70 <= ends["text"] <= 1 / 1.4
