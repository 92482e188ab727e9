"""The arms of a split are everybody, once."""

from __future__ import annotations

from decimal import Decimal

from cascadesim.language.rules.case import Case
from cascadesim.model import chain as m
from cascadesim.units import Share, plain


def check(case: Case) -> None:
    """Notes splits whose shares do not come to 100%."""
    for chain in case.model.chains:
        for node in chain.nodes:
            if isinstance(node, m.Split):
                _check(case, node)


def _check(case: Case, split: m.Split) -> None:
    stated = sum((Decimal(repr(float(arm.share))) for arm in split.arms if arm.share is not None), Decimal(0))
    rests = [arm for arm in split.arms if arm.share is None and not _is_hole(arm)]
    open_ended = any(_is_hole(arm) for arm in split.arms)
    total = f"{plain(stated * 100)}%"
    if len(rests) > 1:
        case.faults.error("C086", split.span, "`the rest` is there twice", "give one of the two a share")
    elif stated > 1:
        case.faults.error("C086", split.span, f"the arms come to {total}, more than everybody", "make them 100%")
    elif stated == 1 and rests:
        case.faults.error("C086", split.span, "nobody is left for `the rest`: the other arms are 100%", "delete it")
    elif stated < 1 and not rests and not open_ended:
        left = Share(1 - stated)
        hint = f"say what the other {left} get: the rest"
        case.faults.error("C086", split.span, f"the arms come to {total}, not to 100%", hint)


def _is_hole(arm: m.Arm) -> bool:
    """Whether `...` stands in place of an arm."""
    return arm.share is None and arm.name is None and len(arm.body) == 1 and isinstance(arm.body[0], m.Hole)
