"""The silence of a message where reactions have their hours (S8): what `Watch` says, counted from a known dispatch.

With m the map that moves a reaction to the hours' next start, a stage that would come at X comes at T = m(X). So T has
the density of X while the hours are open, and at each start the probability of all that was closed before; P(T <= t) is
P(X <= t) without what is closed then and moved beyond t. What follows the stage counts from T, and moves too.
Here instants count from the people's entry, and stages are followed one by one: a stage that moves is not merged with
those after it. Integrals are cut where hours open and close, so that their pieces are as smooth as those of `Watch`;
the engine refuses integrals inside integrals, which take too long so.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cascadesim.engines.exact.hours import Closed
from cascadesim.engines.exact.quadrature import Floats, integral
from cascadesim.engines.exact.stages import Stage
from cascadesim.engines.exact.watch import Node, Watch

_NEVER = -np.inf  # a clock that no state is watched by


class MovedWatch(Watch):
    """A `Watch` of a message that is dispatched at the instant `sent`, whose reactions keep to hours."""

    def __init__(
        self,
        stages: tuple[Stage, ...],
        covers: frozenset[str],
        factors: Floats,
        horizon: int,
        stops: frozenset[str] = frozenset(),
        *,
        closed: Closed,
        sent: int,
    ) -> None:
        super().__init__(stages, covers, factors, horizon, stops)
        self._law = _Law(closed)
        self._sent = float(sent)

    @functools.cached_property
    def knots(self) -> Floats:
        """See `Watch`."""
        at = self._law.knots(self._nodes, np.array([self._sent]))
        return self._ages(*at, self._law.closed.edges, self._sent + self.jumps)

    @functools.cached_property
    def jumps(self) -> Floats:
        """See `Watch`."""
        at = self._law.jumps(self._nodes, np.array([self._sent]))
        return self._ages(*at)

    @property
    def _origin(self) -> float:
        return self._sent

    @property
    def _corners(self) -> Floats:
        return self._ages(self._sent + self.jumps, self._law.closed.edges)

    def _ages(self, *times: Floats) -> Floats:
        """These instants, as far as they come after the dispatch, as ages."""
        ages = np.unique(np.concatenate([np.zeros(0), *times])) - self._sent
        return ages[ages > 0]

    def _calculated(self, u: Floats | float, v: Floats, factor: float) -> Floats:
        since = np.full(v.size, self._sent)
        return self._law.silence(self._nodes, since, self._sent + u + np.zeros(v.size), self._sent + v, factor)


@dataclass(frozen=True)
class _Law:
    """How stages follow each other where times are `closed`; all clocks and times are instants, in rows."""

    closed: Closed

    def silence(self, nodes: tuple[Node, ...], since: Floats, u: Floats, v: Floats, factor: float) -> Floats:
        """The probability that of the nodes, which follow the instants `since`, no stop is seen by u, no cover by v."""
        silent = np.ones(since.size)
        for node in nodes:
            silent = silent * (1.0 - self._seen(node, since, u, v, factor))
        return silent

    def _seen(self, node: Node, since: Floats, u: Floats, v: Floats, factor: float) -> Floats:
        chance = node.share * (factor if node.reacts else 1.0)
        if chance == 0:
            return np.zeros(since.size)
        low = np.maximum(u if node.stops else _NEVER, v if node.covers else _NEVER) + np.zeros(since.size)
        seen = self._by(node, since, low)
        if node.after:
            seen = seen + self._seen_later(node, since, low, u, v, factor)
        return chance * seen

    def _by(self, node: Node, since: Floats, time: Floats) -> Floats:
        """P(T <= time)."""
        if node.lag.spread is None:
            return np.where(self._moved(node, since + node.lag.constant) <= time, 1.0, 0.0)
        found = node.lag.by(time - since)
        if node.moves:
            for low, high, target in zip(self.closed.low, self.closed.high, self.closed.target, strict=True):
                rows = np.flatnonzero((low < time) & (time < target))
                upto = np.minimum(high, time[rows]) - since[rows]
                found[rows] -= node.lag.by(upto) - node.lag.by(low - since[rows])
        return found

    def _seen_later(self, node: Node, since: Floats, low: Floats, u: Floats, v: Floats, factor: float) -> Floats:
        """P(low < T <= the later clock, and something that follows has been seen)."""
        high = np.maximum(u, v)

        def seen(time: Floats, u: Floats, v: Floats) -> Floats:
            since, u, v = (clock.ravel() for clock in np.broadcast_arrays(time, u, v))
            silent = self.silence(node.after, since, u, v, factor)
            return 1.0 - silent.reshape(time.shape)

        if node.lag.spread is None:
            time = self._moved(node, since + node.lag.constant)
            return np.where((low < time) & (time <= high), seen(time, u, v), 0.0)
        since, spread = since + node.lag.constant, node.lag.spread
        edges = self.closed.edges if node.moves else np.zeros(0)
        ends = [clock[:, None] - knots for clock in self._clocks(node, u, v) for knots in self._knots_after(node)]

        def density(delay: Floats, part: slice) -> Floats:
            time = since[part, None, None] + delay
            found = seen(time, u[part, None, None], v[part, None, None])
            if node.moves:
                found = found * (self.closed.place(time) < 0)
            return spread.pdf(delay) * found

        cuts = [spread.knots, edges - since[:, None], *(end - since[:, None] for end in ends)]
        total = integral(density, np.maximum(low - since, 0.0), high - since, cuts)
        if node.moves:
            within = (low[:, None] < self.closed.target) & (self.closed.target <= high[:, None])
            mass = spread.cdf(self.closed.high - since[:, None]) - spread.cdf(self.closed.low - since[:, None])
            times = np.broadcast_to(self.closed.target, mass.shape)
            total = total + (within * mass * seen(times, u[:, None], v[:, None])).sum(axis=1)
        return total

    def _clocks(self, node: Node, u: Floats, v: Floats) -> Iterator[Floats]:
        """The clocks against which what follows the node is not smooth: the two, and where hours begin or end."""
        yield from (u, v)
        if any(after.moves for after in node.after):
            yield from (self._opened(u), self._opened(v))
        if any(after.moves and after.after for after in node.after):
            yield from np.concatenate([self.closed.low, self.closed.high])[:, None]

    def _knots_after(self, node: Node) -> Iterator[Floats]:
        for after in node.after:
            yield np.append(0.0, after.knots)

    def _moved(self, node: Node, at: Floats) -> Floats:
        return self.closed.moved(at) if node.moves else at

    def _opened(self, clock: Floats) -> Floats:
        """The clocks; in closed times, when they began."""
        if not self.closed.low.size:
            return clock
        place = np.searchsorted(self.closed.low, clock, side="left") - 1
        return np.where((place >= 0) & (clock < self.closed.target[place]), self.closed.low[place], clock)

    def jumps(self, nodes: tuple[Node, ...], since: Floats) -> Iterator[Floats]:
        """The instants at which something watched for may come with a probability of its own."""
        for node in nodes:
            at = self._atoms(node, since)
            if node.stops or node.covers:
                yield at
            yield from self.jumps(node.after, at)

    def knots(self, nodes: tuple[Node, ...], since: Floats) -> Iterator[Floats]:
        """The instants between which the silence is smooth, but for the closed times' edges."""
        for node in nodes:
            yield (since[:, None] + node.knots).ravel()
            yield from self.knots(node.after, self._atoms(node, since))

    def _atoms(self, node: Node, since: Floats) -> Floats:
        fixed = since + node.lag.constant if node.lag.spread is None else np.zeros(0)
        return np.unique(np.append(self._moved(node, fixed), self.closed.target if node.moves else np.zeros(0)))
