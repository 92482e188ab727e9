"""The probability of silence (S15: S, G, J) against integrals written out by hand, where delays are exponential."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy.integrate import quad

from cascadesim.engines.exact.spreads import Weibull
from cascadesim.engines.exact.stages import Lag, Stage
from cascadesim.engines.exact.watch import Watch
from cascadesim.units import DAY, HOUR, MINUTE

DELIVERY, OPEN, CLICK, REPLY = (1 / (minutes * MINUTE) for minutes in (7.0, 40.0, 15.0, 120.0))  # one over the mean
DELIVERED, OPENED, CLICKED, REPLIED = 0.9, 0.5, 0.4, 0.3
HORIZON = 7 * DAY
FACTORS = np.array([1.0, 1.5, 0.2])
AGES = [(0.0, 30.0 * MINUTE), (20.0 * MINUTE, 60.0 * MINUTE), (3.0 * HOUR, 90.0 * MINUTE), (HOUR, 2.0 * DAY)]


def exponential(rate: float) -> Lag:
    return Lag(0.0, Weibull(1 / rate, 1.0))


def message(clicks_of: str = "opened", delivered: Lag | None = None) -> Stage:
    clicked = Stage("clicked", CLICKED, exponential(CLICK))
    replied = Stage("replied", REPLIED, exponential(REPLY))
    after_open = (clicked, replied) if clicks_of == "opened" else (replied,)
    opened = Stage("opened", OPENED, exponential(OPEN), True, after_open)
    after = (opened,) if clicks_of == "opened" else (opened, clicked)
    return Stage("delivered", DELIVERED, exponential(DELIVERY) if delivered is None else delivered, after=after)


def by(rate: float, age: float) -> float:
    return -math.expm1(-rate * max(0.0, age))


def until(time: float, function: Callable[[float], float], *cuts: float) -> float:
    inside = sorted({0.0, time, *(c for c in cuts if 0 < c < time)})
    return math.fsum(quad(function, a, b, epsabs=1e-12)[0] for a, b in itertools.pairwise(inside))


def opened_at(time: float) -> float:
    """The density of delivery and open together."""
    return DELIVERY * OPEN / (OPEN - DELIVERY) * (math.exp(-DELIVERY * time) - math.exp(-OPEN * time))


@pytest.mark.parametrize(("u", "v"), AGES)
@pytest.mark.parametrize("kind", range(3))
def test_stop_and_cover_after_a_common_stage(u: float, v: float, kind: int) -> None:
    """Stop when replied, covered when clicked: given the open, the two are independent."""
    share = DELIVERED * OPENED * FACTORS[kind]

    def silent(open_: float) -> float:
        return (1 - CLICKED * by(CLICK, v - open_)) * (1 - REPLIED * by(REPLY, u - open_))

    seen = until(max(u, v), lambda t: opened_at(t) * (1 - silent(t)), u, v)
    watch = Watch((message(),), frozenset({"clicked"}), FACTORS, HORIZON, frozenset({"replied"}))
    assert watch.silence(np.array([v]), u)[0, kind] == pytest.approx(1 - share * seen, abs=1e-10)


@pytest.mark.parametrize(("u", "v"), AGES)
def test_stop_before_cover(u: float, v: float) -> None:
    """Stop when opened, covered when clicked: an open up to u is a stop, a later one may bring a click up to v."""
    share = DELIVERED * OPENED
    opened_by_u = until(u, opened_at)
    clicked_later = until(v, opened_at_and(lambda t: CLICKED * by(CLICK, v - t) if t > u else 0.0), u)
    watch = Watch((message(),), frozenset({"clicked"}), np.ones(1), HORIZON, frozenset({"opened"}))
    assert watch.silence(np.array([v]), u)[0, 0] == pytest.approx(1 - share * (opened_by_u + clicked_later), abs=1e-10)


@pytest.mark.parametrize(("u", "v"), AGES)
def test_cover_before_stop(u: float, v: float) -> None:
    """Stop when clicked, covered when opened, which every click implies: up to v > u only the open matters."""
    share = DELIVERED * OPENED
    opened_by_v = until(v, opened_at)
    clicked_later = until(u, opened_at_and(lambda t: CLICKED * by(CLICK, u - t) if t > v else 0.0), v)
    watch = Watch((message(),), frozenset({"opened"}), np.ones(1), HORIZON, frozenset({"clicked"}))
    assert watch.implies_cover()
    assert watch.silence(np.array([v]), u)[0, 0] == pytest.approx(1 - share * (opened_by_v + clicked_later), abs=1e-10)


def opened_at_and(chance: Callable[[float], float]) -> Callable[[float], float]:
    return lambda time: opened_at(time) * chance(time)


@pytest.mark.parametrize(("u", "v"), AGES)
def test_branches_below_branches(u: float, v: float) -> None:
    """Clicks of the delivered, replies of the opened: two integrals, one inside the other."""

    def replied_late(time: float) -> float:
        """P(no reply by u, which counts from the delivery)."""
        seen = until(time, lambda t: OPEN * math.exp(-OPEN * t) * REPLIED * by(REPLY, time - t))
        return 1 - OPENED * seen

    def silent(time: float) -> float:
        return replied_late(max(0.0, u - time)) * (1 - CLICKED * by(CLICK, v - time))

    seen = until(max(u, v), lambda t: DELIVERY * math.exp(-DELIVERY * t) * (1 - silent(t)), u, v)
    watch = Watch((message("delivered"),), frozenset({"clicked"}), np.ones(1), HORIZON, frozenset({"replied"}))
    assert watch.silence(np.array([v]), u)[0, 0] == pytest.approx(1 - DELIVERED * seen, abs=1e-9)


@pytest.mark.parametrize("delivered", [exponential(DELIVERY), Lag(1.0), Lag(10.0 * MINUTE)])
@pytest.mark.parametrize("u", [0.0, 45.0 * MINUTE])
def test_many_ages_at_once_are_tabulated(delivered: Lag, u: float) -> None:
    def watch() -> Watch:
        return Watch(
            (message("opened", delivered),), frozenset({"clicked", "replied"}), FACTORS, HORIZON, frozenset({"opened"})
        )

    ages = np.concatenate([np.geomspace(MINUTE, HORIZON, 90), [10.0 * MINUTE, 45.0 * MINUTE, 10.0 * MINUTE - 1]])
    one_by_one = np.concatenate([watch().silence(np.array([age]), u) for age in ages])
    assert watch().silence(ages, u) == pytest.approx(one_by_one, abs=1e-10)


def test_nothing_to_watch_for() -> None:
    unseen = Watch((message(),), frozenset({"converted"}), np.ones(2), HORIZON)
    assert unseen.silence(np.array([float(DAY)])).tolist() == [[1.0, 1.0]]
    assert unseen.implies_cover()


@pytest.mark.parametrize(
    ("stop", "cover", "implied"),
    [
        ({"opened"}, {"opened"}, True),
        ({"clicked", "replied"}, {"opened"}, True),
        ({"clicked"}, {"delivered"}, True),
        ({"opened"}, {"clicked"}, False),
        ({"replied", "clicked"}, {"clicked"}, False),
        (set(), {"clicked"}, True),
    ],
)
def test_whether_stops_imply_covers(stop: set[str], cover: set[str], implied: bool) -> None:
    watch = Watch((message(),), frozenset(cover), np.ones(1), HORIZON, frozenset(stop))
    assert watch.implies_cover() is implied
