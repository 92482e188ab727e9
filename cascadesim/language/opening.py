"""The hours in which a channel sends, turned into those in which it is quiet.

`hours Mon to Fri 9:00 to 18:00` is what people write; the language says when a channel does not send. A quiet window
that passes midnight belongs to the day on which it begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cascadesim.language.names import spoken

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?\.?"
_GROUPS = {"weekday": range(5), "weekdays": range(5), "workdays": range(5), "working days": range(5),
           "business days": range(5), "weekend": range(5, 7), "weekends": range(5, 7), "every day": range(7),
           "daily": range(7)}  # fmt: skip
_WORDS = re.compile(
    rf"\b(?:({_DAY})(?: *(?:-|–|—|to|until|till|through) *({_DAY}))?|({'|'.join(_GROUPS)}))(?!\w)", re.IGNORECASE
)
_HOURS = re.compile(r"(\d{1,2}):(\d{2}) *(?:-|–|—|to|until|till|and) *(\d{1,2}):(\d{2})")
_FILLERS = re.compile(
    r"\b(?:from|between|only|on|and|at|in|the|hours|sends?|calls?|allowed|available|works?|working|open)\b|[,;:]",
    re.IGNORECASE,
)
_SILENCE = re.compile(
    r"\b(?:silent|silence|no|not|never|do|don't|sending|sends?|messages|calls|dnd|nights?|off|on|at|from|between|the|and)"
    r"\b|[,;:]",
    re.IGNORECASE,
)

Window = tuple[str, str]


def quiet_lines(text: str) -> tuple[str, ...]:
    """The `quiet` lines for the days and hours of a text; none if it says something else besides, or too little."""
    hours, (days, rest) = _week(text), _days(text)
    if hours is None and days and not rest:
        return (f"quiet on {spoken((_DAYS[day] for day in range(7) if day not in days), 'and')}",)
    if hours is None or len(set(hours.values())) > 1:
        return _day_by_day(hours) if hours is not None else ()
    start, end = next(iter(hours.values()))
    closed = [day for number, day in enumerate(_DAYS) if number not in hours]
    return (f"quiet from {end} to {start}", *([f"quiet on {spoken(closed, 'and')}"] if closed else []))


def silent_lines(text: str) -> tuple[str, ...]:
    """The `quiet` line for hours, or days, in which nothing is sent; none if the text says something else besides."""
    found, days = _HOURS.search(text), _days(text)[0]
    rest = _SILENCE.sub("", _WORDS.sub("", _HOURS.sub("", text, count=1))).strip()
    if rest or not (found or days):
        return ()
    on = f" on {spoken((_DAYS[day] for day in sorted(days)), 'and')}" if days else ""
    hours = f" from {int(found[1])}:{found[2]} to {int(found[3])}:{found[4]}" if found is not None else ""
    return (f"quiet{hours}{on}",)


def _week(text: str) -> dict[int, Window] | None:
    """From when to when it sends, by the day of the week."""
    found: dict[int, Window] = {}
    since = 0
    windows = list(_HOURS.finditer(text))
    for match in windows:
        days, other = _days(text[since : match.start()])
        if other or (not days and len(windows) > 1) or days & found.keys():
            return None
        window = (f"{int(match[1])}:{match[2]}", f"{int(match[3])}:{match[4]}")
        found.update(dict.fromkeys(days or range(7), window))
        since = match.end()
    behind, rest = _days(text[since:])
    if rest or not windows or (behind and (len(windows) > 1 or len(found) < 7)):
        return None
    return {day: window for day, window in found.items() if not behind or day in behind}


def _days(text: str) -> tuple[set[int], str]:
    """The days that a text names, and what else it says."""
    days: set[int] = set()
    for one, other, group in _WORDS.findall(text):
        if group:
            days |= set(_GROUPS[group.lower()])
        else:
            first = _number(one)
            last = _number(other) if other else first
            days |= {(first + more) % 7 for more in range((last - first) % 7 + 1)}
    return days, _FILLERS.sub("", _WORDS.sub("", text)).strip()


def _number(day: str) -> int:
    return next(number for number, name in enumerate(_DAYS) if name.startswith(day[:3].lower()))


def _day_by_day(hours: dict[int, Window]) -> tuple[str, ...]:
    """A line for each way in which a day ends, one for the days without hours, and one for the mornings behind them."""
    evenings: dict[Window, list[str]] = {}
    mornings: dict[Window, list[str]] = {}
    for day, (start, end) in sorted(hours.items()):
        opens = hours[(day + 1) % 7][0] if (day + 1) % 7 in hours else "0:00"
        evenings.setdefault((end, opens), []).append(_DAYS[day])
        if (day - 1) % 7 not in hours and start != "0:00":
            mornings.setdefault(("0:00", start), []).append(_DAYS[day])
    closed = [day for number, day in enumerate(_DAYS) if number not in hours]
    return (*_lines(evenings), *([f"quiet on {spoken(closed, 'and')}"] if closed else []), *_lines(mornings))


def _lines(windows: dict[Window, list[str]]) -> Iterable[str]:
    return (f"quiet from {start} to {end} on {spoken(days, 'and')}" for (start, end), days in windows.items())
