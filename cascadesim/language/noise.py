"""Faults that are only the echo of a line which could not be read.

Nobody should be told that a segment has no people because its `people` line has a slip. So a fault that says that
something is *missing* is left out where an unread line may well have said it, and only there: the line must stand in
the block that the fault is about, or in one that this block speaks of, and begin with the word in question or with
no word of the language at all.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import get_args

from cascadesim.errors import Diagnostic, Span
from cascadesim.language.grammar import words
from cascadesim.model.rates import Verb

_WORD = re.compile(r"[^\W\d_](?:-?\w)*")
_VERBS = frozenset[str](get_args(Verb))
_REACTIONS = frozenset(("opens", "answers", "segment"))
_OBJECTIVES = frozenset(("minimize", "minimise", "maximize", "maximise", "choose"))
_UNDEFINED = frozenset(("C020", "C021", "C022", "C023", "C024", "C025", "C030"))
_WITH_RATES = ("channel", "change", "segment", "table")
_RUNS = frozenset(("runs",))
_FIGURED = _VERBS | _RUNS | {"people", "starts", "lasts", "resend", "keep", "repeat"}
"""Lines that cannot do without a figure."""

_IN_ITS_BLOCK: dict[str, frozenset[str]] = {
    "C036": frozenset(("people",)),
    "C037": _OBJECTIVES,
    "C039": frozenset(("segment",)),  # a table's header says how many cells a row has
    "C084": frozenset(("keep",)),
    "C085": frozenset(("repeat", "choose")),
    "C086": frozenset(("the",)),
}
"""Faults of something that is missing in a block, and the words of the lines that could have said it."""

_OF_WHAT_IT_NAMES: dict[str, frozenset[str]] = {
    "C058": _REACTIONS,
    "C059": _REACTIONS,
    "C060": _VERBS,
    "C061": frozenset(("answers", "lasts")),
    "C062": _VERBS,
    "C065": frozenset(("reports",)),
    "C066": frozenset(("reaches",)),
    "C067": _VERBS | {"resend"},
    "C076": _VERBS | {"reports"},
    "C077": _VERBS | {"reports"},
    "C078": _VERBS | {"reports"},
}
"""The same for what channels and segments say, wherever the fault shows."""

_OF_THE_SCENARIO: dict[str, frozenset[str]] = {
    "C046": frozenset(("prices",)),
    "C047": frozenset(("prices",)),
    "C073": _RUNS,
    "C079": _RUNS,
    "C081": _RUNS,
    "C090": frozenset(("starts",)),
    "C096": _RUNS,
}
"""The same for what only the scenario says."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that could not be read, and those below it that went with it.

    `kind` and `name` are those of its block, `word` is its first and `words` are all that it has; `meant` are the
    words of the language that its fault speaks of. A line at the top may define what it names (`defines`), or even
    things of any name (`anything`).
    """

    file: str
    line: int
    kind: str
    name: str
    word: str = ""
    words: frozenset[str] = frozenset()
    meant: frozenset[str] = frozenset()
    has_figures: bool = True
    defines: bool = False
    anything: bool = False

    def may_say(self, wanted: frozenset[str]) -> bool:
        """Whether it may be a line that begins with one of the words: what its fault takes it for, else any.

        `weather "rain"` says no length of time, whatever it says.
        """
        if self.word in wanted or self.meant:
            return self.word in wanted or bool(self.meant & wanted)
        return self.word not in _keywords() and (self.has_figures or not wanted <= _FIGURED)


@functools.cache
def _keywords() -> frozenset[str]:
    return frozenset(words().values())


def meant_by(fault: Diagnostic) -> frozenset[str]:
    """The words of the language by which a fault says what a line may have been: the first of each in backticks."""
    said = re.findall(r"`([^\W\d_]+)[^`]*`", f"{fault.message} {fault.hint}")
    return frozenset(said) & _keywords()


def words_of(text: str) -> frozenset[str]:
    """The words and names in a text."""
    return frozenset(_WORD.findall(text))


@dataclass(slots=True)
class Noise:
    """The lines of a script, and of those it uses, that could not be read, and what else they may have caused.

    `told` are the faults that say so, `lines` the faulty lines, `headings` the lines at the top by file.
    """

    unread: list[Unread] = field(default_factory=list)
    told: set[Diagnostic] = field(default_factory=set)
    lines: set[tuple[str, int]] = field(default_factory=set)
    headings: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def add(
        self, file: str, unread: tuple[Unread, ...], told: tuple[Diagnostic, ...], headings: tuple[int, ...]
    ) -> None:
        """Takes up what could not be read in a file."""
        self.unread += unread
        self.told |= set(told)
        self.lines |= {(u.file, u.line) for u in unread} | {(d.span.file, d.span.line) for d in told if d.span}
        self.headings[file] = headings

    def without(
        self, found: tuple[Diagnostic, ...], sources: Mapping[str, str], known: frozenset[str]
    ) -> tuple[Diagnostic, ...]:
        """The faults that stand for themselves; `known` are the names that are defined."""
        if not self.told and not self.unread:
            return found
        return tuple(fault for fault in found if fault in self.told or not self._is_echo(fault, sources, known))

    def _is_echo(self, fault: Diagnostic, sources: Mapping[str, str], known: frozenset[str]) -> bool:
        span = fault.span
        if span is None:
            return False
        if (span.file, span.line) in self.lines:
            return True  # it speaks of what stands in for the line
        if fault.code in _UNDEFINED:
            names = words_of(_underlined(span, sources))
            return any(u.defines and (u.anything or names & u.words) for u in self.unread)
        if fault.code in _OF_THE_SCENARIO:
            wanted = _OF_THE_SCENARIO[fault.code]
            return any(u.may_say(wanted) for u in self.unread if u.kind == "scenario")
        if fault.code == "C038":
            return any(u.defines and (u.anything or u.may_say(frozenset(("segment",)))) for u in self.unread)
        if fault.code in _IN_ITS_BLOCK:
            wanted = _IN_ITS_BLOCK[fault.code]
            return any(u.may_say(wanted) for u in self.unread if self._is_in(u, span))
        if fault.code in _OF_WHAT_IT_NAMES:
            wanted = _OF_WHAT_IT_NAMES[fault.code]
            return any(u.may_say(wanted) or u.defines for u in self._near(fault, span, sources, known))
        return False

    def _near(
        self, fault: Diagnostic, span: Span, sources: Mapping[str, str], known: frozenset[str]
    ) -> Iterator[Unread]:
        """The unread lines of what a fault, or the block in which it shows, speaks of."""
        first, end = self._block(span)
        text = "\n".join(sources.get(span.file, "").split("\n")[first - 1 : end])
        spoken_of = words_of(text) - _keywords() | words_of(fault.message) & known
        for unread in self.unread:
            names = unread.words if unread.defines else unread.words & known | {unread.name}
            if (unread.defines or unread.kind in _WITH_RATES) and spoken_of & names:
                yield unread

    def _is_in(self, unread: Unread, span: Span) -> bool:
        """Whether a line belongs to the block in which a place lies."""
        return unread.file == span.file and self._block(span) == self._block(replace(span, line=unread.line))

    def _block(self, span: Span) -> tuple[int, int | None]:
        """The first and the last line of the block in which a place lies."""
        headings = self.headings.get(span.file, ())
        number = bisect_right(headings, span.line)
        first = headings[number - 1] if number else 1
        return first, headings[number] - 1 if number < len(headings) else None


def _underlined(span: Span, sources: Mapping[str, str]) -> str:
    lines = sources.get(span.file, "").split("\n")
    if not 1 <= span.line <= len(lines):
        return ""
    end = span.end_column - 1 if span.end_line == span.line else None
    return lines[span.line - 1][span.column - 1 : end]
