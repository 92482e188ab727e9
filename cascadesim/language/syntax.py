"""Faults of syntax, told in the words of the language: what stands there, what was expected, what to write."""

from __future__ import annotations

import re

from cascadesim.errors import Diagnostic, Fix, Span
from cascadesim.language.beginnings import explain_beginning
from cascadesim.language.grammar import WrongIndentError, reserved_words
from cascadesim.language.misfits import explain_misfit
from cascadesim.language.names import reserved, spoken
from cascadesim.language.place import Place, without_comment
from cascadesim.language.slips import explain_slip
from cascadesim.language.source import Source


def explain(place: Place) -> Diagnostic:
    """Why a line stops making sense at the place: the first explanation that fits."""
    for explanation in (_no_version, _layout, explain_slip, explain_beginning):
        diagnostic = explanation(place)
        if diagnostic is not None:
            return diagnostic
    return explain_misfit(place)


def explain_tab(source: Source, tab: re.Match[str]) -> Diagnostic:
    """A line whose indentation has a tab in it."""
    span = source.span(*tab.span())
    hint = "indent by spaces, four to a level; most editors convert tabs for you"
    fix = Fix(span, tab[0].replace("\t", "    "), safe=True)
    return Diagnostic("C005", "error", span, "this line is indented by a tab", hint, fix)


def explain_level(error: WrongIndentError, source: Source) -> Diagnostic:
    """A line that lies between two levels of indentation."""
    line = error.token.end_line or 1
    text = source.line(line)
    span = Span(source.name, line, 1, line, max(2, error.indent + 1))
    near = min(error.levels, key=lambda level: (abs(level - error.indent), level))
    wanted = spoken([str(level) for level in error.levels])
    word = text.split(maxsplit=1)[0] if text.strip() else ""
    return Diagnostic(
        "C013",
        "error",
        span,
        f"{error.indent} spaces before `{word}` fit no block above",
        f"begin it after {wanted} spaces, as the other lines of its block",
        Fix(span, " " * near),
    )


def reserved_names(source: Source) -> list[Diagnostic]:
    """Definitions whose names cannot be names: likely why a later line cannot be read."""
    pattern = re.compile(r"^(channel|segment|message|chain) +([\w-]+)", re.MULTILINE)
    return [
        Diagnostic("C018", "error", source.span(*match.span(2)), *reserved(match[1], match[2]))
        for match in pattern.finditer(source.text)
        if match[2] in reserved_words()
    ]


def _no_version(place: Place) -> Diagnostic | None:
    """The first line."""
    if place.expected == {"COUNT"} and place.text.strip() == "cascade":
        fix = Fix(Span(place.source.name, place.line, place.column, place.line, place.column), " 1", safe=True)
        return Diagnostic("C011", "error", place.span(), "the version is missing", "write `cascade 1`", fix)
    if "CASCADE" not in place.expected or place.word.casefold() == "cascade":
        return None
    top = Span(place.source.name, place.line, 1, place.line, 1)
    message, hint = "a script begins with `cascade 1`", "it is the version of the language: put it on the first line"
    return Diagnostic("C011", "error", place.span(), message, hint, Fix(top, "cascade 1\n\n", safe=True))


def _layout(place: Place) -> Diagnostic | None:
    """A block without lines, or lines without a block."""
    if place.kind == "_INDENT":
        hint = "lines of one block begin in the same column; only what belongs to a heading is indented below it"
        message = "this line is indented, but the line above it begins no block"
        return Diagnostic("C006", "error", place.span(), message, hint)
    if "_INDENT" not in place.expected:
        return None
    number = place.line - place.begins_line
    while number > 1 and not without_comment(place.source.line(number)).strip():
        number -= 1
    heading = without_comment(place.source.line(number))
    start = len(heading) - len(heading.lstrip())
    span = Span(place.source.name, number, start + 1, number, len(heading) + 1)
    hint = "indent what belongs to it by four spaces; `...` stands for what is still to be written"
    return Diagnostic("C007", "error", span, f"nothing is indented below `{heading.strip()}`", hint)
