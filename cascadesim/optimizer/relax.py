"""The linear relaxation of a choice: a bound that holds whatever the solver's tolerances, and a good first try.

A `System` is to be minimized over one plan a segment. Its linear programme is solved by HiGHS; all we keep are
the multipliers of its rows. By weak duality *any* nonnegative multipliers bound the system from below: their
bound is calculated here from the rows themselves, so that the proof does not rest on the solver's tolerances.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from cascadesim.optimizer.search import Floats


@dataclass(frozen=True, slots=True)
class System:
    """Choose one plan k in each segment s: minimize the sum of objective[s][k] plus fees, within the rows.

    `rows[s]` is plans x rows; their sums plus `row_fees` times the fees are at most `bounds` (less, where
    `strict`), up to `slack`, which is float noise. The fees are summed over the charged channels that the
    chosen plans use (`uses[s]`: plans x channels, 0 or 1): the larger of the channel's `fee` and what its
    messages' costs (`spent[s]`) lack to its minimum, `least` (S13).
    """

    objective: tuple[Floats, ...]
    rows: tuple[Floats, ...]
    bounds: Floats
    strict: Floats
    slack: Floats
    objective_fees: float
    row_fees: Floats
    uses: tuple[Floats, ...]
    spent: tuple[Floats, ...]
    fee: Floats
    least: Floats

    def fees(self, used: Floats, spent: Floats) -> Floats:
        """What is paid on top of the messages; channels are the last axis of both."""
        owed: Floats = np.maximum(self.fee, self.least - spent)
        return np.where(used > 0, owed, 0.0).sum(axis=-1)

    @functools.cached_property
    def scale(self) -> float:
        """A size of the objective's values: what its rounding errors are measured by."""
        return 1.0
