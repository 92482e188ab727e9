"""Which of a few simulated systems is best: KN++, fully sequential selection on common random numbers.

An observation is what one system comes to in one replication; least is best. After every replication each system
still in is compared with each other one by the difference of their means, and is out where that passes a line which
closes in as replications come. A pair's line is drawn by the variance of its differences, replication by
replication: what chance does to both sides alike (S3) costs nothing.

For systems i and l after r replications, S2 being the sample variance of their r differences and n0 the first stage:

    W = max(0, delta / (2 r) (h2 S2 / delta^2 - r)),   h2 = 2 eta f,   eta = ((2 beta)^(-2/f) - 1) / 2,   f = n0 - 1

and i is out where its mean is above that of l by more than W. With beta = alpha / (k - 1) for k systems (Bonferroni,
as differences are dependent) the one selected is, with probability 1 - alpha, no more than delta above the least.
The lines (c = 1), eta and the use of common random numbers are those of S.-H. Kim and B. L. Nelson, "A fully
sequential procedure for indifference-zone selection in simulation", ACM TOMACS 11(3), 2001, where S2 is that of the
first stage alone; that S2 follows all replications is KN++ of the same, "On the asymptotic validity of fully
sequential selection procedures for steady-state simulation", Operations Research 54(3), 2006.

KN++'s guarantee is asymptotic. With two normal systems that differ by just delta (the least favourable case), a first
stage of 10 and f = r - 1, the best was selected in 94.3% of trials, with a first stage of 20 in 94.6%: a little less
than is claimed. So the first stage is `FIRST`, and f stays what it was there, which draws the lines wider by a tenth.
Then it was 94.9%, 95.4% and 96.0%, for a delta of 0.12, 0.2 and 0.3 standard deviations of a difference (6,000 trials
each).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Observe = Callable[[int, int], float]
"""What a system, by its number, comes to in a replication, counted from 0; infinite where it has no value."""

ALPHA = 0.05
"""How likely the selection may be wrong."""
FIRST = 20
"""The replications of the first stage, before which nobody is out."""
MOST = 300
"""The replications after which it stays undecided."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What came of it. `best` is None where the replications were used up and `survivors` remain, or nobody does.

    `observed` has all that was looked at, by system: as many observations as replications that it was in for.
    """

    best: int | None
    survivors: tuple[int, ...]
    observed: Mapping[int, tuple[float, ...]]

    @property
    def leader(self) -> int | None:
        """The survivor that did best on average, whether or not that decides anything; None where nobody is left."""
        return min(self.survivors, key=lambda s: np.mean(self.observed[s]), default=None)

    @property
    def replications(self) -> int:
        """How many replications were run of the systems that were in to the end."""
        return max((len(values) for values in self.observed.values()), default=0)


def select(
    systems: Sequence[int],
    observe: Observe,
    delta: float,
    *,
    alpha: float = ALPHA,
    rivals: int | None = None,
    first: int = FIRST,
    most: int = MOST,
) -> Selection:
    """The best of the systems, up to `delta` (in the observations' unit) and with probability 1 - `alpha`.

    A system with an infinite observation has no mean, and is out with it. `rivals`, k - 1 above, is how many others
    each has; it is to be that of the whole list where this is a part of it, so that what is said holds for several
    selections from one list on the same replications. ValueError for a delta of 0 or less, a first stage of under two
    replications, or fewer in all.
    """
    if not (delta > 0 and 2 <= first <= most):
        raise ValueError(f"delta {delta:g} must be over 0, 2 <= first stage {first} <= most replications {most}")
    beta = alpha / max(1, len(systems) - 1 if rivals is None else rivals)
    h2 = (first - 1) * ((2 * beta) ** (-2 / (first - 1)) - 1)
    observed = {s: [observe(s, r) for r in range(first)] for s in systems}
    alive = list(systems)
    while True:
        alive = [s for s in alive if math.isfinite(sum(observed[s]))]
        kept, is_settled = _screened(np.array([observed[s] for s in alive]), delta, h2)
        alive = [alive[place] for place in kept]
        if is_settled or len(observed[alive[0]]) == most:
            break
        for s in alive:
            observed[s].append(observe(s, len(observed[s])))
    best = min(alive, key=lambda s: np.mean(observed[s]), default=None) if is_settled else None
    survivors = tuple(alive) if best is None else (best,)
    return Selection(best, survivors, {s: tuple(values) for s, values in observed.items()})


def _screened(seen: Floats, delta: float, h2: float) -> tuple[list[int], bool]:
    """Which rows (systems x replications) stay in, and whether that settles it.

    It does where one is left, or several whose lines have closed in altogether: then the least mean is selected.
    """
    if len(seen) < 2:
        return list(range(len(seen))), True
    means = seen.mean(axis=1)
    lines = _lines(seen - means[:, None], delta, h2)
    is_in = np.all(means[:, None] <= means[None, :] + lines, axis=1)
    kept = np.flatnonzero(is_in)
    return kept.tolist(), len(kept) == 1 or not lines[np.ix_(kept, kept)].any()


def _lines(deviations: Floats, delta: float, h2: float) -> Floats:
    """W for every pair of systems, by their deviations from their means."""
    replications = deviations.shape[1]
    differences = deviations[:, None, :] - deviations[None, :, :]
    variances = np.einsum("ilr,ilr->il", differences, differences) / (replications - 1)
    lines: Floats = np.maximum(0.0, delta / (2 * replications) * (h2 * variances / delta**2 - replications))
    return lines
