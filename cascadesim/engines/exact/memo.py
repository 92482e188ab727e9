"""Values by small whole numbers, calculated when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.intp]

_UNKNOWN = -1  # values are never negative


class Memo:
    """An array that fills itself: `memo(i, j)` is `compute(i, j)`, for whole arrays of indices at once.

    Indices broadcast as NumPy's do; `shape` is that of one value. No value may be negative.
    """

    def __init__(self, compute: Callable[..., Any], indices: int, shape: tuple[int, ...] = (), dtype: Any = float):
        self._compute = compute
        self._indices = indices
        self._values = np.full((16,) * indices + shape, _UNKNOWN, dtype)

    def __call__(self, *at: Ints | int) -> Any:
        """The values at these indices, of the broadcast shape and then that of one value."""
        try:
            found = self._values[at]
            if np.minimum.reduce(found, axis=None, initial=0) >= 0:
                return found
        except IndexError:
            self._grow(at)
        self._fill(at)
        return self._values[at]

    def _grow(self, at: tuple[Ints | int, ...]) -> None:
        wanted = [2 * int(np.max(index)) + 1 for index in at]
        sizes = [max(w, n) for w, n in zip(wanted, self._values.shape, strict=False)]
        grown = np.full((*sizes, *self._values.shape[self._indices :]), _UNKNOWN, self._values.dtype)
        grown[tuple(slice(n) for n in self._values.shape)] = self._values
        self._values = grown

    def _fill(self, at: tuple[Ints | int, ...]) -> None:
        asked = np.stack([index.ravel() for index in np.broadcast_arrays(*at)], axis=1)
        for key in map(tuple, np.unique(asked, axis=0)):
            if np.min(self._values[key]) < 0:
                self._values[key] = self._compute(*map(int, key))


class Times:
    """The instants at which something may go out, as small numbers; 0 is the entry, `end` the horizon.

    Times at or after the horizon are all the horizon: nothing goes out then.
    """

    def __init__(self, horizon: int) -> None:
        self._horizon = horizon
        self._instants = [0]
        self._numbers = {0: 0}
        self.end = self.number(horizon)
        self._later = Memo(self._add, 2, dtype=np.intp)
        self._between = Memo(self._subtract, 2, dtype=np.intp)

    def __getitem__(self, number: int) -> int:
        """The time in microseconds."""
        return self._instants[number]

    def later(self, times: Ints, wait: int) -> Ints:
        """The times a wait later."""
        found: Ints = self._later(times, self.number(wait))
        return found

    def between(self, later: Ints, earlier: Ints) -> Ints:
        """The time that has passed between the two, as a number like theirs."""
        found: Ints = self._between(later, earlier)
        return found

    def number(self, instant: int) -> int:
        """The number of a time in microseconds."""
        instant = min(instant, self._horizon)
        if instant not in self._numbers:
            self._numbers[instant] = len(self._instants)
            self._instants.append(instant)
        return self._numbers[instant]

    def _add(self, time: int, wait: int) -> int:
        return self.number(self._instants[time] + self._instants[wait])

    def _subtract(self, later: int, earlier: int) -> int:
        return self.number(self._instants[later] - self._instants[earlier])
