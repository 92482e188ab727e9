"""The best choice for a ratio within limits: over every plan where they can be listed, else by column generation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from cascadesim.engines.exact.quadrature import Floats
from cascadesim.errors import RefusedError
from cascadesim.model.prices import CampaignFee
from cascadesim.optimizer.audience import Audience
from cascadesim.optimizer.bound import Weights
from cascadesim.optimizer.candidates import Candidates
from cascadesim.optimizer.generation import Generation, Priced
from cascadesim.optimizer.levels import LEVELS, corners, levels
from cascadesim.optimizer.master import Master, Row
from cascadesim.optimizer.quantities import TIME_TO_OPEN, Form, Ratio
from cascadesim.optimizer.solver import Going, within

LISTED = 200_000
"""How many plans, over all audiences, are listed and compared one by one."""

_USUAL = 16  # classes of people; a plan for more of them takes as much longer
_TIMED = 2_000  # where the time to open counts, which takes a while for each plan
_FEW = 8  # audiences up to which the best choice is proven, and not only bounded
_ENOUGH = 1e-9  # of a value: choices that are closer are equally good
_QUICK = 1e-5  # of the objective: how close the choice among many audiences' plans comes to the best of these
_ROUNDS = 30
_FEWEST = 6  # corners of each audience's frontier where there are very many


@dataclass(frozen=True)
class Chosen:
    """The best choice found: each audience's plans (`candidates`) and the shares of its people who get them.

    `value` is the ratio's, and no choice is under `bound`; -inf where nothing is known.
    """

    candidates: tuple[Candidates, ...]
    shares: tuple[Floats, ...]
    value: float
    bound: float

    @property
    def picks(self) -> tuple[int, ...]:
        """The plan that most people of each audience get."""
        return tuple(int(share.argmax()) for share in self.shares)


class Search:
    """Looks for the best choice of one plan for each audience, or of several where segments `may_split`.

    Each has so many `plans` to choose from.
    """

    def __init__(
        self,
        audiences: Sequence[Audience],
        plans: int,
        charged: Mapping[str, CampaignFee],
        going: Going,
        may_split: bool = False,
    ) -> None:
        self._plans = plans
        self._audiences, self._charged, self._going, self._split = tuple(audiences), charged, going, may_split
        self._listed: tuple[Candidates, ...] | None = None
        self.nodes = 0

    @cached_property
    def is_listed(self) -> bool:
        """Whether all plans are few enough to be compared one by one."""
        size = sum(self._plans * max(1.0, a.classes / _USUAL) for a in self._audiences)
        timed = any(TIME_TO_OPEN in a.quantities for a in self._audiences)
        return size <= (_TIMED if timed else LISTED)

    def best(self, ratio: Ratio, rows: Sequence[Row]) -> Chosen | None:
        """The choice with the least ratio within the rows; None if there is none."""
        if self._split or not self.is_listed:
            return _Generated(self._audiences, rows, self._charged, self._going, self._split, self).best(ratio)
        candidates = self.listed()
        if not all(c.plans for c in candidates):
            return None
        choice = Master(candidates, self._charged).best(ratio, rows)
        if choice is None:
            return None
        complete = all(c.complete for c in candidates)
        bound = choice.bound if complete else -math.inf
        return Chosen(candidates, whole(candidates, choice.picks), choice.value, bound)

    def _on(self, before: int, nodes: int) -> bool:
        return self._going(before + nodes)

    def for_frontier(self) -> tuple[Candidates, ...]:
        """Plans enough for the frontier: all of them, or the best at many prices of a miss and levels of coverage."""
        if self.is_listed:
            return self.listed()
        if len(self._audiences) == 1:
            return (levels(self._audiences[0], self._going),)
        most = max(_FEWEST, LEVELS * _FEW // len(self._audiences))
        return tuple(corners(a, self._going, most) for a in self._audiences)

    def listed(self) -> tuple[Candidates, ...]:
        """Every plan of every audience, or all that were found in time."""
        if self._listed is None:
            found = []
            for audience in self._audiences:
                board = audience.board
                nothing = np.zeros(len(audience.space.channels))
                none = Weights(nothing, nothing, nothing, np.zeros(board.cover.shape[0]))
                parts, nodes, finished = within(board, none, math.inf, partial(self._on, self.nodes))
                self.nodes += nodes
                found.append(audience.candidates(parts, nodes, finished))
            self._listed = tuple(found)
        return self._listed


class _Generated:
    """One search by column generation."""

    def __init__(
        self,
        audiences: tuple[Audience, ...],
        rows: Sequence[Row],
        charged: Mapping[str, CampaignFee],
        going: Going,
        split: bool,
        counter: Search,
    ) -> None:
        self._audiences, self._rows, self._charged, self._split = audiences, rows, charged, split
        self._generation = Generation(audiences, rows, charged, going)
        self._going = going
        self._counter = counter

    def best(self, ratio: Ratio) -> Chosen | None:
        """By Dinkelbach's method where what stands below depends on the choice (see `Master.best`)."""
        chosen: Chosen | None = None
        goal = ratio.above
        priced = None
        for _ in range(_ROUNDS):
            if not ratio.is_linear:
                goal = ratio.below.times(-1.0) if chosen is None else ratio.above.plus(-chosen.value, ratio.below)
            priced = self._generation.solve(goal)
            if priced is None:
                break
            better = self._among(self._generation.candidates(), goal, ratio)
            is_better = better is not None and (chosen is None or _is_less(better.value, chosen.value))
            chosen = better if is_better else chosen
            if ratio.is_linear or not is_better or chosen is None or math.isinf(chosen.value):
                break
        self._counter.nodes += self._generation.nodes
        if priced is None:
            return None
        return self._finished(chosen, goal, ratio, priced)

    def _finished(self, chosen: Chosen | None, goal: Form, ratio: Ratio, priced: Priced) -> Chosen | None:
        """The choice with what is known of all others; of few audiences, the best among all that may be better.

        RefusedError where nothing is known but that split segments could keep the limits.
        """
        reached = self._total(chosen, goal) if chosen is not None else math.inf
        if chosen is not None and reached - priced.bound <= _ENOUGH * abs(reached):
            return replace(chosen, bound=chosen.value)
        if len(self._audiences) <= _FEW and not self._split:
            near = self._generation.near(priced, reached)
            if near is not None and all(near):
                candidates = tuple(self._generation.candidates(near, complete=True))
                choice = Master(candidates, self._charged).best(ratio, self._rows)
                if choice is None:
                    return None
                return Chosen(candidates, whole(candidates, choice.picks), choice.value, choice.bound)
        if chosen is None and not self._going(self._generation.nodes):
            return None
        if chosen is None:
            raise RefusedError(
                "the limits can be kept where segments are split, and no choice of one plan for each was found that "
                "does: add `may split segments`, or loosen a limit a little"
            )
        return replace(chosen, bound=min(chosen.value, self._bound(chosen, ratio, priced)))

    def _bound(self, chosen: Chosen, ratio: Ratio, priced: Priced) -> float:
        """What no choice's ratio is under: that of a line that all choices lie above."""
        below = Master(chosen.candidates, self._charged).mixed(ratio.below, chosen.shares)
        if ratio.is_linear:
            return priced.bound / below if below > 0 else -math.inf
        short = max(0.0, -priced.bound) / below if below > 0 else math.inf
        for factor in (1.5, 3.0, 10.0, 100.0):
            tried = chosen.value - factor * short
            if not math.isfinite(tried):
                break
            lower = self._generation.solve(ratio.above.plus(-tried, ratio.below))
            if lower is not None and lower.bound >= 0.0:
                return tried
        return -math.inf

    def _among(self, candidates: Sequence[Candidates], goal: Form, ratio: Ratio) -> Chosen | None:
        """The best choice of the plans known so far, or nearly so where there are many audiences."""
        master = Master(candidates, self._charged)
        if self._split:
            shares = master.shares(goal, self._rows)
        elif len(self._audiences) <= _FEW:
            choice = master.best(ratio, self._rows)
            shares = None if choice is None else whole(candidates, choice.picks)
        else:
            picks = master.quick(goal, self._rows, _QUICK)
            shares = None if picks is None else whole(candidates, picks)
        if shares is None:
            return None
        below = master.mixed(ratio.below, shares)
        value = master.mixed(ratio.above, shares) / below if below > 0 else math.inf
        return Chosen(tuple(candidates), shares, value, -math.inf)

    def _total(self, chosen: Chosen, goal: Form) -> float:
        return Master(chosen.candidates, self._charged).mixed(goal, chosen.shares)


def _is_less(value: float, than: float) -> bool:
    return value < than - _ENOUGH * abs(than)


def whole(candidates: Sequence[Candidates], picks: Sequence[int]) -> tuple[Floats, ...]:
    """Everybody of each audience gets the plan picked."""
    return tuple(np.eye(1, len(c.plans), k)[0] for c, k in zip(candidates, picks, strict=True))
