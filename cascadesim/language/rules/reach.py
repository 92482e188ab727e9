"""`reaches both`: there must be people with all these shares at once (S4)."""

from __future__ import annotations

import math
from dataclasses import replace

from cascadesim.draws.reach import patterns
from cascadesim.language.names import rounded
from cascadesim.language.rules.case import Case
from cascadesim.model.model import Model
from cascadesim.model.segment import Both, Contacts, Segment
from cascadesim.units import Share

_FINE = 0.002  # of what is possible: hints speak of whole points


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
        case.faults.error("C066", segment.both[-1].span, together, _possible(case.model, segment) or hint)


def _possible(model: Model, segment: Segment) -> str | None:
    """How far one of the pairs would have to change for all of them to be possible; None if none alone suffices.

    Without the pair the others say how many have both of its channels; between that and what is stated lies the edge.
    """
    for number, both in reversed(list(enumerate(segment.both))):
        others = (*segment.both[:number], *segment.both[number + 1 :])
        inside = _share_of_both(model, segment, others, both)
        if inside is None:
            continue
        outside = float(both.share)
        while abs(inside - outside) > _FINE:
            middle = (inside + outside) / 2
            tried = replace(both, share=Share(middle))
            inside, outside = (
                (middle, outside) if _fault(model, segment, (*others, tried)) is None else (inside, middle)
            )
        least = inside > outside
        share = math.ceil(inside * 100) if least else math.floor(inside * 100)
        return f"with the others, {both.one} and {both.other} need {share}% at {'least' if least else 'most'}"
    return None


def _share_of_both(model: Model, segment: Segment, others: tuple[Both, ...], both: Both) -> float | None:
    """Who has both channels of a pair if only the other pairs are stated; None if these are impossible themselves."""
    if not others or _fault(model, segment, others) is not None:
        return None
    wanted = {both.one, both.other}
    found = patterns(_with(model, segment, others), segment.name, sorted(wanted))
    return sum(chance for pattern, chance in found if pattern >= wanted)


def _fault(model: Model, segment: Segment, pairs: tuple[Both, ...]) -> str | None:
    """Why no people can have these shares together; None if some can."""
    try:
        patterns(_with(model, segment, pairs), segment.name, sorted({n for p in pairs for n in (p.one, p.other)}))
    except ValueError as error:
        return rounded(str(error))
    return None


def _with(model: Model, segment: Segment, pairs: tuple[Both, ...]) -> Model:
    """The model with these pairs in place of the segment's."""
    only = replace(segment, both=pairs)
    return replace(model, segments=tuple(only if s is segment else s for s in model.segments))
