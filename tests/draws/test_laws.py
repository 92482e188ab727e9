from __future__ import annotations

import math
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascadesim.draws.quantiles import fit, normal, quantile
from cascadesim.model.rates import Delay
from cascadesim.units import Duration, Share

MINUTE = 60_000_000


def law(shape: str, *points: tuple[float, int]):
    return fit(Delay(shape, tuple((Share(p), Duration(t)) for p, t in points)))


@given(st.floats(1e-15, 1 - 1e-15))
@settings(derandomize=True)
def test_the_normal_quantile_is_python_s_own(u):
    assert normal(u) == pytest.approx(NormalDist().inv_cdf(u), rel=1e-14, abs=1e-15)


@given(
    st.sampled_from(["lognormal", "weibull"]),
    st.floats(0.01, 0.45),
    st.floats(0.55, 0.99),
    st.integers(1000, 10**9),
    st.integers(2, 500),
)
@settings(derandomize=True)
def test_a_fitted_law_goes_through_its_two_quantiles(shape, p1, p2, t1, times):
    fitted = law(shape, (p1, t1), (p2, t1 * times))
    assert quantile(fitted, p1) == pytest.approx(t1, rel=1e-6, abs=1)
    assert quantile(fitted, p2) == pytest.approx(t1 * times, rel=1e-6, abs=1)


def test_one_quantile_is_an_exponential():
    """Half within 6 min: the mean is 6 min / ln 2; 90% within 6 ln 10 / ln 2 = 19.93 min."""
    fitted = law("exponential", (0.5, 6 * MINUTE))
    assert fitted.a == pytest.approx(6 * MINUTE / math.log(2))
    assert quantile(fitted, 0.9) == pytest.approx(6 * MINUTE * math.log(10) / math.log(2), abs=1)


def test_a_curve_is_linear_between_its_points():
    fitted = law("curve", (0.25, 10 * MINUTE), (1.0, 40 * MINUTE))
    assert quantile(fitted, 0.125) == 5 * MINUTE
    assert quantile(fitted, 0.625) == 25 * MINUTE


def test_a_delay_is_a_whole_microsecond_at_least():
    """S1: rounded up, at least 1."""
    assert quantile(fit(None), 0.5) == 1
    assert quantile(law("fixed", (1.0, 2_000_000)), 0.5) == 2_000_000
    assert quantile(law("exponential", (0.5, 1)), 1e-12) == 1
    assert quantile(law("exponential", (0.5, 10)), 0.5000001) == 11


@given(st.sampled_from(["lognormal", "weibull", "exponential"]), st.floats(0, 1, exclude_min=True, exclude_max=True))
@settings(derandomize=True)
def test_no_number_is_too_extreme(shape, u):
    points = [(0.5, 1), (0.6, 10**15)][: 1 if shape == "exponential" else 2]
    assert 1 <= quantile(law(shape, *points), u) <= 1 << 62


@pytest.mark.parametrize(
    ("shape", "points"),
    [
        ("lognormal", [(0.9, 5), (0.5, 50)]),
        ("lognormal", [(0.5, 50), (0.9, 5)]),
        ("lognormal", [(0.5, 50)]),
        ("weibull", [(0.5, 50), (1.0, 60)]),
        ("exponential", [(0.5, 50), (0.9, 60)]),
        ("curve", [(0.5, 50), (0.9, 60)]),
        ("curve", []),
        ("weibull", [(0.5, 1), (0.501, 10**15)]),
    ],
)
def test_points_that_no_law_goes_through(shape, points):
    with pytest.raises(ValueError, match=r"point|increase|100%|quantile|too close"):
        law(shape, *points)
