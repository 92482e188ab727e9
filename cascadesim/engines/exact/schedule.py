"""One class of people and the fixed times at which its messages go out: how coverage grows with time (S15)."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np

from cascadesim.engines.exact.quadrature import Floats, Pieces
from cascadesim.engines.exact.response import Response

T = TypeVar("T")

_JUST_BEFORE = 0.5  # events come at whole microseconds, so nothing happens between this and the jump


def uncovered_terms(last: int, implied: bool, joint: Callable[[int, int], T]) -> Iterator[tuple[float, T]]:
    """The signed terms whose sum is the probability of no covering event by a deadline T (S15).

    Messages are numbered from 0 (what people do unprompted) to `last`; message i goes out at s_i unless the chain
    has stopped. `joint(m, k)` stands for the factors J_i(s_k - s_i, T - s_i), i = 0..m, whose product is the
    probability that nothing stops the chain by s_k, and no message up to m covers by T. If every stop event
    implies a covering one, it does not matter which messages really go out, and one term is enough.
    """
    if implied:
        yield 1.0, joint(last, last)
        return
    for m in range(last + 1):
        yield 1.0, joint(m, m)  # sent up to m ...
        if m < last:
            yield -1.0, joint(m, m + 1)  # ... less those who go on to m + 1


class Schedule:
    """The messages (response, time of dispatch) of one class, in order; the first row is what is unprompted.

    Answers have a value for each kind along their last axis.
    """

    def __init__(self, messages: tuple[tuple[Response, int], ...], horizon: int) -> None:
        self._messages = messages
        self.horizon = horizon
        self._implied = all(response.implies_cover for response, _ in messages)

    def uncovered(self, times: Floats) -> Floats:
        """The probability of no covering event by each of the times, of shape (times, kinds)."""
        total = sum((sign * factors.prod(axis=0) for sign, factors in self._terms(times)), np.zeros(1))
        return np.clip(total, 0.0, 1.0)

    @functools.cached_property
    def mean_time(self) -> Floats:
        """The mean time to the first covering event, or to the horizon for who has none by then, for each kind."""
        return self._pieces.integral(self.uncovered(self._pieces.at))

    @functools.cached_property
    def first_covers(self) -> Floats:
        """The probability that the first covering event by the horizon comes from each message: (messages, kinds).

        Message j covers first at the time t if nothing else has covered before: an integral of the others'
        factors against j's own. Events at the same time count for the earlier message.
        """
        total = np.zeros((len(self._messages), self.uncovered(np.zeros(1)).shape[1]))
        for sign, factors in self._terms(self._pieces.at):
            for j in range(len(factors)):
                others = np.delete(factors, j, axis=0).prod(axis=0)
                total[j] -= sign * self._pieces.integral_against(others, factors[j])
        return np.clip(total + self._first_covers_at_jumps(), 0.0, 1.0)

    def _first_covers_at_jumps(self) -> Floats:
        jumps = np.unique(np.concatenate([start + response.cover.jumps for response, start in self._messages]))
        jumps = jumps[jumps <= self.horizon]
        total: Floats = np.zeros(1)
        for sign, factors in self._terms(np.concatenate([jumps - _JUST_BEFORE, jumps])):
            before, after = np.split(factors, 2, axis=1)
            rows = [
                after[:j].prod(axis=0) * (before[j] - after[j]) * before[j + 1 :].prod(axis=0)
                for j in range(len(factors))
            ]
            missing = len(self._messages) - len(rows)
            total = total + sign * np.pad(np.stack(rows).sum(axis=1), ((0, missing), (0, 0)))
        return total

    @functools.cached_property
    def _pieces(self) -> Pieces:
        knots = [start + np.append(0.0, response.cover.knots) for response, start in self._messages]
        edges = np.unique(np.concatenate([[0.0, self.horizon], *knots]))
        return Pieces(edges[edges <= self.horizon])

    def _terms(self, times: Floats) -> Iterator[tuple[float, Floats]]:
        def joint(m: int, k: int) -> Floats:
            return np.stack([self._factor(i, self._messages[k][1], times) for i in range(m + 1)])

        return uncovered_terms(len(self._messages) - 1, self._implied, joint)

    def _factor(self, number: int, until: int, times: Floats) -> Floats:
        response, start = self._messages[number]
        if self._implied:
            return response.cover.silence(times - start)
        return response.joint.silence(times - start, until - start)
