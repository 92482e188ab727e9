"""Delays and their sums, against the laws' definitions, closed forms and SciPy's adaptive quadrature."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from cascadesim.draws.quantiles import fit, quantile
from cascadesim.engines.exact.quadrature import Pieces, Table
from cascadesim.engines.exact.spreads import Between, LogNormal, Spread, Sum, Weibull, spread_of, sum_of
from cascadesim.engines.exact.stages import Stage, lag_of, message_stages, split_by_delivery
from cascadesim.model.channel import Channel
from cascadesim.model.rates import Delay
from cascadesim.units import DAY, HOUR, MINUTE, SECOND, Duration, Share
from tests.engines.exact_models import curve, fixed, half, model, rate, us

LAWS = {
    "seconds": half("2 s"),
    "messenger": half("4 min", "2 h"),
    "sms": Delay("lognormal", ((Share(0.5), us("6 s")), (Share(0.99), us("12 h")))),
    "email": half("6 h 25 min", "4 days", "weibull"),
    "sharp": half("60 min", "61 min"),
    "steep": half("60 min", "62 min", "weibull"),
    "curve": curve((0.25, "10 min"), (0.6, "1 h"), (1.0, "1 day")),
}
AGES = np.array([1.0, SECOND, MINUTE, 30.0 * MINUTE, 61.0 * MINUTE, 2.0 * HOUR, DAY, 7.0 * DAY])


def spread(name: str) -> Spread:
    found = spread_of(fit(LAWS[name]))
    assert found is not None
    return found


@pytest.mark.parametrize("name", LAWS)
def test_distribution_is_the_inverse_of_the_drawn_quantile(name: str) -> None:
    """P(delay <= u) must be P(quantile(law, uniform) <= u): quantiles are what engines draw."""
    for share in (0.001, 0.1, 0.5, 0.9, 0.999):
        drawn = quantile(fit(LAWS[name]), share)
        below, upto = spread(name).cdf(np.array([drawn - 1.0, float(drawn)]))
        assert below - 1e-12 <= share <= upto + 1e-12


@pytest.mark.parametrize("name", LAWS)
def test_density_is_the_slope_of_the_distribution(name: str) -> None:
    found = spread(name)
    whole = Pieces(found.knots)
    assert whole.integral(found.pdf(whole.at)) == pytest.approx(1.0, abs=1e-10)
    part = Pieces(np.unique(np.append(np.linspace(HOUR, 2 * HOUR, 400), 61 * MINUTE)))
    low, high = found.cdf(np.array([HOUR, 2.0 * HOUR]))
    assert part.integral(found.pdf(part.at)) == pytest.approx(high - low, abs=1e-9)


@pytest.mark.filterwarnings("ignore::scipy.integrate.IntegrationWarning")  # it meets rounding noise at the ends
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sms", "messenger"),
        ("seconds", "email"),
        ("email", "seconds"),
        ("sharp", "messenger"),
        ("steep", "sharp"),
        ("curve", "seconds"),
        ("messenger", "curve"),
    ],
)
def test_sum_of_two_delays(one: str, other: str) -> None:
    found = Sum(spread(one), spread(other)).cdf(AGES)
    expected = [convolved(spread(one), spread(other), age) for age in AGES]
    assert found == pytest.approx(expected, abs=1e-9)


def convolved(one: Spread, other: Spread, age: float) -> float:
    """P(one + other <= age) by adaptive quadrature over the logarithm of the first delay."""

    def integrand(log: float) -> float:
        delay = np.array([math.exp(log)])
        return float((delay * one.pdf(delay) * other.cdf(age - delay))[0])

    # both laws' corners and rises must be told: adaptive quadrature would not find them
    own = one.knots if len(one.knots) < 9 else one.knots[::4]
    edges = np.concatenate([own, age - other.knots[::3], age * (1 - 0.5 ** np.arange(1, 30))])
    edges = np.log(np.unique(np.clip(np.append(edges, one.knots[-1]), 1e-24, age)))
    return math.fsum(quad(integrand, a, b, epsabs=1e-11, limit=200)[0] for a, b in itertools.pairwise(edges))


def test_sum_of_three_exponential_delays() -> None:
    """Their sum is hypoexponential: P(sum > t) = sum over i of exp(-a_i t) times the product of a_j / (a_j - a_i)."""
    means = 90.0 * MINUTE, 20.0 * MINUTE, 3.0 * MINUTE
    found = Sum(Sum(Weibull(means[0], 1.0), Weibull(means[1], 1.0)), Weibull(means[2], 1.0)).cdf(AGES)
    expected = np.ones(len(AGES))
    for i, mean in enumerate(means):
        weight = math.prod(mean / (mean - other) for j, other in enumerate(means) if j != i)
        expected -= weight * np.exp(-AGES / mean)
    assert found == pytest.approx(expected, abs=1e-10)


def test_density_of_a_sum_integrates_to_its_distribution() -> None:
    both = Sum(spread("messenger"), spread("curve"))
    part = Pieces(np.unique(np.clip(both.knots, MINUTE, DAY)))
    low, high = both.cdf(np.array([MINUTE, float(DAY)]))
    assert part.integral(both.pdf(part.at)) == pytest.approx(high - low, abs=1e-10)


def test_equal_sums_share_one_table() -> None:
    assert sum_of(LogNormal(1.0, 2.0), Weibull(3.0, 1.0)) is sum_of(LogNormal(1.0, 2.0), Weibull(3.0, 1.0))


def test_delay_within_a_range() -> None:
    whole, low, high = spread("messenger"), 2.0 * MINUTE, 10.0 * MINUTE
    found = Between(whole, low, high).cdf(np.array([low, 5.0 * MINUTE, high, DAY]))
    below, middle, above = whole.cdf(np.array([low, 5.0 * MINUTE, high]))
    assert found == pytest.approx([0.0, (middle - below) / (above - below), 1.0, 1.0])


def test_whole_microseconds() -> None:
    """At once is one microsecond, and a fixed delay comes at its own time, not before (S1)."""
    assert lag_of(None, False).by(np.array([0.0, 1.0])) == pytest.approx([0.0, 1.0])
    assert lag_of(fixed("2 s"), True).by(np.array([2e6 - 1, 2e6])) == pytest.approx([0.0, 1.0])
    then = lag_of(None, False).then(lag_of(fixed("2 s"), False))
    assert then.by(np.array([2e6, 2e6 + 1])) == pytest.approx([0.0, 1.0])


def test_rounding_of_two_random_delays() -> None:
    """Delivery and open of some microseconds, each rounded up: the half microsecond added is right to 2e-3.

    Rounded up, an exponential delay of mean m is geometric with q = exp(-1 / m); the sum of two is at most n with
    probability 1 - q**n - n (1 - q) q**(n - 1). Without the half microsecond the error is ten times as large.
    """
    short = Delay("exponential", ((Share(0.5), Duration(7)),))
    made = model(Channel("sms", rates=(rate("delivers", 1.0, short), rate("opens", 1.0, short))))
    delivered = message_stages(made, "all", "sms", resend=False)
    (opened,) = delivered.after
    ages = np.arange(2.0, 60.0)
    q = 0.5 ** (1 / 7)
    expected = 1 - q**ages - ages * (1 - q) * q ** (ages - 1)
    assert delivered.lag.then(opened.lag).by(ages) == pytest.approx(expected, abs=2e-3)
    unshifted = delivered.lag.then(replace(opened.lag, constant=0.0)).by(ages)
    assert np.abs(unshifted - expected).max() > 1e-2


@pytest.mark.parametrize("delay", [None, fixed("10 s"), fixed("1 h"), LAWS["messenger"], LAWS["curve"]])
def test_known_deliveries_mix_to_the_whole(delay: Delay | None) -> None:
    """Delivered by ten minutes or not: the two parts, weighed, are the message that nothing is known of (S10)."""
    stage = Stage("delivered", 0.8, lag_of(delay, False))
    parts = split_by_delivery(stage, 10 * MINUTE)
    assert sum(chance for chance, _ in parts) == pytest.approx(1.0)
    mixed = sum(chance * part.share * part.lag.by(AGES) for chance, part in parts)
    assert mixed == pytest.approx(0.8 * stage.lag.by(AGES), abs=1e-14)
    (_, early), (_, late) = parts
    by_then = np.array([10.0 * MINUTE])
    assert early.share == 1.0
    assert late.share * late.lag.by(by_then) == pytest.approx(0.0)


def test_table_follows_jumps_at_its_edges_and_narrow_ends() -> None:
    def function(at: np.ndarray) -> np.ndarray:
        return np.where(at < 2.0, np.sin(at), 1.0 + stats.norm.cdf((at - 9.999) / 1e-3))

    table = Table(function, np.array([0.0, 2.0, 10.0]))
    at = np.concatenate([np.linspace(0.0, 10.0, 2001), 9.99 + np.linspace(0.0, 0.01, 500)])
    assert table(at) == pytest.approx(function(at), abs=1e-9)
    assert len(table.edges) < 40  # the jump is known: it is not looked for by halving


def test_integral_against_a_function() -> None:
    """The integral of cos(x) d sin(x) from 0 to 3 is (3 + sin(3) cos(3)) / 2."""
    pieces = Pieces(np.array([0.0, 1.0, 2.5, 3.0]))
    found = pieces.integral_against(np.cos(pieces.at), np.sin(pieces.at))
    assert found == pytest.approx((3 + math.sin(3) * math.cos(3)) / 2, abs=1e-9)
