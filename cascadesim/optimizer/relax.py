"""One plan a segment, as a system of linear rows, and bounds on it that hold whatever a solver's tolerances.

HiGHS solves the system's linear relaxation; all we keep of that are the multipliers of its rows. By weak
duality *any* nonnegative multipliers bound the system from below, and their bound is calculated here from the
rows themselves. So a proof rests on plain sums, and never on tolerances.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadesim.errors import RefusedError
from cascadesim.optimizer.search import Floats

_TRIES = 10_000  # nodes of HiGHS's branch and bound
_NOISE = 1e-14  # of the terms of a bound: what adding them up in floats may be off by


@dataclass(frozen=True, slots=True)
class Fees:
    """What charged channels cost beside their messages, once, if a plan chosen uses them (S13), in billionths.

    A channel's `fee`, or what its messages lack to its minimum `least`, whichever is larger.
    """

    fee: Floats
    least: Floats

    @property
    def dearest(self) -> Floats:
        """The most that each channel's can be."""
        return np.maximum(self.fee, self.least)

    def paid(self, uses: Floats, spent: Floats) -> Floats:
        """The sum over the channels used (`uses` over 0), which are the last axis; `spent` is by messages."""
        total: Floats = np.where(uses > 0, np.maximum(self.fee, self.least - spent), 0.0).sum(axis=-1)
        return total


@dataclass(frozen=True, slots=True)
class System:
    """Choose one plan k in each segment s: minimize the sum of `objective[s][k]` and fees, within the rows.

    The sums of `rows[s]` (plans x rows), and `row_fees` times what is paid in fees, are at most `bounds` or,
    where `strict`, less; `slack` is the float noise of a row. `uses[s]` (0 or 1) and `spent[s]` are plans x
    charged channels.
    """

    objective: tuple[Floats, ...]
    rows: tuple[Floats, ...]
    bounds: Floats
    strict: NDArray[np.bool_]
    slack: Floats
    objective_fees: float
    row_fees: Floats
    fees: Fees
    uses: tuple[Floats, ...]
    spent: tuple[Floats, ...]

    @property
    def scale(self) -> float:
        """The size of the objective's terms, by which float noise is measured; never zero."""
        terms = sum(float(np.max(np.abs(o))) for o in self.objective)
        return terms + abs(self.objective_fees) * float(self.fees.dearest.sum()) or 1.0


Node = tuple[NDArray[np.intp], ...]
"""The plans that each segment may still choose from."""


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A node's linear relaxation: each plan's share of its segment, and a bound that is a sum over plans.

    Every choice in the node comes to at least `constant` and the sum of `parts[s]` at the plans chosen: in the
    objective or, where HiGHS says that the rows cannot be kept (`shares` is None), in violation of the rows,
    which is zero or less where they are.
    """

    parts: tuple[Floats, ...]
    constant: float
    shares: tuple[Floats, ...] | None

    def only(self, kept: Sequence[NDArray[np.bool_]]) -> Relaxed:
        """The same for some of each segment's plans."""
        parts = tuple(part[k] for part, k in zip(self.parts, kept, strict=True))
        shares = self.shares and tuple(share[k] for share, k in zip(self.shares, kept, strict=True))
        return Relaxed(parts, self.constant, shares)

    @property
    def least(self) -> float:
        """What no choice in the node is under."""
        return self.constant + sum(float(p.min()) for p in self.parts)


class Relaxation:
    """The system's integer programme in HiGHS's terms, scaled to numbers around one.

    Variables: each plan's share of its segment; whether a charged channel is used (`y`); its fee as a share of
    the dearest (`g`). Rows: the system's; then g >= fee y, g >= least y - spent, and y >= use in each segment.
    """

    def __init__(self, system: System) -> None:
        self._sizes = [len(o) for o in system.objective]
        self._rows = len(system.bounds)
        self._channels = len(system.fees.fee)
        dearest = np.where(system.fees.dearest > 0, system.fees.dearest, 1.0)
        self._scale = system.scale
        self._costs = self._variables(system.objective, g=system.objective_fees * dearest) / self._scale
        rows = [self._variables([r[:, i] for r in system.rows], g=f * dearest) for i, f in enumerate(system.row_fees)]
        sizes = [float(np.max(np.abs(row))) or 1.0 for row in rows]
        matrix = [row / size for row, size in zip(rows, sizes, strict=True)]
        self._matrix = np.array([*matrix, *self._fee_rows(system, dearest)]).reshape(-1, len(self._costs))
        self._bounds = np.zeros(len(self._matrix))
        self._bounds[: self._rows] = (system.bounds + system.slack) / np.array(sizes)

    def solve(self, node: Node) -> Relaxed:
        """The relaxation of a node; by the violation of the rows where they cannot be kept."""
        found = self._solve(node, self._costs, elastic=False)
        found = found or self._solve(node, np.zeros_like(self._costs), elastic=True)
        if found is None:
            raise RefusedError("the linear relaxation of the choice of plans could not be solved")
        return found

    def choose(self, node: Node) -> tuple[int, ...] | None:
        """The plans, one a segment, that HiGHS's branch and bound finds best: to be checked. None if none."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        columns, one_each = self._columns(node), self._one_each(node)
        found = milp(
            self._costs[columns],
            integrality=(columns < sum(self._sizes) + self._channels).astype(np.int64),
            bounds=Bounds(0, 1),
            constraints=[
                LinearConstraint(self._matrix[:, columns], -np.inf, self._bounds),
                LinearConstraint(one_each, 1, 1),
            ],
            options={"mip_rel_gap": 0.0, "node_limit": _TRIES},
        )
        if found.x is None:
            return None
        return tuple(int(plans[np.argmax(x)]) for plans, x in zip(node, self._by_segment(node, found.x), strict=True))

    def _solve(self, node: Node, costs: Floats, elastic: bool) -> Relaxed | None:
        """The relaxation; `elastic` charges one for each unit by which a row is violated. None if infeasible."""
        from scipy.optimize import linprog

        columns, one_each = self._columns(node), self._one_each(node)
        matrix, costs = self._matrix[:, columns], costs[columns]
        stretch = np.eye(len(matrix), self._rows if elastic else 0)
        found = linprog(
            np.append(costs, np.ones(stretch.shape[1])),
            A_ub=np.hstack([matrix, -stretch]),
            b_ub=self._bounds,
            A_eq=np.hstack([one_each, np.zeros((len(node), stretch.shape[1]))]),
            b_eq=np.ones(len(node)),
            bounds=[(0, 1)] * len(costs) + [(0, None)] * stretch.shape[1],
        )
        if found.x is None or found.status != 0:
            return None
        parts, constant = self._lagrangian(node, costs, matrix, np.maximum(0.0, -found.ineqlin.marginals))
        if elastic:
            return Relaxed(parts, constant, None)
        return Relaxed(tuple(p * self._scale for p in parts), constant * self._scale, self._by_segment(node, found.x))

    def _lagrangian(
        self, node: Node, costs: Floats, matrix: Floats, multipliers: Floats
    ) -> tuple[tuple[Floats, ...], float]:
        """The bound by the multipliers: it is separate in each segment's plans and in y and g, which are 0 to 1.

        It is lowered by what adding it up in floats may be off by.
        """
        reduced = costs + multipliers @ matrix
        fees = reduced[len(reduced) - 2 * self._channels :]
        largest = float((np.abs(costs) + multipliers @ np.abs(matrix)).max())
        noise = _NOISE * ((len(node) + len(fees)) * largest + float(multipliers @ np.abs(self._bounds)))
        return self._by_segment(node, reduced), float(np.minimum(fees, 0.0).sum() - multipliers @ self._bounds) - noise

    def _columns(self, node: Node) -> NDArray[np.intp]:
        """The columns of a node's variables."""
        starts = np.cumsum([0, *self._sizes])
        plans = [start + chosen for start, chosen in zip(starts[:-1], node, strict=True)]
        return np.concatenate([*plans, np.arange(starts[-1], len(self._costs))])

    def _one_each(self, node: Node) -> Floats:
        """The rows whose sums are one: a segment's shares."""
        count = len(node)
        ones = np.repeat(np.eye(count), [len(plans) for plans in node], axis=1)
        return np.hstack([ones, np.zeros((count, 2 * self._channels))])

    def _by_segment(self, node: Node, variables: Floats) -> tuple[Floats, ...]:
        return tuple(np.split(variables, np.cumsum([len(plans) for plans in node]))[: len(node)])

    def _variables(self, plans: Sequence[Floats], y: Floats | float = 0.0, g: Floats | float = 0.0) -> Floats:
        """A row's coefficients of all variables."""
        return np.concatenate([*plans, np.zeros(self._channels) + y, np.zeros(self._channels) + g])

    def _only(self, s: int | None, plans: Floats) -> list[Floats]:
        """Coefficients of one segment's plans, or of none."""
        return [plans if t == s else np.zeros(n) for t, n in enumerate(self._sizes)]

    def _fee_rows(self, system: System, dearest: Floats) -> Iterator[Floats]:
        """What is at most zero of a channel: fee y - g; least y - spent - g; each segment's use - y."""
        for c, one in enumerate(np.eye(self._channels)):
            fee, least = system.fees.fee[c] / dearest[c], system.fees.least[c] / dearest[c]
            yield self._variables(self._only(None, one), y=fee * one, g=-one)
            yield self._variables([-spent[:, c] / dearest[c] for spent in system.spent], y=least * one, g=-one)
            yield from (self._variables(self._only(s, uses[:, c]), y=-one) for s, uses in enumerate(system.uses))
