"""One plan a segment, as a system of linear rows, and bounds on it that hold whatever a solver's tolerances.

HiGHS solves the system's linear relaxation; all we keep of that are the multipliers of its rows. By weak
duality *any* nonnegative multipliers bound the system from below, and their bound is calculated here from the
rows themselves. So a proof rests on plain sums, and never on tolerances.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, eye_array, hstack, vstack

from cascadesim.engines.exact.quadrature import Floats
from cascadesim.errors import RefusedError

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
class Multipliers:
    """What one more unit of each row's bound is worth, in the objective (0: nothing) or in violation.

    Of the system's rows; of each charged channel's fee and minimum; and of its use in each segment, (segment,
    channel). `objective` is what the objective itself counts for: 1, or 0 where the rows cannot be kept.
    """

    objective: float
    rows: Floats
    fee: Floats
    least: Floats
    uses: Floats


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
    multipliers: Multipliers

    def only(self, kept: Sequence[NDArray[np.bool_]]) -> Relaxed:
        """The same for some of each segment's plans."""
        parts = tuple(part[k] for part, k in zip(self.parts, kept, strict=True))
        shares = self.shares and tuple(share[k] for share, k in zip(self.shares, kept, strict=True))
        return replace(self, parts=parts, shares=shares)

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
        self._system = system
        self._sizes = [len(o) for o in system.objective]
        self._starts = np.cumsum([0, *self._sizes])
        self._rows, self._channels = len(system.bounds), len(system.fees.fee)
        self._dearest = np.where(system.fees.dearest > 0, system.fees.dearest, 1.0)
        self._scale = system.scale
        self._costs = self._variables(system.objective, g=system.objective_fees * self._dearest) / self._scale
        rows = [self._variables([r[:, i] for r in system.rows], g=f * self._dearest)
                for i, f in enumerate(system.row_fees)]  # fmt: skip
        self._row_sizes = np.array([float(np.max(np.abs(row))) or 1.0 for row in rows])
        matrix = [csr_array(row[None, :] / size) for row, size in zip(rows, self._row_sizes, strict=True)]
        none = csr_array((0, len(self._costs)))
        self._matrix = vstack([none, *matrix, *self._fee_rows(), *self._use_rows()], format="csc")
        self._bounds = np.zeros(self._matrix.shape[0])
        self._bounds[: self._rows] = (system.bounds + system.slack) / self._row_sizes

    @property
    def whole(self) -> Node:
        """Every plan of every segment."""
        return tuple(np.arange(size) for size in self._sizes)

    def solve(self, node: Node) -> Relaxed:
        """The relaxation of a node; by the violation of the rows where they cannot be kept."""
        found = self._solve(node, self._costs, elastic=False)
        found = found or self._solve(node, np.zeros_like(self._costs), elastic=True)
        if found is None:
            raise RefusedError("the linear relaxation of the choice of plans could not be solved")
        return found

    def choose(self, node: Node, gap: float = 0.0, split: bool = False) -> tuple[Floats, ...] | None:
        """What HiGHS's branch and bound finds best, up to a gap: each plan's share of its segment. None if nothing.

        One plan has all of a segment, unless segments may be `split`. To be checked: solvers have tolerances.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        columns = self._columns(node)
        first = self._starts[-1] if split else 0
        found = milp(
            self._costs[columns],
            integrality=((columns >= first) & (columns < self._starts[-1] + self._channels)).astype(np.int64),
            bounds=Bounds(0, 1),
            constraints=[
                LinearConstraint(self._matrix[:, columns], -np.inf, self._bounds),
                LinearConstraint(self._one_each(node), 1, 1),
            ],
            options={"mip_rel_gap": gap, "node_limit": _TRIES},
        )
        return None if found.x is None else self._by_segment(node, found.x)

    def _solve(self, node: Node, costs: Floats, elastic: bool) -> Relaxed | None:
        """The relaxation; `elastic` charges one for each unit by which a row is violated. None if infeasible."""
        from scipy.optimize import linprog

        columns, one_each = self._columns(node), self._one_each(node)
        matrix, costs = self._matrix[:, columns], costs[columns]
        stretch = eye_array(matrix.shape[0], self._rows if elastic else 0)
        found = linprog(
            np.append(costs, np.ones(stretch.shape[1])),
            A_ub=hstack([matrix, -stretch], format="csc"),
            b_ub=self._bounds,
            A_eq=hstack([one_each, csr_array((len(node), stretch.shape[1]))], format="csc"),
            b_eq=np.ones(len(node)),
            bounds=[(0, 1)] * len(costs) + [(0, None)] * stretch.shape[1],
        )
        if found.x is None or found.status != 0:
            return None
        multipliers = np.maximum(0.0, -found.ineqlin.marginals)
        parts, constant = self._lagrangian(node, costs, matrix, multipliers)
        unit = 1.0 if elastic else self._scale
        return Relaxed(
            tuple(p * unit for p in parts),
            constant * unit,
            None if elastic else self._by_segment(node, found.x),
            self._multipliers(multipliers * unit, len(node), elastic),
        )

    def _multipliers(self, scaled: Floats, segments: int, elastic: bool) -> Multipliers:
        """The same for the rows as the system has them."""
        of_rows, of_fees, of_uses = np.split(scaled, [self._rows, self._rows + 2 * self._channels])
        fee, least = of_fees.reshape(self._channels, 2).T / self._dearest
        uses = of_uses.reshape(self._channels, segments).T
        return Multipliers(0.0 if elastic else 1.0, of_rows / self._row_sizes, fee, least, uses)

    def _lagrangian(
        self, node: Node, costs: Floats, matrix: csc_array, multipliers: Floats
    ) -> tuple[tuple[Floats, ...], float]:
        """The bound by the multipliers: it is separate in each segment's plans and in y and g, which are 0 to 1.

        It is lowered by what adding it up in floats may be off by.
        """
        reduced = costs + multipliers @ matrix
        fees = reduced[len(reduced) - 2 * self._channels :]
        largest = float((np.abs(costs) + multipliers @ abs(matrix)).max())
        noise = _NOISE * ((len(node) + len(fees)) * largest + float(multipliers @ np.abs(self._bounds)))
        return self._by_segment(node, reduced), float(np.minimum(fees, 0.0).sum() - multipliers @ self._bounds) - noise

    def _columns(self, node: Node) -> NDArray[np.intp]:
        """The columns of a node's variables."""
        plans = [start + chosen for start, chosen in zip(self._starts[:-1], node, strict=True)]
        return np.concatenate([*plans, np.arange(self._starts[-1], len(self._costs))])

    def _one_each(self, node: Node) -> csr_array:
        """The rows whose sums are one: a segment's shares."""
        sizes = [len(plans) for plans in node]
        total = sum(sizes)
        shape = (len(node), total + 2 * self._channels)
        return csr_array((np.ones(total), np.arange(total), np.cumsum([0, *sizes])), shape=shape)

    def _by_segment(self, node: Node, variables: Floats) -> tuple[Floats, ...]:
        return tuple(np.split(variables, np.cumsum([len(plans) for plans in node]))[: len(node)])

    def _variables(self, plans: Sequence[Floats], y: Floats | float = 0.0, g: Floats | float = 0.0) -> Floats:
        """A row's coefficients of all variables."""
        return np.concatenate([*plans, np.zeros(self._channels) + y, np.zeros(self._channels) + g])

    def _fee_rows(self) -> Iterator[csr_array]:
        """What is at most zero of a channel: fee y - g; least y - spent - g."""
        system, dearest = self._system, self._dearest
        nothing = np.zeros(self._starts[-1])
        for c, one in enumerate(np.eye(self._channels)):
            fee, least = system.fees.fee[c] / dearest[c], system.fees.least[c] / dearest[c]
            spent = [-spent[:, c] / dearest[c] for spent in system.spent]
            yield csr_array(self._variables([nothing], y=fee * one, g=-one)[None, :])
            yield csr_array(self._variables(spent, y=least * one, g=-one)[None, :])

    def _use_rows(self) -> Iterator[csr_array]:
        """What is at most zero of a channel: each segment's use - y."""
        count, width = len(self._sizes), len(self._costs)
        for c in range(self._channels):
            uses = np.concatenate([u[:, c] for u in self._system.uses])
            where = np.repeat(np.arange(count), self._sizes)
            used = csr_array((uses, (where, np.arange(len(uses)))), shape=(count, width))
            y = csr_array((np.full(count, -1.0), (np.arange(count), np.full(count, self._starts[-1] + c))), used.shape)
            yield used + y
