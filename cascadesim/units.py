"""Durations, money and shares: frozen values that parse and print as scripts write them.

`Duration` is an `int` of microseconds and `Share` a `float` of 0..1, so engines calculate with them as they
are. `Money` is a whole number of billionths of its currency's unit: sums do not depend on their order.
All three obey ``parse(str(x)) == x``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Self

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

BILLION = 1_000_000_000

_UNITS = {
    "ms": 1_000, "s": SECOND, "sec": SECOND, "second": SECOND, "seconds": SECOND,
    "min": MINUTE, "minute": MINUTE, "minutes": MINUTE, "h": HOUR, "hour": HOUR, "hours": HOUR,
    "d": DAY, "day": DAY, "days": DAY, "week": WEEK, "weeks": WEEK,
}  # fmt: skip
_MULTIPLES = {"": 1, "k": 1_000, "K": 1_000, "M": 1_000_000}
_PART = re.compile(r"(\d[\d_]*(?:\.\d+)?)\s*([A-Za-z]+)\s*")
_COUNT = re.compile(r"(\d[\d_]*(?:\.\d+)?)([kKM]?)")
_MONEY = re.compile(r"(\d[\d_]*(?:\.\d+)?[kKM]?)\s*([A-Z]{3})")


def parse_count(text: str) -> Decimal:
    """The number behind ``10_000``, ``10k``, ``0.5M`` or ``0.045``; ValueError if it is none."""
    match = _COUNT.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a number: write 10000, 10_000 or 10k")
    return Decimal(match[1].replace("_", "")) * _MULTIPLES[match[2]]


def plain(number: Decimal) -> str:
    """A decimal without exponent and trailing zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class Duration(int):
    """A span of time in whole microseconds; prints as ``1 h 30 min``."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """``2 h``, ``1 h 30 min``, ``1 day``; ValueError if it is none."""
        rest, total = text.strip(), Decimal(0)
        while rest:
            match = _PART.match(rest)
            if not match or match[2] not in _UNITS:
                raise ValueError(f"{text!r} is not a duration: write 30 min, 2 h or 1 day")
            total += Decimal(match[1].replace("_", "")) * _UNITS[match[2]]
            rest = rest[match.end() :]
        if not text.strip() or total != int(total):
            raise ValueError(f"{text!r} is not a whole number of microseconds")
        return cls(int(total))

    @property
    def seconds(self) -> float:
        """In seconds, as results are printed."""
        return self / SECOND

    def __str__(self) -> str:
        if self == 0:
            return "0 s"
        parts, rest = [], int(self)
        for size, one, many in ((DAY, "day", "days"), (HOUR, "h", "h"), (MINUTE, "min", "min")):
            count, rest = divmod(rest, size)
            if count:
                parts.append(f"{count} {one if count == 1 else many}")
        if rest:
            parts.append(f"{plain(Decimal(rest) / SECOND)} s")
        return " ".join(parts)

    def __repr__(self) -> str:
        return f"Duration({int(self)})"


class Share(float):
    """A share of 0..1; prints as ``34%``."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """``34%`` or ``9.1 %``; ValueError if it is none or not within 0% to 100%."""
        stripped = text.strip()
        try:
            number = Decimal(stripped.removesuffix("%").strip().replace("_", ""))
        except InvalidOperation:
            raise ValueError(f"{text!r} is not a share: write 34%") from None
        if not stripped.endswith("%"):
            raise ValueError(f"{text!r} is not a share: write it with its sign, as 34%")
        if not 0 <= number <= 100:
            raise ValueError(f"{text!r} is not a share: it lies between 0% and 100%")
        return cls(number / 100)

    def __str__(self) -> str:
        return f"{plain(Decimal(repr(float(self))) * 100)}%"

    def __repr__(self) -> str:
        return f"Share({float(self)!r})"


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in whole billionths of one unit of its currency; prints as ``0.045 EUR``."""

    billionths: int
    currency: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """``0.045 EUR``, ``20k EUR``; ValueError if it is none or finer than a billionth."""
        match = _MONEY.fullmatch(text.strip())
        if not match:
            raise ValueError(f"{text!r} is not an amount: write 0.045 EUR")
        billionths = parse_count(match[1]) * BILLION
        if billionths != int(billionths):
            raise ValueError(f"{text!r} is finer than a billionth of {match[2]}")
        return cls(int(billionths), match[2])

    def __str__(self) -> str:
        return f"{plain(Decimal(self.billionths) / BILLION)} {self.currency}"
