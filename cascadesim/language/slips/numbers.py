"""Numbers as they are written elsewhere: money, decimals, times of day, lengths of time, shares."""

from __future__ import annotations

import re

from cascadesim.language.slips.slip import Slip, slip

_CURRENCIES = {"€": "EUR", "$": "USD", "£": "GBP"}
_CURRENCY_WORDS = {"euro": "EUR", "dollar": "USD", "pound": "GBP", "eur": "EUR", "usd": "USD", "gbp": "GBP"}
_UNITS = {
    "hr": "h", "hrs": "h", "hs": "h", "mins": "min", "mn": "min", "secs": "s", "wk": "weeks", "wks": "weeks",
    "dy": "days", "ds": "days", "w": "weeks", "H": "h",
}  # fmt: skip
_PERIODS = {"s": "second", "m": "minute", "h": "hour", "d": "day"}
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DAY_TIMES = {"noon": "12:00", "midday": "12:00", "midnight": "0:00"}


def _clock(match: re.Match[str]) -> str:
    hour = int(match[1]) % 12 + (12 if match[3].lower() == "p" else 0)
    return f"{hour}:{match[2] or '00'}"


def _in_words(match: re.Match[str]) -> str:
    number = {"a": 1, "an": 1}.get(match[1].lower()) or _NUMBERS.index(match[1].lower()) + 1
    return f"{number} {match[2].lower()}"


def _date(year: str, month: str | int, day: str) -> str:
    return f"{year}-{int(month):02}-{int(day):02}"


NUMBERS: tuple[Slip, ...] = (
    # money
    slip("C104", r"([€£]) ?(\d[\d_.]*)", "money is an amount and the code of its currency", "write {mended}",
         lambda m: f"{m[2]} {_CURRENCIES[m[1]]}"),
    slip("C104", r"(\d[\d_.]*) ?([€£])", "money is an amount and the code of its currency", "write {mended}",
         lambda m: f"{m[1]} {_CURRENCIES[m[2]]}"),
    slip("C104", r"\$ ?(\d[\d_.]*)|(\d[\d_.]*) ?\$", "money is an amount and the code of its currency",
         "write {mended}, or the code of another dollar", lambda m: f"{m[1] or m[2]} USD", safe=False),
    slip("C104", r"\b(\d[\d_.]*) ?(euro|dollar|pound|eur|usd|gbp)s?\b",
         "money is an amount and the code of its currency", "write {mended}",
         lambda m: f"{m[1]} {_CURRENCY_WORDS[m[2]]}"),
    slip("C104", r"\b(\d[\d_.]*) ?(cents?|ct)\b", "cents are written as a part of the currency",
         "such as 0.05 EUR for 5 cents"),
    slip("C105", r"\b([A-Z]{3}) ?(\d[\d_.]*)\b", "the amount comes before its currency", "write {mended}",
         lambda m: f"{m[2]} {m[1]}"),
    # times of day and dates, before `.` and `,` are taken for those of decimals
    slip("C109", r"\b(\d{1,2})(?:[:.](\d{2}))? ?([aApP])\.?[mM]\b\.?", "times are written on the 24-hour clock",
         "write {mended}", _clock),
    slip("C131", r"\b([01]?\d|2[0-3])[.hH]([0-5]\d)\b(?! *%)", "a time of day takes a colon", "write {mended}",
         lambda m: f"{int(m[1])}:{m[2]}", wanted="TIME"),
    slip("C131", r"\b([01]?\d|2[0-3]) ?(?:h|H|hrs?|hours|o'?clock)\b", "a time of day has hours and minutes",
         "write {mended}", lambda m: f"{int(m[1])}:00", wanted="TIME"),
    slip("C131", r"\b(noon|midday|midnight)\b", "a time of day is written in numbers", "write {mended}",
         lambda m: _DAY_TIMES[m[1]], wanted="TIME"),
    slip("C131", r"\b(?:morning|afternoon|evening|night|lunch\w*)\b", "a time of day is written in numbers",
         "such as 9:00, 13:00 or 18:30", wanted="TIME"),
    slip("C132", r"\b(\d{4})[./](\d{1,2})[./](\d{1,2})\b", "a date is written as year-month-day", "write {mended}",
         lambda m: _date(m[1], m[2], m[3])),
    slip("C132", r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b", "a date is written as year-month-day", "write {mended}",
         lambda m: _date(m[3], m[2], m[1])),
    slip("C132", r"\b\d{1,2}/\d{1,2}/\d{4}\b|\b\d{1,2}\.\d{1,2}\.(?!\d)", "a date is written as year-month-day",
         "such as 2027-03-01 for the first of March"),
    slip("C132", rf"(?i)\b(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH},? (\d{{4}})\b",
         "a date is written as year-month-day", "write {mended}",
         lambda m: _date(m[3], _MONTHS.index(m[2].lower()) + 1, m[1])),
    slip("C132", rf"(?i)\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b", "a date is written as year-month-day",
         "write {mended}", lambda m: _date(m[3], _MONTHS.index(m[1].lower()) + 1, m[2])),
    slip("C132", rf"(?i)\b(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?)\b",
         "a date is written as year-month-day", "with its year, such as 2027-03-01"),
    # digits and decimals
    slip("C106", r"\b([1-9]\d{0,2})((?:,\d{3})+)\b(?! *%)", "a comma does not group digits here",
         "write {mended}; a decimal takes a point", lambda m: m[1] + m[2].replace(",", ""), wanted="MONEY", safe=False),
    slip("C106", r"\b([1-9]\d{0,2})((?:,\d{3})+)\b(?! *%)", "a comma does not group digits here",
         "write {mended}, or 10k for 10,000", lambda m: m[1] + m[2].replace(",", "")),
    slip("C108", r"(?<![\d.])\.(\d+)", "a number begins with a digit", "write {mended}", lambda m: f"0.{m[1]}"),
    slip("C107", r"\b(\d+),(\d+)\b", "decimals take a point, not a comma", "write {mended}",
         lambda m: f"{m[1]}.{m[2]}"),
    slip("C195", r"\b(\d{1,3})((?: \d{3})+)\b", "a space does not group digits here",
         "write {mended}, or 10k for 10 000", lambda m: m[1] + m[2].replace(" ", "")),
    slip("C195", r"\b([1-9]\d{0,2})((?:\.\d{3}){2,})\b", "a point does not group digits here",
         "write {mended}, or 10M for 10.000.000", lambda m: m[1] + m[2].replace(".", "")),
    slip("C195", r"\b([1-9]\d{0,2})((?:['’]\d{3})+)\b", "an apostrophe does not group digits here", "write {mended}",
         lambda m: m[1] + re.sub("['’]", "", m[2])),
    slip("C196", r"\b(\d[\d_.]*) ?(thousand|million|mln|mio|tsd|ths?)\b", "large numbers take a letter",
         "write {mended}", lambda m: f"{m[1]}{'k' if m[2][0] == 't' else 'M'}"),
    # lengths of time
    slip("C110", r"\b(\d[\d_]*) ?m\b", "`m` could be months or minutes", "write {mended} for minutes, or count in days",
         lambda m: f"{m[1]} min", safe=False),
    slip("C111", r"\b(\d[\d_.]*) ?(hrs?|mins|mn|secs|wks?|dy|ds|hs|H|w)\b", "a unit of time in another form",
         "write {mended}", lambda m: f"{m[1]} {_UNITS[m[2]]}"),
    slip("C111", r"\b(\d[\d_.]*) ?(S|Sec|Seconds?|Min|Minutes?|Hours?|D|Days?|Weeks?)\b",
         "units are written in small letters", "write {mended}", lambda m: f"{m[1]} {m[2].lower()}"),
    slip("C111", r"\b(\d+)h(\d{1,2})(?: ?min)?\b", "hours and minutes have each their unit", "write {mended}",
         lambda m: f"{m[1]} h {int(m[2])} min"),
    slip("C112", r"\b(\d[\d_.]*) ?(months?|mo|years?|yr|y)\b", "months and years differ in length",
         "count in days or weeks, such as 60 days"),
    slip("C134", rf"(?i)\b({'|'.join(_NUMBERS)}|an?) (seconds?|minutes?|hours?|days?|weeks?|times?|messages?|steps?)\b",
         "numbers are written in digits", "write {mended}", _in_words),
    slip("C134", r"(?i)\bhalf an? hour\b", "numbers are written in digits", "write {mended}", "30 min"),
    # shares and rates
    slip("C113", r"\b(\d[\d_.]*) ?(percent|per cent|pct|prc)\b", "a share takes the percent sign", "write {mended}",
         lambda m: f"{m[1]}%"),
    slip("C113", r"% ?(\d[\d_.]*)", "the percent sign comes behind the number", "write {mended}",
         lambda m: f"{m[1]}%"),
    slip("C114", r"(\d[\d_.]*) ?%? ?(?:[-–—]|\.\.) ?(\d[\d_.]*) ?%", "a range is written with `to`", "write {mended}",
         lambda m: f"{m[1]}% to {m[2]}%"),
    slip("C114", r"\b(\d{1,2}:\d{2}) ?[-–—] ?(\d{1,2}:\d{2})\b", "hours are written with `from` and `to`",
         "write {mended}", lambda m: f"from {m[1]} to {m[2]}", wanted="FROM"),
    slip("C114", r"\b(\d{1,2}:\d{2}) ?[-–—] ?(\d{1,2}:\d{2})\b", "hours are written with `to`", "write {mended}",
         lambda m: f"{m[1]} to {m[2]}"),
    slip("C114", r"(?<![-.\d])\b(\d+) ?[-–—] ?(\d+)\b(?![-.:\d])", "a range is written with `to`", "write {mended}",
         lambda m: f"{m[1]} to {m[2]}"),
    slip("C115", r"\b(\d[\d_]*[kM]?) ?/ ?(s|sec|second|m|min|minute|h|hour|d|day)\b", "a rate is written with `per`",
         "write {mended}", lambda m: f"{m[1]} per {_PERIODS[m[2][0]]}"),
    slip("C115", r" ?/ ?(message|sms|part|minute|min|call|click|open|person|campaign|email|second|hour|day)\b",
         "a price or a rate is written with `per`", "such as 0.045 EUR per message sent, or 0.06 EUR per minute"),
)  # fmt: skip
"""In the order in which they are tried."""
