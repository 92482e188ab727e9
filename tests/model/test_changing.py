"""`with_rate`: the one rate is changed, and nothing else; what is no rate is answered with those there are."""

from __future__ import annotations

import pytest

from cascadesim.language import read_text, script_of
from cascadesim.model.changing import with_rate
from cascadesim.model.model import Model
from cascadesim.units import Share

SCRIPT = """cascade 1

channel viber
    reaches   50% to 60%
    opens     61% measured on 900, half within 4 min
    costs     0.020 EUR per message sent

segment loyal
    people    10
    opens     viber 70%

segment new
    people    10

chain short
    stop when opened
    send viber
"""


@pytest.fixture(scope="module")
def model() -> Model:
    return read_text(SCRIPT).model


def test_a_channels_rate(model: Model) -> None:
    changed = with_rate(model, "viber", "opens", 0.4)
    assert script_of(changed) == script_of(read_text(SCRIPT.replace("61% measured on 900", "40%")).model)
    assert script_of(model) != script_of(changed)


def test_a_range_becomes_a_point(model: Model) -> None:
    rate = with_rate(model, "viber", "reaches", "41%").channel("viber").rate("reaches")
    assert rate is not None
    assert (rate.low, rate.high) == (Share(0.41), Share(0.41))


def test_a_segments_own(model: Model) -> None:
    changed = with_rate(model, "viber", "opens", "40%", "loyal")
    assert script_of(changed) == script_of(read_text(SCRIPT.replace("70%", "40%")).model)


@pytest.mark.parametrize(
    ("rate", "told"),
    [
        (("viber", "clicks", 0.4), "there are reaches on viber; opens on viber; opens on viber for loyal"),
        (("sms", "opens", 0.4), "nobody states that rate"),
        (("viber", "opens", 0.4, "new"), "nobody states that rate"),
        (("viber", "opens", 40), "lies between 0 and 1"),
        (("viber", "opens", "0.4"), "write it with its sign"),
    ],
)
def test_what_is_no_rate(model: Model, rate: tuple[object, ...], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        with_rate(model, *rate)  # type: ignore[arg-type]
