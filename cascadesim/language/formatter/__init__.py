"""A script laid out in the one style: what it says, its comments and its spelling stay as they are.

- Four spaces a level; one space between words, none before a comma or within brackets.
- The values of a block's facts stand in one column (`reaches   58%`), those of a table in columns. Chains are prose.
- Comments behind statements stand in one column of the page, those on lines of their own where their block stands.
- One blank line between blocks; within a block the author's own, one at a time.

The layout depends on the words alone: however a script was spaced, it comes out the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lark import Token, Tree
from lark.exceptions import UnexpectedInput

from cascadesim.errors import RefusedError, ScriptError
from cascadesim.language.formatter.layout import laid_out
from cascadesim.language.formatter.lexemes import Line, lines_of, spelled
from cascadesim.language.grammar import TAB, WrongIndentError, parser
from cascadesim.language.source import Source, from_text

__all__ = ["format_text"]


def format_text(text: str, name: str = "<text>") -> str:
    """The script laid out anew, with the line ends of the old one; `name` is what diagnostics call it.

    ScriptError with its diagnostics if it cannot be read. Faults of meaning do not matter here.
    """
    source = from_text(text, name)
    lines, tree = _read(source)
    laid = laid_out(lines)
    if not _is_said(laid, lines, tree):
        raise RefusedError(f"{name}: a new layout would change what the script says; please report this script")
    end = re.search("\r?\n", text)
    return laid.replace("\n", end[0]) if end else laid


def _read(source: Source) -> tuple[list[Line], Tree[Token]]:
    """The lines of a script, with comments, and its tree."""
    if not TAB.search(source.text):
        try:
            parsing: Any = parser().parse_interactive(source.text)
            tokens = list(parsing.iter_parse())
            return lines_of(tokens), parsing.feed_eof()
        except (UnexpectedInput, WrongIndentError):
            pass
    from cascadesim.language.recovery import recover  # its many patterns are for scripts that need them

    raise ScriptError(*recover(source).faults)


def _is_said(laid: str, lines: list[Line], tree: Tree[Token]) -> bool:
    """Whether the new text has the same lines, comments and tree: else the layout is at fault."""
    try:
        again, same = _read(from_text(laid, "<laid out>"))
    except ScriptError:
        return False
    return _told(lines) == _told(again) and [*_said(tree)] == [*_said(same)]


def _told(lines: list[Line]) -> list[tuple[int, list[str], str]]:
    return [(line.depth, [spelled(word) for word in line.words], line.comment) for line in lines]


def _said(tree: Tree[Token]) -> Iterator[tuple[object, ...]]:
    """All that the tree holds, in order; without recursion, for brackets may be many."""
    waiting: list[Tree[Token] | Token | None] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Tree):
            yield node.data, len(node.children)
            waiting += reversed(node.children)
        else:
            yield (node.type, spelled(node)) if node is not None else (None,)
