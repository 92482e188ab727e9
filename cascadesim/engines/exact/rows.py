"""The classes of people while a plan is evaluated, in arrays: who they are, what they got and when."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cascadesim.engines.exact.memo import Ints
from cascadesim.engines.exact.quadrature import Floats


class Rows(NamedTuple):
    """Classes of people: reach pattern, probability by kind, and of each message, skipped or not, response and time."""

    pattern: Ints
    weight: Floats
    responses: Ints
    starts: Ints

    def mean(self, values: Floats) -> float:
        """The mean over the people of values by class and kind."""
        return float(np.vdot(self.weight, values))

    def longer(self, responses: Ints, starts: Ints) -> Rows:
        """The classes with one more message each."""
        more = (np.concatenate([old, new[None]]) for old, new in ((self.responses, responses), (self.starts, starts)))
        return Rows(self.pattern, self.weight, *more)

    def taken(self, index: Ints) -> Rows:
        """These classes of them, some perhaps more than once."""
        return Rows(self.pattern[index], self.weight[index], self.responses[:, index], self.starts[:, index])


class Point(NamedTuple):
    """A decision point: when each class comes to it, and the probability that it has not stopped, by kind."""

    rows: Rows
    now: Ints
    unstopped: Floats
