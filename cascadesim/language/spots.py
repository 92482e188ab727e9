"""A script line by line: places between the lines, and whether a line can be read at one of them."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import Any, TypeAlias

from lark import Token
from lark.exceptions import UnexpectedInput, UnexpectedToken

from cascadesim.language.grammar import parser
from cascadesim.language.place import without_comment

State: TypeAlias = Any
"""Lark's interactive parser, which has no types."""

_INDENTATION = re.compile(r"[ \t]*")


@dataclass(frozen=True, slots=True)
class Line:
    """A line with something on it: where it begins in the script, and how far it is indented."""

    number: int
    start: int
    text: str
    width: int


@dataclass(frozen=True, slots=True)
class Spot:
    """A place between two lines: the parser's state, the columns of the open blocks, and the tokens that lead there.

    The state is never changed: whoever goes on from a spot makes another.
    """

    state: State
    columns: tuple[int, ...] = (0,)
    tokens: tuple[Token, ...] = ()

    @property
    def opens(self) -> bool:
        """Whether a heading stands before it, whose block comes now."""
        return "_INDENT" in self.state.choices()

    @property
    def expected(self) -> frozenset[str]:
        """What could come here."""
        return frozenset(self.state.accepts())

    def into(self, line: Line, column: int) -> Spot:
        """The beginning of the block of the heading before it, whose first line this is."""
        return self._fed(_mark("_INDENT", line), (*self.columns, column))

    def out(self, depth: int, line: Line) -> Spot:
        """The end of blocks before the line, so that so many are open (the script itself is one)."""
        spot = self
        while len(spot.columns) > depth:
            spot = spot._fed(_mark("_DEDENT", line), spot.columns[:-1])
        return spot

    def can_end(self, line: Line) -> bool:
        """Whether the innermost block may end before the line."""
        try:
            self.out(max(1, len(self.columns) - 1), line)
        except UnexpectedToken:
            return False
        return True

    def _fed(self, token: Token, columns: tuple[int, ...]) -> Spot:
        state = _copied(self.state)
        state.feed_token(token)
        return Spot(state, columns, (*self.tokens, token))


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of reading a line at a spot: the spot behind it, its tokens, and the error if it cannot be read.

    The tokens have the places that they would have if the line were all there is.
    """

    at: Spot
    after: Spot
    tokens: tuple[Token, ...]
    error: UnexpectedInput | None


def beginning() -> Spot:
    """The beginning of a script."""
    reading: State = parser().parse_interactive()
    # Only whether a line can be read matters here; trees are built later, of what can.
    reading.parser_state.parse_conf = copy.copy(reading.parser_state.parse_conf)
    reading.parser_state.parse_conf.callbacks = {}
    return Spot(reading)


def attempt(spot: Spot, text: str) -> Attempt:
    """Reads a line at a spot."""
    state, tokens = _copied(spot.state), []
    error: UnexpectedInput | None = None
    try:
        reading: State = parser().parse_interactive(f"{text}\n")
        for token in reading.lexer_thread.lex(state.parser_state):
            state.feed_token(token)
            tokens.append(token)
    except UnexpectedInput as found:
        error = found
    return Attempt(spot, Spot(state, spot.columns), tuple(tokens), error)


def lines_of(text: str) -> list[Line]:
    """The lines that have more on them than a comment. A tab counts as four spaces, as most editors show it."""
    found, start = [], 0
    for number, content in enumerate(text.split("\n"), 1):
        if without_comment(content).strip():
            indentation = _INDENTATION.match(content)
            width = len(indentation[0].replace("\t", "    ")) if indentation is not None else 0
            found.append(Line(number, start, content, width))
        start += len(content) + 1
    return found


def _copied(state: State) -> State:
    return state.copy(deepcopy_values=False)


def _mark(kind: str, line: Line) -> Token:
    """The beginning or the end of a block, before a line."""
    return Token(kind, "", line.start, line.number, 1, line.number, 1, line.start)
