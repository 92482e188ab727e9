"""A slip of the pen: what people write instead, recognised by its look and answered with what to write."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import get_args

from cascadesim.errors import Diagnostic, Fix
from cascadesim.language.place import Place
from cascadesim.model.rates import State, Verb

NAME = r"[^\W\d_][\w-]*"
_UNIT = r"(?:ms|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)"
LENGTH = rf"\d[\d.]* ?{_UNIT}\b(?: \d+ ?{_UNIT}\b)?"
DONE = "|".join(get_args(State))
VERBS = "|".join(get_args(Verb))
"""Patterns of which others are made: a name, a length of time, the states and the verbs."""

Mend = Callable[[re.Match[str]], str]


@dataclass(frozen=True, slots=True)
class Slip:
    """A pattern, what is wrong with it and what is right.

    A slip counts where it touches the place at which a line stops making sense, so a pattern never judges a line
    that reads well. `wanted` names terminals, one of which the grammar must expect there (empty: whatever it
    expects). `mend` gives the text that replaces the match (None: it cannot be guessed); `{mended}` in the hint
    is it, line after line. A group called `here` is what is underlined, where that is less than what is replaced.
    """

    code: str
    pattern: re.Pattern[str]
    message: str
    hint: str
    mend: Mend | None
    wanted: frozenset[str]
    safe: bool

    def explain(self, place: Place) -> Diagnostic | None:
        """What is wrong at the place, if it is this."""
        if self.wanted and not self.wanted & place.expected:
            return None
        at = place.column - 1
        match = next((m for m in self.pattern.finditer(place.text) if m.start() <= at <= m.end() + 1), None)
        return self._told(place, match) if match is not None else None

    def _told(self, place: Place, match: re.Match[str]) -> Diagnostic:
        mended = self.mend(match) if self.mend is not None else None
        here: int | str = "here" if "here" in self.pattern.groupindex else 0
        written = match[here].strip()
        message = f"`{' '.join(written.split())}`: {self.message}" if written else self.message
        start, end = match.span(here)
        span = place.span(
            start + len(match[here]) - len(match[here].lstrip()) if written else start, max(end, start + 1)
        )
        fix = Fix(place.span(*match.span()), mended, self.safe) if mended is not None else None
        lines = [" ".join(line.split()) for line in mended.split("\n")] if mended is not None else []
        hint = self.hint.replace("{mended}", "; ".join(lines)) if mended is not None else self.hint
        return Diagnostic(self.code, "error", span, message, hint, fix)


def slip(
    code: str,
    pattern: str,
    message: str,
    hint: str,
    mend: Mend | str | None = None,
    *,
    wanted: str = "",
    safe: bool = True,
) -> Slip:
    """A slip; `mend` is the right text, or says what it is. `safe`: nothing else can be meant."""
    fixed: Mend | None = (lambda _: mend) if isinstance(mend, str) else mend
    # Between the first word of a statement and the rest there may be many spaces: scripts are laid out in columns.
    aligned = re.sub(r"^(\\b\w+) (?![+*?])", r"\1 +", pattern)
    return Slip(code, re.compile(aligned), message, hint, fixed, frozenset(wanted.split()), safe)


def indent(match: re.Match[str]) -> str:
    """The indentation of the line in which a slip was found."""
    return match.string[: len(match.string) - len(match.string.lstrip(" "))]
