"""What stands in for a line that cannot be read: what was likely meant, else a hole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lark import Token

from cascadesim.errors import Fix
from cascadesim.language.names import nearest, similar
from cascadesim.language.place import without_comment
from cascadesim.language.spots import Line

_NAMED = ("channel", "change", "segment", "message", "chain")
_HEADINGS = (*_NAMED, "scenario", "optimize", "if", "otherwise", "split")
_NAME = re.compile(r"\s*\S+\s+([^\W\d_](?:-?\w)*)")


def unread_name(number: int) -> str:
    """A name for what has none that could be read."""
    return f"line-{number}"


def fillers(number: int) -> Iterator[str]:
    """Lines that say nothing, one of which fits in every place."""
    yield "..."
    yield f"segment {unread_name(number)}"  # the header of a table
    yield "cascade 1"


def fixed(fix: Fix | None, number: int, text: str) -> str | None:
    """The line with its fix made, if that changes this line only."""
    if fix is None or "\n" in fix.replacement or not fix.span.line == fix.span.end_line == number:
        return None
    return text[: fix.span.column - 1] + fix.replacement + text[fix.span.end_column - 1 :]


def guesses(number: int, text: str, below: str) -> Iterator[str]:
    """Headings that may have been meant by a line which has others indented below it; `below` is the first of them."""
    words = without_comment(text).split()
    first = words[0].casefold().strip(":,.") if words else ""
    near = nearest(first, _HEADINGS)
    if near is not None and (near == first or similar(first, near)):
        yield from _headings(near, number, text)
    if re.match(r"\s*(?:\d|the\b)", below):
        yield "split"
    yield f"if reachable on {unread_name(number)}"
    yield "the rest"


def _headings(kind: str, number: int, text: str) -> Iterator[str]:
    if kind in _NAMED:
        name = _NAME.match(text)
        yield f"{kind} {name[1] if name is not None else unread_name(number)}"
    elif kind == "otherwise":
        if re.search(r"\bif\b", text):
            yield f"otherwise if reachable on {unread_name(number)}"
        yield "otherwise"
    elif kind not in ("if", "split"):
        yield kind


def placed(token: Token, line: Line) -> Token:
    """A token of a line that was read alone, at its place in the script."""
    start, number, column, end = line.start - 1, line.number, token.column or 1, token.end_column or 1
    return Token(token.type, str(token), start + column, number, column, number, end, start + end)
