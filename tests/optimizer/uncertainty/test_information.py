"""What knowing a rate is worth, against the closed form of two plans: one certain, one open."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import beta, betabinom

from cascadesim.optimizer.uncertainty.beliefs import Belief, RateName
from cascadesim.optimizer.uncertainty.information import (
    SIZES,
    Worthwhile,
    after,
    parabolas,
    suggestion,
    worthwhile,
)

KNOWN = 0.3
OPEN = Belief(RateName("b", "opens"), 12.0, 30.0)
OTHER = Belief(RateName("c", "opens"), 20.0, 20.0)
DRAWS = 300


def sample(*beliefs: Belief) -> np.ndarray:
    generator = np.random.default_rng(5)
    return np.column_stack([generator.beta(b.a, b.b, DRAWS) for b in beliefs])


def coverage(rates: np.ndarray) -> np.ndarray:
    """Minus what two channels cover: one known, one of the first rate."""
    return -np.column_stack([np.full(len(rates), KNOWN), rates[:, 0]])


def gained(posterior_means: np.ndarray, weights: np.ndarray) -> float:
    return float(weights @ np.maximum(posterior_means, KNOWN)) - max(OPEN.mean, KNOWN)


def test_knowing_the_rate_exactly():
    """E max(rate, 30%) less the larger of both means; E(rate; rate > t) = mean x P(Beta(a + 1, b) > t).

    The distribution is 4,000 equally likely rates: what is under one of them is off by up to a part in so many.
    """
    rates = sample(OPEN)
    (found,) = worthwhile([OPEN], rates, coverage(rates))
    above = OPEN.mean * beta(OPEN.a + 1, OPEN.b).sf(KNOWN) + KNOWN * beta(OPEN.a, OPEN.b).cdf(KNOWN)
    assert found.exactly == pytest.approx(above - max(OPEN.mean, KNOWN), rel=1 / 4_000)


def test_measuring_the_rate_on_n_people():
    """After k of n the mean is (a + k) / (a + b + n), and k is beta-binomial. Of 3,000 counts two are put together."""
    rates = sample(OPEN)
    (found,) = worthwhile([OPEN], rates, coverage(rates))
    for size in SIZES[:4]:
        k = np.arange(size + 1)
        expected = gained((OPEN.a + k) / (OPEN.a + OPEN.b + size), betabinom(size, OPEN.a, OPEN.b).pmf(k))
        assert found.gain(size) == pytest.approx(expected, rel=1e-4)


def test_between_nothing_and_everything_and_more_the_more_are_asked():
    rates = sample(OPEN, OTHER)
    values = np.column_stack([coverage(rates), -rates[:, 1] * (1 - rates[:, 0])])
    for found in worthwhile([OPEN, OTHER], rates, values):
        gains = [0.0, *found.measured, found.exactly]
        assert all(one < other for one, other in pairwise(gains))
        assert found.gain(100_000) == pytest.approx(found.exactly, rel=0.01)


def test_a_rate_that_decides_nothing_is_worth_nothing():
    """Whatever the second rate is, the same plan is best; nor does noise from the first one make it look useful."""
    rates = sample(OPEN, OTHER)
    values = coverage(rates) + 0.1 * rates[:, [1]]
    found = worthwhile([OPEN, OTHER], rates, values)
    assert found[1].exactly == pytest.approx(0.0, abs=1e-9)
    assert max(found[1].measured) <= found[1].exactly


def test_the_other_rates_noise_is_taken_out():
    """Two rates of the same weight: given one, a plan is worth what the other is on the average, to four digits."""
    rates = sample(OPEN, OTHER)
    values = (2 * rates[:, [0]] + 2 * rates[:, [1]]) @ np.ones((1, 1))
    (constant,), (slope,), (bend,) = parabolas([OPEN, OTHER], rates, values, 0)
    assert (constant, slope) == pytest.approx((2 * OPEN.mean + 2 * OTHER.mean, 2.0))
    assert bend == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("people", [1, 7, 4_500])
def test_what_a_count_may_leave(people):
    """The moments about the mean over all counts are those of the belief: what is learnt is open beforehand."""
    moments, weights = after(OPEN, people)
    assert len(weights) <= min(people + 1, 2_000)
    assert weights @ moments == pytest.approx([1.0, 0.0, OPEN.deviation**2], abs=1e-12)
    learnt = OPEN.deviation**2 * people / (OPEN.a + OPEN.b + people)  # the variance of the posterior mean
    assert weights @ moments[:, 1] ** 2 == pytest.approx(learnt, rel=1e-4)


def test_the_suggestion_is_the_most_useful_rate_on_enough_people():
    useful = Worthwhile(OPEN, 1.0, (0.1, 0.5, 0.79, 0.81, 0.9, 0.95, 0.99))
    other = Worthwhile(OTHER, 0.9, (0.8, 0.85, 0.86, 0.87, 0.88, 0.89, 0.9))
    found = suggestion([other, useful], 10.0)
    assert (found.belief, found.people, found.gain) == (OPEN, 3_000, 0.81)
    assert Worthwhile(OPEN, 1.0, (0.1,) * 7).enough == 100_000
    assert suggestion([other, useful], -1e5) is None  # a hundred-thousandth of what the plan comes to
    assert suggestion([], 1.0) is None
