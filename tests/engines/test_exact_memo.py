"""Arrays that fill themselves, and times as small numbers."""

from __future__ import annotations

import numpy as np

from cascadesim.engines.exact.memo import Memo, Times


def test_values_are_computed_once_wherever_they_are() -> None:
    asked: list[tuple[int, int]] = []

    def compute(i: int, j: int) -> np.ndarray:
        asked.append((i, j))
        return np.array([i, 100.0 * j])

    memo = Memo(compute, 2, (2,))
    first = memo(np.array([0, 3, 0]), np.array([1, 200, 1]))  # beyond what it has room for
    assert first.tolist() == [[0.0, 100.0], [3.0, 20000.0], [0.0, 100.0]]
    assert memo(3, np.array([[200, 1]])).tolist() == [[[3.0, 20000.0], [3.0, 100.0]]]
    assert asked == [(0, 1), (3, 200), (3, 1)]


def test_growing_keeps_what_is_known() -> None:
    memo = Memo(lambda i: float(i), 1)
    assert memo(np.array([5])).tolist() == [5.0]
    assert memo(np.array([500, 5])).tolist() == [500.0, 5.0]


def test_nothing_is_nothing() -> None:
    memo = Memo(lambda i: float(i), 1)
    assert memo(np.zeros(0, dtype=np.intp)).size == 0


def test_times_end_at_the_horizon() -> None:
    times = Times(1000)
    start = np.array([0, 0])
    later = times.later(start, 300)
    latest = times.later(times.later(later, 300), 800)
    assert [times[int(n)] for n in later] == [300, 300]
    assert (latest == times.end).all()
    assert times[int(times.between(latest, later)[0])] == 700
    assert times.between(later, later).tolist() == [0, 0]
