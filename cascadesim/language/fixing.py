"""Making the safe fixes: those where nothing else can be meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cascadesim.errors import Diagnostic, Fix
from cascadesim.language.script import Reading, examine_text

_ROUNDS = 20
_NEWLINE = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Fixed:
    """A text with its safe fixes made: the faults that are gone (as they were found), and what is left to read."""

    text: str
    made: tuple[Diagnostic, ...]
    left: Reading


def fix_text(text: str, name: str = "<text>", base: Path = Path()) -> Fixed:
    """Makes the safe fixes of a script, again and again until there are none: one may bring another to light.

    Everything else stays as it is, line ends and a byte-order mark included. Lines in the faults that are gone are
    those of the text as it was when each was found.
    """
    made: list[Diagnostic] = []
    reading = examine_text(text, name, base)
    for _ in range(_ROUNDS):
        chosen = apart(d for d in reading.diagnostics if d.fix is not None and d.fix.safe and d.fix.span.file == name)
        changed = apply(text, [d.fix for d in chosen if d.fix is not None])
        if changed == text:
            break
        text, reading = changed, examine_text(changed, name, base)
        made += chosen
    return Fixed(text, tuple(made), reading)


def apply(text: str, fixes: Iterable[Fix]) -> str:
    """The text with these fixes, which do not overlap; new lines in them end as those of the text do."""
    newline = _NEWLINE.search(text)
    begins = [len(text) - len(text.removeprefix("\ufeff")), *(match.end() for match in _NEWLINE.finditer(text))]
    for fix in sorted(fixes, key=lambda f: f.span, reverse=True):
        start = begins[fix.span.line - 1] + fix.span.column - 1
        end = begins[fix.span.end_line - 1] + fix.span.end_column - 1
        put = fix.replacement.replace("\n", newline[0] if newline is not None else "\n")
        text = text[:start] + put + text[end:]
    return text


def apart(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics whose fixes do not touch an earlier one's; the others get their turn in the next round."""
    chosen: list[Diagnostic] = []
    ordered = [(d.fix.span, d) for d in diagnostics if d.fix is not None]
    for span, diagnostic in sorted(ordered, key=lambda pair: pair[0]):
        last = chosen[-1].fix.span if chosen and chosen[-1].fix is not None else None
        free = last is None or (last.end_line, last.end_column) < (span.line, span.column)
        if free:
            chosen.append(diagnostic)
    return chosen
