"""Two rates whose samples are too small to tell them apart.

The interval of a share is Wilson's (1927), that of the difference of two is Newcombe's (1998, method 10), which
puts two of Wilson's together; both at 95%.
"""

from __future__ import annotations

from itertools import combinations
from math import sqrt

from cascadesim.language.names import percent
from cascadesim.language.rules.case import Case
from cascadesim.language.statements import place
from cascadesim.model.rates import Rate, Verb

_Z = 1.959963984540054  # the normal distribution's 97.5% quantile
_VERBS: tuple[Verb, ...] = ("opens", "answers", "clicks", "replies", "converts")


def check(case: Case) -> None:
    """Notes rates that are stated to differ, and whose measurements do not say so."""
    for segment in case.model.segments:
        for own in segment.rates:
            stated = case.model.channel(own.channel).rate(own.rate.verb)
            if stated is not None:
                _check(case, own.rate, stated, f"of {segment.name} on {own.channel}", "the channel's own")
    for question in case.model.questions:
        channels = [case.model.channel(name) for name in question.channels]
        for verb in _VERBS:
            rates = [(channel.name, rate) for channel in channels if (rate := channel.rate(verb)) is not None]
            for (one, a), (other, b) in combinations(rates, 2):
                _check(case, b, a, f"of {other}", f"that of {one}")


def _check(case: Case, rate: Rate, other: Rate, whose: str, against: str) -> None:
    if rate.measured is None or other.measured is None or rate.share == other.share:
        return
    low, high = difference(rate.share, rate.measured, other.share, other.measured)
    if low <= 0 <= high:
        message = (
            f"`{rate.verb}` {whose} ({percent(rate.share)} of {rate.measured:,}) and {against} "
            f"({percent(other.share)} of {other.measured:,}) may be the same: "
            f"their difference lies between {_points(low)} and {_points(high)} points"
        )
        hint = "measure on more people before anything is built on it (Newcombe's interval, 95%)"
        case.faults.warn("C069", place(rate), message, hint)


def wilson(share: float, number: int) -> tuple[float, float]:
    """Wilson's interval of a share that was measured on so many."""
    middle = share + _Z * _Z / (2 * number)
    half = _Z * sqrt(share * (1 - share) / number + _Z * _Z / (4 * number * number))
    scale = 1 + _Z * _Z / number
    return (middle - half) / scale, (middle + half) / scale


def difference(share: float, number: int, other_share: float, other_number: int) -> tuple[float, float]:
    """Newcombe's interval of the first share less the other."""
    low, high = wilson(share, number)
    other_low, other_high = wilson(other_share, other_number)
    between = share - other_share
    below = sqrt((share - low) ** 2 + (other_high - other_share) ** 2)
    above = sqrt((high - share) ** 2 + (other_share - other_low) ** 2)
    return between - below, between + above


def _points(share: float) -> str:
    """Percentage points, with their sign."""
    return f"{share * 100:+.1f}".replace("-", "\u2212")
