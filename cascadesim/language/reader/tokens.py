"""Words and numbers of a script as values; what is out of range is noted and replaced by something harmless."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any, TypeAlias

from lark import Token, Tree

from cascadesim.errors import Fix, Span
from cascadesim.language.source import Files, Source
from cascadesim.language.statements import Faults, Length, Name
from cascadesim.units import DAY, Money, Share, parse_count

Node: TypeAlias = "Tree[Token]"
_LONGEST = 36_525 * DAY
_SOME_DAY = date(2000, 1, 1)
_GROUPED = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_ESCAPES = {"\\": "\\", '"': '"', "n": "\n"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What the readers of statements need: the text, the files beside it, and where faults go."""

    source: Source
    files: Files
    faults: Faults

    def span(self, node: Node | Token) -> Span:
        """The place of a word or of a whole statement."""
        at = node if isinstance(node, Token) else node.meta
        return Span(self.source.name, at.line or 1, at.column or 1, at.end_line or 1, at.end_column or 1)

    def name(self, token: Token) -> Name:
        """A name; letters that can be written in two ways are one."""
        return Name(unicodedata.normalize("NFC", token), self.span(token))

    def names(self, tokens: list[Any]) -> tuple[Name, ...]:
        """A list of names, each once."""
        found: dict[Name, None] = {}
        for token in tokens:
            name = self.name(token)
            if name in found:
                self.faults.error("C032", name.span, f"{name} is named twice in this list", "name it once")
            found[name] = None
        return tuple(found)

    def string(self, token: Token) -> Name:
        """A quoted text, its escapes resolved: a quote, a backslash and a new line."""
        wrong = re.search(r'\\[^\\"n]', re.sub(r"\\\\", "  ", token))
        if wrong:
            self.faults.error(
                "C016",
                self._part(token, *wrong.span()),
                f"{wrong[0]} means nothing in a text",
                'write \\" for a quote, \\n for a new line and \\\\ for a backslash',
            )
        text = re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[0]), token[1:-1])
        return Name(text, self.span(token))

    def words(self, token: Token, what: str) -> Name:
        """A quoted text that must not be empty."""
        text = self.string(token)
        if not text.strip():
            self.faults.error("C031", text.span, f"{what} is empty", "write it between the quotes")
        return text

    def file(self, token: Token) -> Name:
        """The name of a file."""
        return self.words(token, "the name of the file")

    def share(self, token: Token) -> Share:
        """A share of 0% to 100%."""
        try:
            return Share.parse(token)
        except ValueError:
            self.faults.error("C040", self.span(token), f"{token} is more than everybody", "a share is 100% at most")
            return Share(1.0)

    def money(self, token: Token) -> Money:
        """An amount of money."""
        try:
            return Money.parse(token)
        except ValueError:
            self.faults.error(
                "C041",
                self.span(token),
                f"{token} is finer than a billionth of {token[-3:]}",
                "amounts have nine decimal places at most",
            )
            return Money(0, token[-3:])

    def length(self, token: Token) -> Length:
        """A length of time, more than none."""
        try:
            length = Length.parse(token)
        except ValueError:
            length = Length(1)
            self.faults.error("C042", self.span(token), f"{token} is finer than a microsecond")
        if length > _LONGEST:
            self.faults.error("C042", self.span(token), f"{token} is longer than a hundred years", "write less")
            length = Length(_LONGEST)
        if length == 0:
            self.faults.error("C042", self.span(token), f"{token} is no time at all", "write more, or leave it out")
        length.span = self.span(token)
        return length

    def number(self, token: Token) -> Decimal:
        """A number of any kind."""
        return parse_count(token)

    def count(self, token: Token, least: int = 1) -> int:
        """A whole number."""
        if _GROUPED.fullmatch(token):
            whole, span = token.replace(".", ""), self.span(token)
            hint = f"write {whole}, or 10k for 10.000"
            self.faults.error("C195", span, f"`{token}`: a point does not group digits here", hint, Fix(span, whole))
            return max(least, int(whole))
        number = self.number(token)
        if number != int(number):
            hint = f"write a whole number, or {token}k for {token} thousand" if token[-1].isdigit() else "write it out"
            self.faults.error("C043", self.span(token), f"{token} is not a whole number", hint)
            return max(least, int(number))
        if number < least:
            self.faults.error("C043", self.span(token), f"{token} is too few", f"at least {least}")
        return max(least, int(number))

    def time(self, token: Token) -> time:
        """A time of day, from 0:00 to 23:59."""
        hour, minute = map(int, token.split(":"))
        try:
            return time(hour, minute)
        except ValueError:
            fix = Fix(self.span(token), "0:00") if (hour, minute) == (24, 0) else None
            hint = "midnight is 0:00" if fix else "a day runs from 0:00 to 23:59"
            self.faults.error("C044", self.span(token), f"{token} is not a time of day", hint, fix)
            return time(0)

    def date(self, token: Token) -> date:
        """A day of the calendar."""
        try:
            day = date.fromisoformat(token)
        except ValueError:
            self.faults.error("C044", self.span(token), f"there is no day {token}", "write year-month-day: 2027-03-01")
            return _SOME_DAY
        if not 1970 <= day.year < 3000:
            self.faults.error("C044", self.span(token), f"{day.year} is not a year of a campaign", "1970 to 2999 are")
            return _SOME_DAY
        return day

    def _part(self, token: Token, start: int, end: int) -> Span:
        at = self.span(token)
        return Span(at.file, at.line, at.column + start, at.end_line, at.column + end)


Reader: TypeAlias = Callable[[Reading, Node], Any]
"""Reads one statement: from its tree to its value."""


def parts(node: Node) -> list[Any]:
    """What a statement consists of, as the grammar's rule lists it: names, numbers, texts, parts, or None."""
    return list(node.children)


def tree(node: Any) -> Node:
    """The child as the tree which the grammar says it is."""
    assert isinstance(node, Tree)
    return node


def word(node: Any) -> str:
    """The words of a word set (`at least`), as they are written, one space between them."""
    return " ".join(str(child) for child in tree(node).children)
