"""The lines of a script as the lexer sees them, with the comments that its tree leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lark import Token


@dataclass(frozen=True, slots=True)
class Line:
    """A statement with the comment behind it, or a comment alone; `apart`: a blank line stood before it."""

    depth: int
    words: tuple[Token, ...]
    comment: str
    apart: bool


def spelled(word: Token) -> str:
    """The word as it is written; within a number with a unit, one space at a time."""
    return str(word) if word.type == "STRING" else re.sub(" +", " ", word)


def lines_of(tokens: Iterable[Token]) -> list[Line]:
    """The lines that these words, line ends and levels make."""
    gathering = _Gathering()
    for token in tokens:
        gathering.take(token)
    gathering.place_comments()
    return gathering.lines


@dataclass(frozen=True, slots=True)
class _Comment:
    """A comment on its own line: what it belongs to is known when the next statement is."""

    text: str
    column: int
    apart: bool


@dataclass(slots=True)
class _Gathering:
    """`levels` are the columns of the blocks that are open; `above` those that were, at the end of the last line."""

    lines: list[Line] = field(default_factory=list)
    levels: list[int] = field(default_factory=lambda: [0])
    above: list[int] = field(default_factory=lambda: [0])
    words: list[Token] = field(default_factory=list)
    comments: list[_Comment] = field(default_factory=list)
    apart: bool = False

    def take(self, token: Token) -> None:
        if token.type == "_INDENT":
            self.levels.append(len(token))
        elif token.type == "_DEDENT":
            self.levels.pop()
        elif token.type == "_NL":
            self._end_line(token)
        else:
            self.words.append(token)

    def _end_line(self, token: Token) -> None:
        """What a line end takes along: the comment behind the statement, then lines without one."""
        rest = token.split("\n")[:-1]
        self.place_comments()
        if self.words:
            comment = rest.pop(0).strip(" \t")
            self.lines.append(Line(len(self.levels) - 1, tuple(self.words), comment, self.apart))
            self.words, self.apart = [], False
        self.above = list(self.levels)
        for text in rest:
            comment = text.strip(" \t")
            if comment:
                self.comments.append(_Comment(comment, len(text) - len(text.lstrip(" \t")), self.apart))
            self.apart = not comment

    def place_comments(self) -> None:
        """A comment goes with what follows it; at the end of a block, with the block in whose column it stands."""
        depth = len(self.levels) - 1
        ended = range(len(self.above) - 1, depth, -1)
        for comment in self.comments:
            level = next((level for level in ended if self.above[level] <= comment.column), depth)
            self.lines.append(Line(level, (), comment.text, comment.apart))
        self.comments = []
