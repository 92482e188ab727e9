"""`kinds`: the average must stay the stated rate, and no kind may react more often than always (S4)."""

from __future__ import annotations

import math

from cascadesim.draws.kinds import kinds
from cascadesim.language.names import percent, rounded
from cascadesim.language.rules.case import Case
from cascadesim.language.statements import place
from cascadesim.model.channel import Channel
from cascadesim.model.rates import Verb
from cascadesim.model.segment import Segment

_EXAMPLE = "such as: kinds 30% eager x1.4, 20% silent x0.2, the rest usual"


def check(case: Case) -> None:
    """Notes kinds that cannot be."""
    for segment in case.model.segments:
        if not segment.kinds:
            continue
        span = case.line_span("segment", segment.name, "kinds")
        if _named_twice(case, segment):
            continue
        try:
            found = kinds(segment)
        except ValueError as error:
            case.faults.error("C064", span, rounded(str(error)), _most(segment) or _EXAMPLE)
            continue
        for name, share, factor in found:
            if share > 0:
                _check_factor(case, segment, name, factor)


def _most(segment: Segment) -> str | None:
    """How large the largest factor can be, so that the rest has one; None if that is not the trouble."""
    stated = [(float(k.share), k.factor, k.name) for k in segment.kinds if k.share is not None and k.factor is not None]
    share, factor, name = max(stated, key=lambda kind: kind[1], default=(0.0, 0.0, ""))
    others = sum(s * f for s, f, _ in stated) - share * factor
    if len(stated) == len(segment.kinds) or sum(s for s, _, _ in stated) >= 1 or not 0 <= others < 1:
        return None
    most = math.floor(round((1 - others) / share * 1000, 6)) / 1000
    return f"x{most:g} is the most that {name} can have; the average stays 1" if most < factor else None


def _named_twice(case: Case, segment: Segment) -> bool:
    """Notes a kind that is there a second time, or a second rest."""
    names = [kind.name for kind in segment.kinds]
    rests = [kind.name for kind in segment.kinds if kind.share is None]
    twice = [name for number, name in enumerate(names) if name in names[:number]] or rests[1:]
    if twice:
        message = "there is only one rest" if twice == rests[1:] else f"the kind {twice[0]} is there twice"
        case.faults.error("C068", place(twice[0]), message, "give it a share and a name of its own")
    return bool(twice)


def _check_factor(case: Case, segment: Segment, kind: str, factor: float) -> None:
    """Notes the channel whose rate allows the least, if the factor lifts it over 100%."""
    rates = [(rate, what) for channel in case.model.channels for rate, what in _rates(case, segment, channel)]
    highest, what = max(rates, default=(0.0, ""))
    if highest * factor <= 1 + 1e-9:
        return
    stated = next(k for k in segment.kinds if k.name == kind)
    computed = "" if stated.factor is not None else f" (x{factor:.3g}, so that the average stays)"
    message = f"the factor of {kind}{computed} lifts {what} from {percent(highest)} to {percent(highest * factor)}"
    allowed = math.floor(1000 / highest) / 1000
    hint = f"x{allowed:g} is the most that {what.rpartition(' ')[2]} allows"
    span = place(stated.name, case.line_span("segment", segment.name, "kinds"))
    case.faults.error("C067", span, message, hint)


def _rates(case: Case, segment: Segment, channel: Channel) -> list[tuple[float, str]]:
    """The open or answer rates on a channel that the factor is applied to, with their names."""
    reach = case.model.rate(segment.name, channel.name, "reaches")
    if reach is not None and reach.share == 0:
        return []
    verb: Verb = "answers" if channel.is_call else "opens"
    again = any(rate.verb == verb for rate in channel.resend)
    found = [(case.model.rate(segment.name, channel.name, verb, resend), resend) for resend in {False, again}]
    return [
        (rate.share, f"`{'resend ' if resend else ''}{verb}` of {channel.name}")
        for rate, resend in found
        if rate is not None
    ]
