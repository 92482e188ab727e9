"""Faults of syntax, told in the words of the language: what stands there, what was expected, what to write."""

from __future__ import annotations

import re
from typing import Any

from lark.exceptions import UnexpectedInput

from cascadesim.errors import Diagnostic, Fix, Span
from cascadesim.language.grammar import TAB, WrongIndentError, parse, reserved_words, words
from cascadesim.language.names import nearest, reserved, spoken
from cascadesim.language.place import Place, place_of, without_comment
from cascadesim.language.slips import SLIPS
from cascadesim.language.source import Source
from cascadesim.units import parse_count, plain

_HEADINGS = ("scenario", "channel", "change", "segment", "table", "message", "chain", "optimize", "optimise")
_NUMBERS = ("SHARE", "MONEY", "DURATION", "TIME", "DATE", "FACTOR", "COUNT")


def diagnose(source: Source) -> list[Diagnostic]:
    """Why a script has no tree, and the names in it that no script can have."""
    tab = TAB.search(source.text)
    if tab is not None:
        return [_tab(source, tab)]
    try:
        parse(source.text)
    except WrongIndentError as error:
        return [_wrong_level(error, source), *_reserved_names(source)]
    except UnexpectedInput as error:
        return [_diagnosed(place_of(error, source)), *_reserved_names(source)]
    return []


def _tab(source: Source, tab: re.Match[str]) -> Diagnostic:
    span = source.span(*tab.span())
    hint = "indent by spaces, four to a level; most editors convert tabs for you"
    fix = Fix(span, tab[0].replace("\t", "    "))
    return Diagnostic("C005", "error", span, "this line is indented by a tab", hint, fix)


def _diagnosed(place: Place) -> Diagnostic:
    """The first explanation that fits."""
    for explain in (_no_version, _layout, _slip, _senders, _statement, _number):
        diagnostic = explain(place)
        if diagnostic is not None:
            return diagnostic
    return _anything(place)


def _no_version(place: Place) -> Diagnostic | None:
    """The first line."""
    if place.expected == {"COUNT"} and place.text.strip() == "cascade":
        fix = Fix(Span(place.source.name, place.line, place.column, place.line, place.column), " 1")
        return Diagnostic("C011", "error", place.span(), "the version is missing", "write `cascade 1`", fix)
    if "CASCADE" not in place.expected or place.word.casefold() == "cascade":
        return None
    top = Span(place.source.name, place.line, 1, place.line, 1)
    message, hint = "a script begins with `cascade 1`", "it is the version of the language: put it on the first line"
    return Diagnostic("C011", "error", place.span(), message, hint, Fix(top, "cascade 1\n\n"))


def _layout(place: Place) -> Diagnostic | None:
    """A block without lines, or lines without a block."""
    if place.kind == "_INDENT":
        hint = "lines of one block begin in the same column"
        message = "this line is indented, but the line above it begins no block"
        return Diagnostic("C013", "error", place.span(), message, hint)
    if "_INDENT" not in place.expected:
        return None
    number = place.line - place.begins_line
    while number > 1 and not without_comment(place.source.line(number)).strip():
        number -= 1
    heading = without_comment(place.source.line(number))
    start = len(heading) - len(heading.lstrip())
    span = Span(place.source.name, number, start + 1, number, len(heading) + 1)
    hint = "indent what belongs to it by four spaces; `...` stands for what is still to be written"
    return Diagnostic("C013", "error", span, f"nothing is indented below `{heading.strip()}`", hint)


def _wrong_level(error: WrongIndentError, source: Source) -> Diagnostic:
    line = error.token.end_line or 1
    text = source.line(line)
    span = Span(source.name, line, 1, line, max(2, error.indent + 1))
    near = min(error.levels, key=lambda level: (abs(level - error.indent), level))
    wanted = spoken([str(level) for level in error.levels])
    hint = f"begin it after {wanted} spaces"
    return Diagnostic(
        "C013",
        "error",
        span,
        f"{error.indent} spaces before `{_first_word(text)}` fit no block above",
        hint,
        Fix(span, " " * near),
    )


def _first_word(text: str) -> str:
    return text.split(maxsplit=1)[0] if text.strip() else ""


def _slip(place: Place) -> Diagnostic | None:
    for slip in SLIPS:
        match = slip.found(place.text, place.column - 1, place.expected)
        if match is None:
            continue
        mended = slip.mend(match) if slip.mend is not None else None
        span = place.span(match.start(), max(match.end(), match.start() + 1))
        fix = Fix(span, mended) if mended is not None else None
        message = f"`{match[0].strip()}`: {slip.message}" if match[0].strip() else slip.message
        return Diagnostic("C010", "error", span, message, slip.hint.format(mended=mended), fix)
    return None


def _senders(place: Place) -> Diagnostic | None:
    """`send push, email`: a comma only comes before the wait."""
    match = re.match(r"\s*send .*?(, *)$", place.text[: place.column - 1])
    if match is None or place.expected != {"WAIT"} or nearest(place.word, ["wait"]) or not place.word:
        return None
    fix = Fix(place.span(match.start(1), match.end(1)), " and ")
    hint = "after a comma comes the wait: send push and email, wait 2 h"
    return Diagnostic("C010", "error", place.span(), "the channels of one `send` are joined by `and`", hint, fix)


def _statement(place: Place) -> Diagnostic | None:
    """A line that begins with no word of its block."""
    if not place.begins_line or place.kind in ("_DEDENT", "$END") or "NAME" in place.expected:
        return None
    word, block, known = place.word, _block(place), place.keywords
    what = f"line of {block}" if block else "block"
    if word.casefold() in known:
        fix = Fix(place.span(), word.casefold())
        return _unknown(place, f"`{word}` is written in small letters", f"write `{word.casefold()}`", fix)
    if word in _HEADINGS:
        return _unknown(place, f"`{word}` begins a block of its own", "do not indent it")
    near = nearest(word, known)
    if near is not None:
        return _unknown(place, f"`{word}` begins no {what}", f"did you mean `{near}`?", Fix(place.span(), near))
    if block is None and word in words().values():
        return _unknown(place, f"`{word}` belongs in a block", "indent it below the heading of the block")
    if known == ["segment"]:
        return _unknown(place, "the columns of the table are missing", "begin it with the channels: segment viber sms")
    return _unknown(place, f"`{word}` begins no {what}", f"lines here begin with {spoken(known, 'and', 30)}")


def _unknown(place: Place, message: str, hint: str, fix: Fix | None = None) -> Diagnostic:
    return Diagnostic("C014", "error", place.span(), message, hint, fix)


def _block(place: Place) -> str | None:
    """The kind of block in which the place lies, as people say it."""
    for number in range(place.line - 1, 0, -1):
        text = place.source.line(number)
        word = _first_word(text)
        if text[:1].strip() and word in _HEADINGS:
            kind = {"optimise": "optimize", "change": "channel"}.get(word, word)
            break
    else:
        return None
    if not place.text[:1].isspace():
        return None
    return f"an {kind} block" if kind == "optimize" else f"a {kind}"


def _number(place: Place) -> Diagnostic | None:
    """A bare number where one with a unit belongs."""
    word = place.word
    if not re.fullmatch(r"\d[\d_]*(\.\d+)?[kKM]?", word):
        return None
    wanted = [kind for kind in _NUMBERS if kind in place.expected]
    if not wanted or "COUNT" in wanted:
        return None
    message, hint, mended = _LACKING[wanted[0]]
    right = mended(word)
    fix = Fix(place.span(), right) if right is not None else None
    return Diagnostic("C015", "error", place.span(), f"`{word}` {message}", hint.format(word=word, mended=right), fix)


def _as_share(word: str) -> str:
    number = parse_count(word)
    return f"{plain(number * 100 if number < 1 else number)}%"


_LACKING: dict[str, tuple[str, str, Any]] = {
    "SHARE": ("is no share: a share takes the percent sign", "write {mended}", _as_share),
    "MONEY": ("lacks its currency", "such as {word} EUR", lambda _: None),
    "DURATION": ("lacks its unit", "such as {word} min, {word} h or {word} days", lambda _: None),
    "TIME": (
        "is no time of day",
        "times have hours and minutes: {mended}",
        lambda word: f"{word}:00" if word.isdigit() and int(word) < 24 else "21:00",
    ),
    "DATE": ("is no date", "write year-month-day: 2027-03-01", lambda _: None),
    "FACTOR": ("is no factor", "write x{word}", lambda word: f"x{word}"),
}


def _anything(place: Place) -> Diagnostic:
    """What stands there, and what could."""
    word = place.word
    if not word or place.kind in ("_NL", "$END", "_DEDENT"):
        end = len(without_comment(place.text))
        span = place.span() if place.begins_line else place.span(end, end + 1)
        return Diagnostic("C010", "error", span, "something is missing here", f"expected {place.friendly()}")
    near = word.casefold() if word.casefold() in place.keywords else nearest(word, place.keywords)
    if near is not None:
        hint, fix = f"did you mean `{near}`?", Fix(place.span(), near)
    elif place.expected == {"NAME"}:
        hint, fix = "a name begins with a letter; letters, digits, - and _ follow", None
    else:
        hint, fix = f"expected {place.friendly()}", None
    return Diagnostic("C010", "error", place.span(), f"`{word}` does not fit here", hint, fix)


def _reserved_names(source: Source) -> list[Diagnostic]:
    """Definitions whose names cannot be names: likely why a later line cannot be read."""
    pattern = re.compile(r"^(channel|segment|message|chain) +([\w-]+)", re.MULTILINE)
    return [
        Diagnostic("C018", "error", source.span(*match.span(2)), *reserved(match[1], match[2]))
        for match in pattern.finditer(source.text)
        if match[2] in reserved_words()
    ]
