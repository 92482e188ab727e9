"""What is wrong with a script, and the changes that mend it or lay it out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cascadesim.errors import Diagnostic, Fix, InputError
from cascadesim.language import examine_text, format_text


@dataclass(frozen=True, slots=True)
class Action:
    """A change that mends one fault, and what it does in words."""

    title: str
    fix: Fix
    diagnostic: Diagnostic


def check(text: str, name: str = "<text>", base: Path = Path()) -> tuple[Diagnostic, ...]:
    """All that is wrong with a script; the files it names are looked for in `base`."""
    return examine_text(text, name, base).diagnostics


def actions(diagnostics: Iterable[Diagnostic], name: str, first: int, last: int) -> tuple[Action, ...]:
    """The changes that mend faults of the script on these lines, counted from 1."""
    return tuple(
        Action(_title(d.fix), d.fix, d)
        for d in diagnostics
        if d.fix is not None and d.fix.span.file == name
        if d.span is not None and d.span.line <= last and d.span.end_line >= first
    )


def formatted(text: str) -> str:
    """The script laid out; as it is if it cannot be read."""
    try:
        return format_text(text)
    except InputError:
        return text


def _title(fix: Fix) -> str:
    if not fix.replacement:
        return "Delete this"
    written = fix.replacement.strip()
    return f"Write `{written.splitlines()[0]}`" if written else "Put spaces here"
