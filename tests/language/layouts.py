"""Random layouts of a script: other spaces, indentation, blank lines and comments, and the same words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s",()#]+|[,()]')


@dataclass(frozen=True)
class Words:
    """A line's depth, its words and the comment behind them."""

    depth: int
    words: tuple[str, ...]
    comment: str


def lines_of(script: str) -> list[Words]:
    """The lines of a script that has four spaces a level: a reading of our own, without the lexer."""
    return [_line(line) for line in script.split("\n")]


def _line(line: str) -> Words:
    words, at = [], 0
    while at < len(line):
        if line[at].isspace():
            at += 1
        elif line[at] == "#":
            return Words((len(line) - len(line.lstrip())) // 4, tuple(words), line[at:].rstrip())
        else:
            match = _WORD.match(line, at)
            assert match is not None, line
            words.append(match[0])
            at = match.end()
    return Words((len(line) - len(line.lstrip())) // 4, tuple(words), "")


_GAPS = (" ", " ", "  ", "     ")
_NONE = ("", "", " ", "   ", "\t")
_INSERTED = ("", "", "# of its own", "  #  of its own  ", "         # of its own")


def spaced(script: str, seed: int, comments: bool = False) -> str:
    """The script with other spaces, levels and line ends; with `comments`, with more of these and blank lines, too."""
    chance = Random(seed)
    lines: list[str] = []
    level = chance.randint(1, 6)
    for line in lines_of(script):
        if line.words and line.depth == 0:
            level = chance.randint(1, 6)  # each block indents as it likes
        while comments and chance.random() < 0.15:
            lines.append(chance.choice(_INSERTED))
        said = " " * (level * line.depth) + _joined(chance, line.words)
        comment = line.comment or ("# behind" if comments and line.words and chance.random() < 0.15 else "")
        around = [chance.choice(_NONE) if line.words else "" for _ in range(2)]
        lines.append(f"{said}{around[0]}{comment}{around[1]}")
    return chance.choice(["", "\ufeff"]) + chance.choice(["\n", "\r\n"]).join(lines)


def _joined(chance: Random, words: tuple[str, ...]) -> str:
    text = ""
    for word in words:
        close = word in (",", ")") or text.endswith((",", "("))
        text += chance.choice(_NONE if close else _GAPS) * bool(text) + word
    return text
