"""What a script says, before its names are resolved: blocks of statements that know where they stand.

The values of statements are the model's own (`Rate`, `Price`, `Wait`, ...), so nothing is said twice. Names in
them are `Name`s and lengths of time `Length`s: a string and a duration that carry their place, for the rules
that look at them later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal, Self, TypeVar

from cascadesim.errors import Diagnostic, Fix, Span
from cascadesim.model.channel import Hours
from cascadesim.model.rates import Rate
from cascadesim.units import Duration

T = TypeVar("T")
Kind = Literal["scenario", "channel", "change", "segment", "table", "message", "chain", "optimize"]


class Name(str):
    """A name as it is written: a plain string in every respect, but one that knows its place."""

    __slots__ = ("span",)
    span: Span | None

    def __new__(cls, text: str, span: Span | None = None) -> Self:
        """A name at a place."""
        name = super().__new__(cls, text)
        name.span = span
        return name


class Length(Duration):
    """A duration as it is written, which knows its place."""

    span: Span | None = None


def place(value: object, otherwise: Span | None = None) -> Span | None:
    """Where a value stands, if it knows."""
    span = getattr(value, "span", None)
    return span if isinstance(span, Span) else otherwise


@dataclass(frozen=True, slots=True)
class Line:
    """One statement of a block: its first word, the grammar's rule for it, what it says and where."""

    word: str
    rule: str
    value: Any
    span: Span


@dataclass(frozen=True, slots=True)
class Block:
    """A heading and the statements below it; `span` is the heading's place.

    `name` is a table's verb; `audience` the segments after `for` (None: all), `by_reach` an `optimize`'s.
    """

    kind: Kind
    span: Span
    lines: tuple[Line, ...] = ()
    name: Name | None = None
    title: str | None = None
    audience: tuple[Name, ...] | None = None
    by_reach: bool = False

    def all(self, *rules: str) -> Iterator[Line]:
        """Its statements of these kinds."""
        return (line for line in self.lines if line.rule in rules)

    def line(self, *rules: str) -> Line | None:
        """Its first statement of these kinds."""
        return next(self.all(*rules), None)

    def value(self, rule: str, kind: type[T]) -> T | None:
        """What its statement of the kind says."""
        line = self.line(rule)
        return line.value if line is not None and isinstance(line.value, kind) else None

    def changed(self, change: Block) -> Block:
        """The block with the lines of a `change`, which replace all that begin with the same words."""
        words = {line.word for line in change.lines}
        kept = tuple(line for line in self.lines if line.word not in words)
        return replace(self, lines=kept + change.lines)


@dataclass(frozen=True, slots=True)
class Use:
    """`use viber, sms from "f.cascade"`; `names` None: all that the file defines. `span` is the file name's."""

    file: str
    span: Span
    names: tuple[Name, ...] | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A script, statement by statement."""

    uses: tuple[Use, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """A `quiet` line, whose holidays are still names of countries."""

    hours: Hours | None = None
    days: tuple[int, ...] = ()
    dates: tuple[date, ...] = ()
    holidays: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: what `reaches` (or another verb) says of a segment on a channel."""

    channel: Name
    rate: Rate


@dataclass(slots=True)
class Faults:
    """The faults found so far; the work goes on, so that one run shows them all."""

    found: list[Diagnostic] = field(default_factory=list)

    def error(
        self, code: str, span: Span | None, message: str, hint: str | None = None, fix: Fix | None = None
    ) -> None:
        """Notes an error."""
        self.found.append(Diagnostic(code, "error", span, message, hint, fix))

    def warn(self, code: str, span: Span | None, message: str, hint: str | None = None, fix: Fix | None = None) -> None:
        """Notes a warning."""
        self.found.append(Diagnostic(code, "warning", span, message, hint, fix))

    @property
    def has_errors(self) -> bool:
        """Whether any of them is an error."""
        return any(fault.severity == "error" for fault in self.found)

    def sorted(self) -> tuple[Diagnostic, ...]:
        """All of them in the order of the script, each once; those without a place come first."""
        unique = dict.fromkeys(self.found)
        return tuple(sorted(unique, key=lambda d: (d.span is not None, d.span or _NOWHERE, d.code)))


_NOWHERE = Span("", 0, 0, 0, 0)
