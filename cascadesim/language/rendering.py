"""A diagnostic as people read it in a terminal, and as data."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from cascadesim.errors import Diagnostic, Fix, Span

_COLOURS = {"error": "\033[1;31m", "warning": "\033[1;33m", "bold": "\033[1m", "quiet": "\033[34m", "hint": "\033[36m"}


def render(diagnostic: Diagnostic, sources: Mapping[str, str], colour: bool = False) -> str:
    """The message, the place, the line of the script with the fault underlined, and what helps.

    `sources` has the scripts' texts by name; without the text the place alone is shown. No newline at the end.
    """

    def paint(style: str, text: str) -> str:
        return f"{_COLOURS[style]}{text}\033[0m" if colour and text else text

    severity = paint(diagnostic.severity, f"{diagnostic.severity}[{diagnostic.code}]")
    lines = [f"{severity}: {paint('bold', diagnostic.message)}"]
    span = diagnostic.span
    if span is not None:
        lines.append(f"{paint('quiet', '  -->')} {span.file}:{span.line}:{span.column}")
        text = _line(sources, span)
        if text is not None:
            number = str(span.line)
            bar = paint("quiet", f"{' ' * len(number)} |")
            blank, carets = _underline(text, span)
            lines += [
                bar,
                f"{paint('quiet', f'{number} |')} {text}",
                f"{bar} {blank}{paint(diagnostic.severity, carets)}",
            ]
    if diagnostic.hint is not None:
        lines.append(f"{paint('hint', '  hint:')} {diagnostic.hint}")
    return "\n".join(lines)


def _line(sources: Mapping[str, str], span: Span) -> str | None:
    text = sources.get(span.file)
    lines = text.split("\n") if text is not None else []
    return lines[span.line - 1].rstrip() if span.line <= len(lines) else None


def _underline(text: str, span: Span) -> tuple[str, str]:
    """The space before the carets and the carets, as wide as what they underline is in a terminal."""
    start = span.column - 1
    end = span.end_column - 1 if span.end_line == span.line else len(text)
    before = "".join(c if c == "\t" else " " * _width(c) for c in text[:start])
    return before + " " * (start - len(text)), "^" * max(1, sum(map(_width, text[start:end])))


def _width(character: str) -> int:
    """How many cells of a terminal the character takes."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def diagnostics_json(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """The diagnostics as data; without a place its keys are null."""
    return [_as_data(diagnostic) for diagnostic in diagnostics]


def _as_data(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "file": diagnostic.span.file if diagnostic.span else None,
        **_place(diagnostic.span),
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "fix": _fix(diagnostic.fix),
    }


def _place(span: Span | None) -> dict[str, int | None]:
    keys = ("line", "column", "end_line", "end_column")
    return {key: getattr(span, key) if span else None for key in keys}


def _fix(fix: Fix | None) -> dict[str, Any] | None:
    return {"replacement": fix.replacement, "file": fix.span.file, **_place(fix.span)} if fix else None
