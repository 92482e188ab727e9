"""The probability that nothing of what one watches for has happened to a message yet (S15: S, G and J).

A `Watch` has two clocks. Of some states (a chain's stop events) it asks whether they have come by the age `u`, of
others (the covering events) whether by `v`: `silence(u, v)` is the probability that none has. With only one kind
of state watched for, one clock is enough; it is the second.

Given when a stage came, the stages that follow it are independent. So with N the silence of what follows a
stage, counted from it, the silence of the stage itself is 1 - share + share (P(delay > hi) + E[product of
N(u - delay, v - delay); lo < delay <= hi]), where hi is the larger of the clocks, and lo the clock of the stage
itself if it is watched for (0 otherwise): earlier than that it may not come at all.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

import numpy as np

from cascadesim.engines.exact.quadrature import Floats, Table
from cascadesim.engines.exact.spreads import logarithmic, mean_of
from cascadesim.engines.exact.stages import Lag, Stage

_FEW = 32  # so many values are calculated; a table pays for more
_PAIRS = 512  # of ages are calculated at once: integrals take some memory for each


@dataclass(frozen=True)
class Node:
    """A stage of a tree that holds only what matters: stages that nobody watches for are merged or gone.

    One that `moves` to other hours (S8) is not merged; its own silence, here, knows nothing of hours.
    """

    share: float
    lag: Lag
    reacts: bool
    stops: bool
    covers: bool
    after: tuple[Node, ...]
    moves: bool = False

    def silence(self, u: Floats, v: Floats, factor: float) -> Floats:
        """The probability above, for a kind with this factor; the clocks are two arrays of one dimension."""
        chance = self.share * (factor if self.reacts else 1.0)
        none = np.zeros(v.size)
        if chance == 0:
            return none + 1.0
        low = np.maximum(u if self.stops else none, v if self.covers else none)
        seen = self.lag.by(low)
        if self.after:
            seen = seen + self._seen_later(low, u - self.lag.constant, v - self.lag.constant, factor)
        return 1.0 - chance * seen

    def _seen_later(self, low: Floats, u: Floats, v: Floats, factor: float) -> Floats:
        """P(low < delay <= hi, and something that follows has been seen); u and v count from the lag's constant."""

        def seen(u: Floats, v: Floats) -> Floats:
            silent = np.ones(u.size)
            for node in self.after:
                silent = silent * node.silence(u.ravel(), v.ravel(), factor)
            return 1.0 - silent.reshape(u.shape)

        if self.lag.spread is None:
            return np.where((low < self.lag.constant) & (np.maximum(u, v) >= 0), seen(u, v), 0.0)
        low = low - self.lag.constant
        clocks = (u, self._knots_after), (v, self._knots_after)
        return mean_of(self.lag.spread, low, np.maximum(u, v), clocks, seen)

    @functools.cached_property
    def knots(self) -> Floats:
        """The ages between which the silence is smooth, if only one clock runs."""
        if not self.after:
            return self.lag.knots
        # a random delay blurs what follows it; its middle is where most of that lies
        since = float(np.median(self.lag.knots))
        return np.unique(np.concatenate([self.lag.knots, since + self._knots_after]))

    @property
    def _knots_after(self) -> Floats:
        return np.unique(np.concatenate([node.knots for node in self.after]))

    @functools.cached_property
    def jumps(self) -> Floats:
        """The ages at which something may happen with a probability of its own."""
        if self.lag.spread is not None:
            return np.zeros(0)
        own = [np.array([self.lag.constant])] if self.stops or self.covers else []
        return np.concatenate([*own, *(self.lag.constant + node.jumps for node in self.after), np.zeros(0)])

    @functools.cached_property
    def integrals(self) -> int:
        """How many integrals its silence takes, one inside the other."""
        own = 1 if self.after and self.lag.spread is not None else 0
        return own + max((node.integrals for node in self.after), default=0)


class Watch:
    """What is watched for in some trees of stages, by people of several kinds.

    Beyond `horizon` nothing is asked. No factor may lift a share over 1.
    """

    def __init__(
        self,
        stages: tuple[Stage, ...],
        covers: frozenset[str],
        factors: Floats,
        horizon: int,
        stops: frozenset[str] = frozenset(),
    ) -> None:
        self._nodes = tuple(n for stage in stages for n in [_node(stage, stops, covers)] if n is not None)
        # one stage at most reacts on a path, so silence is linear in the factor: two factors give all
        alone = len(factors) == 1
        self._factors = (float(factors[0]),) if alone else (0.0, 1.0)
        self._mix = np.ones((1, 1)) if alone else np.stack([1 - factors, factors])
        self._horizon = horizon
        self._tables: dict[tuple[float, float], Table] = {}

    def silence(self, v: Floats, u: float = 0.0) -> Floats:
        """P(no stop event by u and no covering event by each v), of shape (ages, kinds)."""
        return self._of_kinds([self._silence(u, v, factor) for factor in self._factors])

    def calculated(self, v: Floats) -> Floats:
        """The silence where u is 0, never from a table: what `silence` says of single ages, for many."""
        return self._of_kinds([self._calculated(0.0, v, factor) for factor in self._factors])

    def together(self, u: Floats, v: Floats) -> Floats:
        """The silence for many pairs of ages, never from a table, of shape (pairs, kinds)."""
        parts = [slice(begin, begin + _PAIRS) for begin in range(0, v.size, _PAIRS)]
        found = [self._of_kinds([self._calculated(u[p], v[p], factor) for factor in self._factors]) for p in parts]
        return np.concatenate(found)

    @functools.cached_property
    def knots(self) -> Floats:
        """The ages v between which the silence is smooth, if u is 0; those of its jumps are among them."""
        return np.unique(np.concatenate([np.zeros(0), *(node.knots for node in self._nodes), self.jumps]))

    @functools.cached_property
    def jumps(self) -> Floats:
        """The ages v at which the silence may jump."""
        return np.unique(np.concatenate([np.zeros(0), *(node.jumps for node in self._nodes)]))

    @functools.cached_property
    def integrals(self) -> int:
        """How many integrals the silence takes, one inside the other."""
        return max((node.integrals for node in self._nodes), default=0)

    def implies_cover(self) -> bool:
        """Whether no stop event comes before a covering one."""
        return not any(map(_stops_alone, self._nodes))

    def _of_kinds(self, by_factor: list[Floats]) -> Floats:
        return np.clip(np.stack(by_factor, axis=1) @ self._mix, 0.0, 1.0)

    def _silence(self, u: float, v: Floats, factor: float) -> Floats:
        if v.size <= _FEW or not self.integrals:
            return self._calculated(u, v, factor)
        if (u, factor) not in self._tables:
            self._tables[u, factor] = self._table(u, factor)
        return self._tables[u, factor](self._origin + v)

    def _table(self, u: float, factor: float) -> Table:
        grid = logarithmic(1.0, self._horizon + 1.0)
        edges = np.unique(np.concatenate([[0.0, u], grid, self._corners, u + self.jumps]))
        origin = self._origin
        edges = origin + edges[edges <= self._horizon + 1.0]
        return Table(lambda times: self._calculated(u, times - origin, factor), edges)

    @property
    def _origin(self) -> float:
        """What the clock shows at age 0 that the silence is calculated on; only on it "just before" is exact."""
        return 0.0

    @property
    def _corners(self) -> Floats:
        """The ages v at which the silence may jump or bend, whatever the delays."""
        return self.jumps

    def _calculated(self, u: Floats | float, v: Floats, factor: float) -> Floats:
        silent = np.ones(v.size)
        for node in self._nodes:
            silent = silent * node.silence(u + np.zeros(v.size), v, factor)
        return silent


def _node(stage: Stage, stops: frozenset[str], covers: frozenset[str]) -> Node | None:
    """The tree from a stage on, as far as it matters; None if nothing in it does.

    What follows a covering stage is no longer watched for as a cover, as it comes later; likewise for stops.
    """
    if stage.share == 0:
        return None
    is_stop, is_cover = stage.name in stops, stage.name in covers
    stops, covers = stops if not is_stop else frozenset(), covers if not is_cover else frozenset()
    after = tuple(n for s in stage.after for n in [_node(s, stops, covers)] if n is not None)
    if is_stop or is_cover:
        return Node(stage.share, stage.lag, stage.reacts, is_stop, is_cover, after, stage.moves)
    if not after:
        return None
    if len(after) > 1 or stage.moves:
        return Node(stage.share, stage.lag, stage.reacts, False, False, after, stage.moves)
    only = after[0]
    return replace(
        only,
        share=stage.share * only.share,
        lag=stage.lag.then(only.lag),
        reacts=stage.reacts or only.reacts,
    )


def _stops_alone(node: Node) -> bool:
    return not node.covers and (node.stops or any(map(_stops_alone, node.after)))
