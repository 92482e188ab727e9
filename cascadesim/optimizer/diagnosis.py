"""Why no plan keeps the limits: which of them binds, and how close it can get."""

from __future__ import annotations

import math
from collections.abc import Sequence

from cascadesim.errors import Diagnostic, QuestionError
from cascadesim.optimizer.limits import Limit
from cascadesim.optimizer.master import Master, Row
from cascadesim.optimizer.quantities import Ratio
from cascadesim.optimizer.restriction import listed


def infeasible(master: Master, limits: Sequence[Limit]) -> QuestionError:
    """The error that says why: C401 for each limit that no plan keeps even alone, else C402 for their conflict.

    For a conflict each limit is shown with the best value that it can have while all the others are kept: the
    smallest change of one line that makes the question answerable.
    """
    hopeless = [limit for limit in limits if not _keeps(master, limit)]
    if hopeless:
        return QuestionError(*(_impossible(limit, _closest(master, limit, ())) for limit in hopeless))
    conflicts = []
    for limit in limits:
        closest = _closest(master, limit, [other.row for other in limits if other is not limit])
        if closest is not None:
            conflicts.append(_conflict(limit, closest))
    return QuestionError(*(conflicts or [_knot(limits)]))


def _keeps(master: Master, limit: Limit) -> bool:
    """Whether any plan keeps the limit, whatever else it does."""
    return master.best(Ratio(limit.row[0]), [limit.row]) is not None


def _closest(master: Master, limit: Limit, others: Sequence[Row]) -> float | None:
    """The limit's ratio where it is nearest to being kept; None if the others cannot be kept even so.

    Infinite where the ratio has no value: nothing stands below under any plan.
    """
    best = master.best(limit.ratio if limit.at_most else limit.ratio.negated(), others)
    if best is None:
        return None
    return best.value if limit.at_most or math.isinf(best.value) else -best.value


def _impossible(limit: Limit, closest: float | None) -> Diagnostic:
    hint = "allow more channels, steps or waits, or loosen the limit"
    return Diagnostic("C401", "error", limit.keep.span, _compared(limit, closest), hint)


def _conflict(limit: Limit, closest: float) -> Diagnostic:
    hint = f"loosen this limit to {limit.shown(closest)}, or another one" if math.isfinite(closest) else None
    return Diagnostic(
        "C402", "error", limit.keep.span, f"with all other limits kept, {_compared(limit, closest)}", hint
    )


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
