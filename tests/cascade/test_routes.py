"""Who follows which chain of a plan (S14), by segment, reach pattern and lot."""

from __future__ import annotations

import pytest

from cascadesim.cascade.routes import choose
from cascadesim.model.chain import Chain, Route
from cascadesim.model.person import Person
from cascadesim.units import Share

CHAIN = Chain("c", ())


def _person(*reach: str, segment: str = "s") -> Person:
    return Person(segment, 0, "0", segment, 0, 0, 0, "UTC", frozenset(reach))


def _nobody_asks(person: Person) -> float:
    raise AssertionError("a single route needs no lot")


def test_one_route_is_followed_without_a_lot():
    routes = [Route("r", CHAIN), Route("s", CHAIN)]
    assert choose(routes, _person("sms"), _nobody_asks) == 1
    assert choose(routes, _person(segment="r"), _nobody_asks) == 0
    assert choose(routes, _person(segment="t"), _nobody_asks) is None


@pytest.mark.parametrize(("lot", "place"), [(0.001, 1), (0.2999, 1), (0.3, 3), (0.7999, 3), (0.8, 4), (0.9999, 4)])
def test_shares_are_laid_end_to_end(lot: float, place: int):
    routes = [
        Route("r", CHAIN),
        Route("s", CHAIN, Share(0.3)),
        Route("t", CHAIN),
        Route("s", CHAIN, Share(0.5)),
        Route("s", CHAIN, Share(0.2)),
    ]
    assert choose(routes, _person(), lambda person: lot) == place


def test_a_lot_beyond_what_the_shares_come_to_is_the_last_ones():
    """Shares are doubles: ten tenths may come to a little less than 1."""
    routes = [Route("s", CHAIN, Share(0.1))] * 10
    assert choose(routes, _person(), lambda person: 1 - 2**-53) == 9


def test_a_pattern_speaks_of_the_channels_that_any_pattern_of_the_segment_names():
    """The segment's patterns name push and sms; whether email reaches does not matter to them."""
    routes = [
        Route("s", CHAIN, reach=("push", "sms")),
        Route("s", CHAIN, reach=("sms",)),
        Route("s", CHAIN, reach=()),
        Route("r", CHAIN, reach=("email",)),
    ]
    assert choose(routes, _person("email", "sms", "push"), _nobody_asks) == 0
    assert choose(routes, _person("email", "sms"), _nobody_asks) == 1
    assert choose(routes, _person("email"), _nobody_asks) == 2
    assert choose(routes, _person("push"), _nobody_asks) is None


def test_a_pattern_may_be_split_too():
    routes = [
        Route("s", CHAIN, Share(0.5), ("sms",)),
        Route("s", CHAIN, Share(0.5), ("sms",)),
        Route("s", CHAIN, reach=()),
    ]
    assert choose(routes, _person("sms"), lambda person: 0.7) == 1
    assert choose(routes, _person(), _nobody_asks) == 2
