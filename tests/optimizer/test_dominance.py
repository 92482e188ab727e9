"""Dominated plans and hulls against their definitions."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cascadesim.optimizer.dominance import efficient, lower_hull

whole = st.integers(0, 4).map(float)
tables = st.tuples(st.integers(1, 12), st.integers(1, 4)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=whole)
)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(tables, st.integers(1, 4))
def test_exactly_the_needless_rows_are_dropped(table, leading):
    leading = min(leading, table.shape[1])

    def makes_needless(i: int, k: int) -> bool:
        smaller = bool(np.any(table[i, :leading] < table[k, :leading]))
        return bool(np.all(table[i] <= table[k])) and (smaller or i < k)

    count = len(table)
    expected = [k for k in range(count) if not any(makes_needless(i, k) for i in range(count) if i != k)]
    assert efficient(table, leading).tolist() == expected


def test_float_noise_makes_no_difference():
    table = np.array([[0.3, 1.0], [0.1 + 0.2, 1.0], [0.3, 1.0 + 1e-9]])
    assert efficient(table, 1).tolist() == [0]


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.lists(st.tuples(whole, whole), min_size=1, max_size=12))
def test_every_price_finds_its_best_on_the_hull(points):
    cost, gain = np.array(points).T
    hull = lower_hull(cost, gain)
    assert np.all(np.diff(cost[hull]) > 0)
    assert np.all(np.diff(gain[hull]) > 0)
    rates = np.diff(gain[hull]) / np.diff(cost[hull])
    assert np.all(np.diff(rates) < 0)
    for price in np.linspace(0, 5, 21):
        assert (gain - price * cost)[hull].max() == (gain - price * cost).max()
    assert hull[0] in np.flatnonzero(cost == cost.min())
