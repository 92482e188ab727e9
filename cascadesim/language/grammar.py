"""The parser: Lark over `grammars/cascade.lark`, with the layout that makes blocks of indented lines."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lark
from lark import Lark, Token, Tree
from lark.exceptions import LarkError, UnexpectedInput
from lark.indenter import Indenter
from lark.lexer import PatternStr

_WINDOWS = sys.platform == "win32"
_HERE = Path(__file__).parent / "grammars"
# A wheel carries the grammars inside the package; a checkout has them at its top.
GRAMMARS = _HERE if _HERE.is_dir() else Path(__file__).parents[2] / "grammars"

TAB = re.compile(r"^ *\t+(?=[ \t]*[^\s#])", re.MULTILINE)
"""The indentation with a tab in it of a line that says something."""


class WrongIndentError(LarkError):
    """A line is indented less than its block and more than the block around it; `levels` would be right."""

    def __init__(self, token: Token, indent: int, levels: list[int]) -> None:
        self.token, self.indent, self.levels = token, indent, levels
        super().__init__("wrong indentation")


class Layout(Indenter):
    """Turns indentation into the ends and beginnings of blocks.

    A name is always accepted by the lexer: else `stopon` would be read as two words where `stop` may stand.
    """

    NL_type = "_NL"
    OPEN_PAREN_types: list[str] = []  # noqa: RUF012 (Lark wants lists); brackets do not continue a line
    CLOSE_PAREN_types: list[str] = []  # noqa: RUF012
    INDENT_type = "_INDENT"
    DEDENT_type = "_DEDENT"
    tab_len = 1
    always_accept = ("_NL", "NAME")

    def handle_NL(self, token: Token) -> Iterator[Token]:  # noqa: N802 (Lark's name)
        """As Lark does it, but a wrong indentation says where it is."""
        indent = len(token) - token.rindex("\n") - 1
        if indent < self.indent_level[-1] and indent not in self.indent_level:
            raise WrongIndentError(token, indent, list(self.indent_level))
        return super().handle_NL(token)


@functools.cache
def parser() -> Lark:
    """The parser of scripts; the analysed grammar is kept in the user's cache."""
    return build(cache=_cache_file())


def build(**options: Any) -> Lark:
    """A parser with further options of Lark's."""
    return Lark(
        grammar_text(), parser="lalr", postlex=Layout(), propagate_positions=True, maybe_placeholders=True, **options
    )


@functools.cache
def grammar_text() -> str:
    """The grammar's source."""
    return (GRAMMARS / "cascade.lark").read_text(encoding="utf-8")


def parse(text: str) -> Tree[Token]:
    """The tree of a script; raises Lark's UnexpectedInput or WrongIndentError.

    Tabs before a line would count as no indentation at all: whoever calls has looked for them.
    """
    return parser().parse(text)


def tree_of(text: str) -> Tree[Token] | None:
    """The tree of a script; None where it has none, for `recovery` to say why."""
    if TAB.search(text):
        return None
    try:
        return parse(text)
    except (UnexpectedInput, WrongIndentError):
        return None


@functools.cache
def words() -> dict[str, str]:
    """The keywords and signs of the language, by the names of their terminals."""
    return {t.name: t.pattern.value for t in parser().terminals if isinstance(t.pattern, PatternStr)}


@functools.cache
def reserved_words() -> frozenset[str]:
    """The words that cannot be names: they may follow where a name may stand.

    There the lexer reads the keyword, so that a thing of that name could be defined but not mentioned.
    """
    states = parser().parse_interactive().parser_state.parse_conf.parse_table.states
    keywords = {name: word for name, word in words().items() if word.isalpha()}
    return frozenset(keywords[t] for actions in states.values() if "NAME" in actions for t in actions if t in keywords)


def _cache_file() -> str | bool:
    """Where Lark keeps the analysed grammar: it is pickled, so the folder must be the user's own."""
    what = f"{grammar_text()} lark {lark.__version__} python {sys.version_info[:2]}"
    key = hashlib.sha256(what.encode()).hexdigest()[:12]
    for folder in _cache_folders():
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.access(folder, os.W_OK) and (_WINDOWS or folder.stat().st_uid == os.getuid()):
                return str(folder / f"grammar-{key}")
    return False


def _cache_folders() -> Iterator[Path]:
    named = os.environ.get("LOCALAPPDATA" if _WINDOWS else "XDG_CACHE_HOME")
    with contextlib.suppress(RuntimeError):  # a user without a home
        yield (Path(named) if named else Path.home() / ".cache") / "cascadesim"
    if not _WINDOWS:
        yield Path(tempfile.gettempdir()) / f"cascadesim-{os.getuid()}"
