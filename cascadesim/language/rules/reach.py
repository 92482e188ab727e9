"""`reaches both`: there must be people with all these shares at once (S4)."""

from __future__ import annotations

from dataclasses import replace

from cascadesim.draws.reach import patterns
from cascadesim.language.names import rounded
from cascadesim.language.rules.case import Case
from cascadesim.model.model import Model
from cascadesim.model.segment import Both, Contacts, Segment


def check(case: Case) -> None:
    """Notes pairs that cannot be, alone or together."""
    for segment in case.model.segments:
        if segment.both and not isinstance(segment.people, Contacts) and _names_differ(case, segment):
            _check(case, segment)


def _names_differ(case: Case, segment: Segment) -> bool:
    """Whether each pair is of two known channels, and stated once."""
    seen: dict[frozenset[str], Both] = {}
    for both in segment.both:
        before = seen.setdefault(frozenset((both.one, both.other)), both)
        if before is not both:
            message = f"{both.one} and {both.other} are stated twice"
            case.faults.error("C028", both.span, message, "keep one of the two lines")
            return False
    known = case.campaign.defined["channel"]
    return all(len(pair) == 2 and pair <= known.keys() for pair in seen)


def _check(case: Case, segment: Segment) -> None:
    hint = "change this share, or what the channels reach alone"
    alone = [(both, _fault(case.model, segment, (both,))) for both in segment.both]
    impossible = [(both, fault) for both, fault in alone if fault is not None]
    for both, fault in impossible:
        case.faults.error("C066", both.span, fault, hint)
    together = None if impossible else _fault(case.model, segment, segment.both)
    if together is not None:
        case.faults.error("C066", segment.both[-1].span, together, hint)


def _fault(model: Model, segment: Segment, pairs: tuple[Both, ...]) -> str | None:
    """Why no people can have these shares together; None if some can."""
    only = replace(segment, both=pairs)
    others = tuple(only if s is segment else s for s in model.segments)
    try:
        patterns(replace(model, segments=others), segment.name, sorted({n for p in pairs for n in (p.one, p.other)}))
    except ValueError as error:
        return rounded(str(error))
    return None
