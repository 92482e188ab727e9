"""Integrals whose integrands are smooth between known cuts, and functions kept as piecewise polynomials."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(10)
_BLOCK = 400_000  # numbers in one intermediate array: what fits in a cache

_DEGREE = 13
_POINTS = np.polynomial.chebyshev.chebpts2(_DEGREE + 1)
_COEFFICIENTS = np.linalg.inv(np.polynomial.chebyshev.chebvander(_POINTS, _DEGREE))
_DERIVATIVE = np.polynomial.chebyshev.chebder(np.eye(_DEGREE + 1))
_ACCURACY = 1e-11
_HALVINGS = 40


def _lobatto(count: int) -> tuple[Floats, Floats, Floats]:
    """Gauss-Lobatto quadrature, whose first and last nodes are the ends: nodes, weights, differentiation matrix.

    The matrix takes a polynomial's values at the nodes to its derivative's values there.
    """
    last = np.polynomial.legendre.Legendre.basis(count - 1)
    nodes = np.concatenate([[-1.0], np.sort(last.deriv().roots().real), [1.0]])
    weights = 2 / (count * (count - 1) * last(nodes) ** 2)
    values = np.polynomial.legendre.legvander(nodes, count - 1)
    slopes = np.polynomial.legendre.legval(nodes, np.polynomial.legendre.legder(np.eye(count)))
    return nodes, weights, slopes.T @ np.linalg.inv(values)


_ENDED, _ENDED_WEIGHTS, _SLOPES = _lobatto(12)


def integral(function: Callable[[Floats, slice], Floats], low: Floats, high: Floats, cuts: Sequence[Floats]) -> Floats:
    """The integrals of many functions at once, the i-th from `low[i]` to `high[i]` (0 where that is before).

    `function(at, part)` gives the values of the functions of the rows `part` at the points `at`, of shape
    (rows, pieces, nodes). Each array of `cuts` has the shape (rows, any) or (any,) and says, in any order, where
    functions may not be smooth. Gauss-Legendre with ten nodes on each piece.
    """
    pieces = sum(c.shape[-1] for c in cuts) + 1
    rows = max(1, _BLOCK // (pieces * len(_NODES)))
    parts = [slice(i, i + rows) for i in range(0, len(low), rows)]
    return np.concatenate([np.zeros(0), *(_integral(function, low, high, cuts, part) for part in parts)])


def _integral(
    function: Callable[[Floats, slice], Floats], low: Floats, high: Floats, cuts: Sequence[Floats], part: slice
) -> Floats:
    low, high = low[part, None], high[part, None]
    count = len(low)
    inner = [np.broadcast_to(c[part] if c.ndim > 1 else c, (count, c.shape[-1])) for c in cuts]
    edges = np.clip(np.concatenate([low, *inner, high], axis=1), low, np.maximum(low, high))
    edges.sort(axis=1)
    half = np.diff(edges, axis=1)[..., None] / 2
    at = edges[:, :-1, None] + half * (1 + _NODES)
    total: Floats = ((function(at, part) * half) @ _WEIGHTS).sum(axis=1)
    return total


class Pieces:
    """An interval cut into pieces, with the nodes of twelve-point Gauss-Lobatto quadrature on each.

    `at` has all nodes, piece after piece; functions are arrays of their values there, with any shape after the
    first axis. They may jump between pieces: a piece holds its first end, and approaches its last one.
    """

    def __init__(self, edges: Floats) -> None:
        low, high = edges[:-1], edges[1:]
        at = low[:, None] + (high - low)[:, None] * (1 + _ENDED) / 2
        at[:, -1] = np.nextafter(high, low)
        self.at: Floats = at.ravel()
        self._count = len(low)
        self._halves = (high - low) / 2

    def integral(self, values: Floats) -> Floats:
        """The integral over the interval."""
        total: Floats = np.tensordot((self._halves[:, None] * _ENDED_WEIGHTS).ravel(), values, axes=1)
        return total

    def integral_against(self, weights: Floats, values: Floats) -> Floats:
        """The integral of `weights` against d `values` within the pieces: jumps between them are left out."""
        local = values.reshape(self._count, len(_ENDED), *values.shape[1:])
        slopes = np.einsum("ab,pb...->pa...", _SLOPES, local).reshape(values.shape)
        total: Floats = np.tensordot(np.tile(_ENDED_WEIGHTS, self._count), weights * slopes, axes=1)
        return total


class Table:
    """A function as piecewise polynomials of degree 13, accurate to about 1e-11 of a function of that size.

    It is sampled on the pieces between `edges`, which are halved until the last Chebyshev coefficients vanish
    (Trefethen, "Approximation theory and approximation practice", 2013, chapter 8). The function may jump at an
    edge, whose value is then the one to its right. Outside the edges it keeps the value that it has there.
    """

    def __init__(self, function: Callable[[Floats], Floats], edges: Floats) -> None:
        low, high = edges[:-1], edges[1:]
        lows, coefficients = [np.zeros(0)], [np.zeros((0, _DEGREE + 1))]
        for halving in range(_HALVINGS + 1):
            at = low[:, None] + (high - low)[:, None] * (1 + _POINTS) / 2
            at[:, -1] = np.nextafter(high, low)  # the limit from the left
            found = function(at.ravel()).reshape(at.shape) @ _COEFFICIENTS.T
            good = np.abs(found[:, -3:]).max(axis=1, initial=0.0) < _ACCURACY
            good |= halving == _HALVINGS  # a jump between edges: the piece is too short to matter
            lows.append(low[good])
            coefficients.append(found[good])
            low, high = low[~good], high[~good]
            middle = (low + high) / 2
            low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
            if not len(low):
                break
        starts = np.concatenate(lows)
        order = np.argsort(starts)
        self.edges: Floats = np.append(starts[order], edges[-1])
        self._values = np.concatenate(coefficients)[order].T
        self._slopes = _DERIVATIVE @ self._values * (2 / np.diff(self.edges))

    def __call__(self, at: Floats) -> Floats:
        """The function's values."""
        return self._sum(self._values, at)

    def slope(self, at: Floats) -> Floats:
        """Its derivative's values; 0 outside the edges."""
        inside = (at >= self.edges[0]) & (at <= self.edges[-1])
        return np.where(inside, self._sum(self._slopes, at), 0.0)

    def _sum(self, coefficients: Floats, at: Floats) -> Floats:
        """Clenshaw's recurrence, each point with the coefficients of its piece."""
        piece = np.clip(np.searchsorted(self.edges, at, side="right") - 1, 0, len(self.edges) - 2)
        low, high = self.edges.take(piece), self.edges.take(piece + 1)
        x = np.clip(2 * (at - low) / (high - low) - 1, -1.0, 1.0)
        one, two = np.zeros_like(x), np.zeros_like(x)
        for degree in coefficients[:0:-1]:
            one, two = degree.take(piece) + 2 * x * one - two, one
        total: Floats = coefficients[0].take(piece) + x * one - two
        return total
