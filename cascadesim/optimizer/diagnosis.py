"""Why no plan keeps the limits: which of them binds, and how close it can get."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from cascadesim.errors import Diagnostic, QuestionError
from cascadesim.optimizer.limits import Limit
from cascadesim.optimizer.master import Row
from cascadesim.optimizer.quantities import Ratio
from cascadesim.optimizer.restriction import listed
from cascadesim.optimizer.search import Search


def infeasible(search: Search, limits: Sequence[Limit]) -> QuestionError:
    """The error that says why: C401 for each limit that no plan keeps even alone, else C402 for their conflict.

    The smallest sets of limits that no plan keeps together are named, each limit with the best value that it can have
    while all others are kept: the smallest change of one line that makes them agree, where there is one.
    """
    hopeless = [limit for limit in limits if not _kept(search, [limit])]
    if hopeless:
        return QuestionError(*(_impossible(limit, _closest(search, limit, ())) for limit in hopeless))
    said, left = [], list(limits)
    while left and not _kept(search, left):
        some = _smallest(search, left)
        said += _conflicts(search, some, limits)
        left = [limit for limit in left if limit not in some]
    return QuestionError(*said)


def _conflicts(search: Search, some: Sequence[Limit], every: Sequence[Limit]) -> list[Diagnostic]:
    """Each limit with what it can be while all others are kept; where that is nothing, while those of its set are."""
    said = []
    for limit in some:
        closest = _closest(search, limit, [other.row for other in every if other is not limit])
        if closest is not None:
            said.append(_conflict(limit, closest, "all other limits"))
            continue
        others = [other for other in some if other is not limit]
        closest = _closest(search, limit, [other.row for other in others])
        if closest is not None:
            named = listed([other.named for other in others])
            said.append(_conflict(limit, closest, f"the limit on {named}", "loosening this limit alone is not enough"))
    return said or [_knot(some)]


def _smallest(search: Search, limits: Sequence[Limit]) -> Sequence[Limit]:
    """The first of the smallest sets of limits that contradict each other."""
    for size in range(2, len(limits)):
        for some in itertools.combinations(limits, size):
            if not _kept(search, some):
                return some
    return limits


def _kept(search: Search, limits: Sequence[Limit]) -> bool:
    """Whether any plan keeps the limits, whatever else it does."""
    return search.best(Ratio(limits[0].row[0]), [limit.row for limit in limits]) is not None


def _closest(search: Search, limit: Limit, others: Sequence[Row]) -> float | None:
    """The limit's ratio where it is nearest to being kept; None if the others cannot be kept even so.

    Infinite where the ratio has no value: nothing stands below under any plan.
    """
    best = search.best(limit.ratio if limit.at_most else limit.ratio.negated(), others)
    if best is None:
        return None
    return best.value if limit.at_most or math.isinf(best.value) else -best.value


def _impossible(limit: Limit, closest: float | None) -> Diagnostic:
    hint = "allow more channels, steps or waits, or loosen the limit"
    return Diagnostic("C401", "error", limit.keep.span, _compared(limit, closest), hint)


def _conflict(limit: Limit, closest: float, kept: str, hint: str | None = None) -> Diagnostic:
    if hint is None and math.isfinite(closest):
        hint = f"loosen this limit to {limit.shown(closest)}, or another one"
    return Diagnostic("C402", "error", limit.keep.span, f"with {kept} kept, {_compared(limit, closest)}", hint)


def _compared(limit: Limit, closest: float | None) -> str:
    asked = f"the script asks for {limit.asked}"
    if closest is None or math.isinf(closest):
        return f"{limit.named} has no value under any plan; {asked}"
    verb = "comes to {} at least" if limit.at_most else "gets to {} at most"
    return f"{limit.named} {verb.format(limit.shown(closest))}; {asked}"


def _knot(limits: Sequence[Limit]) -> Diagnostic:
    named = listed([limit.named for limit in limits])
    hint = "loosening one of them is not enough: loosen two or more"
    return Diagnostic("C402", "error", limits[0].keep.span, f"no plan keeps all the limits on {named}", hint)
