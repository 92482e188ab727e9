"""The place where a script stops making sense, and what could stand there, in friendly names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from cascadesim.errors import Span
from cascadesim.language.grammar import words
from cascadesim.language.names import spoken
from cascadesim.language.source import Source

_THINGS = {
    "NAME": "a name",
    "STRING": 'a "text"',
    "COUNT": "a number",
    "SHARE": "a share such as 34%",
    "MONEY": "an amount such as 0.045 EUR",
    "DURATION": "a length of time such as 2 h",
    "TIME": "a time such as 21:00",
    "DATE": "a date such as 2027-03-01",
    "FACTOR": "a factor such as x1.4",
    "CURRENCY": "a currency such as EUR",
    "_NL": "the end of the line",
}
_WORD = re.compile(r'"[^"\n]*"?|[^\W\d_][\w-]*|\d[\d_.]*(?:[^\W_]+)?%?|\S')


@dataclass(frozen=True, slots=True)
class Place:
    """Where a script stops making sense: what stands there and what could (`expected`, terminals)."""

    source: Source
    line: int
    column: int
    kind: str
    expected: frozenset[str]

    @property
    def text(self) -> str:
        """The line."""
        return self.source.line(self.line)

    @property
    def word(self) -> str:
        """The word at the place; empty at the end of the line."""
        match = _WORD.match(self.text, self.column - 1)
        return match[0] if match else ""

    @property
    def begins_line(self) -> bool:
        """Whether nothing stands before it."""
        return not self.text[: self.column - 1].strip()

    @property
    def keywords(self) -> list[str]:
        """The words that could stand here."""
        return sorted(words()[t] for t in self.expected if t in words() and words()[t][0].isalpha())

    def span(self, start: int | None = None, end: int | None = None) -> Span:
        """A part of the line, from columns counted from 0; the word at the place by default."""
        first = self.column - 1 if start is None else start
        last = first + max(1, len(self.word)) if end is None else end
        return Span(self.source.name, self.line, first + 1, self.line, max(last, first + 1) + 1)

    def friendly(self) -> str:
        """What could stand here, the likeliest first: things, then words, then signs."""
        things = [_THINGS[t] for t in _THINGS if t in self.expected and t != "_NL"]
        keywords = [f"`{word}`" for word in self.keywords]
        end = [_THINGS["_NL"]] if "_NL" in self.expected else []
        signs = [f"`{words()[t]}`" for t in sorted(self.expected) if t in words() and not words()[t][0].isalpha()]
        return spoken([*things, *keywords, *(signs if not things + keywords else []), *end])


def place_in(source: Source, number: int, error: UnexpectedInput, expected: frozenset[str]) -> Place:
    """Where a line, which was read alone, stops making sense; `expected` is what could stand there."""
    if isinstance(error, UnexpectedToken):
        token: Any = error.token
        return Place(source, number, token.column, token.type, expected)
    assert isinstance(error, UnexpectedCharacters)
    return Place(source, number, error.column, "", expected)


def without_comment(line: str) -> str:
    """The line without its comment and the space before it."""
    return re.sub(r'^((?:"(?:[^"\\]|\\.)*"|[^"#])*)#.*$', r"\1", line).rstrip()
