"""Figures in words: as many digits as tell something, and no more.

Everything takes None for a figure that does not exist, and writes it as a dash.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

NOTHING = "-"
# From so many seconds on a span is told in this unit; its plural serves 1.0 too ("1 days" never comes up)
_UNITS = ((172_800, 86_400, "days"), (5_400, 3_600, "h"), (90, 60, "min"))


def share(value: float | None, beside: float | None = None) -> str:
    """A share of 0..1 in percent: `62.3%`; under 1% with two significant digits.

    `beside` is the figure that the value's margin of error stands beside, and whose decimals it takes.
    """
    if value is None:
        return NOTHING
    percent = 100 * (value if beside is None else beside)
    if beside is None and 99.95 <= percent < 100 - 1e-9:
        return "99.9%"  # what is not quite everything is not shown as everything
    return _with(100 * value, 1 if not 0 < percent < 0.995 else _places(percent, 2)) + "%"


def amount(value: float | None, beside: float | None = None) -> str:
    """An amount of money without its currency: four decimals under 10, two under 1,000, then none."""
    if value is None:
        return NOTHING
    size = abs(value if beside is None else beside)
    if 0 < size < 0.001:
        return _with(value, _places(size, 2))
    return _with(value, 4 if size < 10 else 2 if size < 1_000 else 0)


def money(value: float | None, currency: str) -> str:
    """An amount with its currency: `0.0231 EUR`."""
    return NOTHING if value is None else f"{amount(value)} {currency}"


def number(value: float | None, beside: float | None = None) -> str:
    """A small number, such as messages per person: two decimals, whatever it stands beside."""
    return NOTHING if value is None else _with(value, 2)


def count(value: float | None) -> str:
    """An expected number of people: whole, under 10 with one decimal where it is not."""
    if value is None:
        return NOTHING
    return _with(value, 1 if abs(value) < 10 and value != round(value) else 0)


def span(seconds: float | None) -> str:
    """A span of time in one unit, with two digits or three: `45 s`, `13 min`, `1.6 h`, `3.5 days`."""
    if seconds is None:
        return NOTHING
    size, unit = next(((size, unit) for least, size, unit in _UNITS if seconds >= least), (1, "s"))
    return f"{seconds / size:.{1 if seconds < 9.95 * size else 0}f}".removesuffix(".0") + f" {unit}"


def listed(names: Sequence[str]) -> str:
    """`push, viber and sms`, in the order given."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def plural(number: int, one: str, many: str | None = None) -> str:
    """`1 segment`, `3 segments`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _with(value: float, places: int) -> str:
    """So many decimals, or as many as the first digit needs that is not zero."""
    if value and abs(value) < 0.5 * 10**-places:
        places = _places(value, 1)
    return f"{value:,.{places}f}"


def _places(value: float, digits: int) -> int:
    """The decimals that show so many significant digits of a value under 1."""
    return digits - 1 - math.floor(math.log10(abs(value)))
