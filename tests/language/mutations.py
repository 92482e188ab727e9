"""Scripts with one thing changed: a token, a line, an indentation or a unit."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

TOKEN = re.compile(r'"[^"\n]*"|[\w.%-]+|[^\w\s]')
UNIT = re.compile(r"(?<=\d)(%| ?(?:min|h|s|days?|EUR|USD)\b|k\b|:00\b)")
STRANGE = ("34", "0.34", "€5", "12m", "9pm", "opend", "else", "->", '"', ":", "nobody", "2 h", "34%", "to", "per", "🚀")
UNITS = ("", " percent", "m", " hrs", "€", " GBPs", ",5", "%%", ".00", " Minutes")


def mutated(text: str, draw: random.Random) -> str:
    """The text with one change."""
    change: Callable[[str, random.Random], str] = draw.choice((_token, _line, _indentation, _unit))
    return change(text, draw)


def _token(text: str, draw: random.Random) -> str:
    """A word is gone, there twice, misspelt or another."""
    match = draw.choice(list(TOKEN.finditer(_without_comments(text))))
    word, at = match[0], draw.randrange(len(match[0]))
    put = draw.choice(("", f"{word} {word}", word[:at] + "x" + word[at:], draw.choice(STRANGE)))
    return text[: match.start()] + put + text[match.end() :]


def _line(text: str, draw: random.Random) -> str:
    """A line is there twice, in another place, cut in two or joined to the next."""
    lines = text.split("\n")
    at, to = (draw.choice([n for n, line in enumerate(lines) if line.strip()]) for _ in range(2))
    line = lines[at]
    cut = draw.randrange(len(line))
    put = draw.choice(([line, line], [line[:cut], line[cut:]], [line + " " + lines[to].strip()], []))
    lines[at : at + 1] = put
    if not put:
        lines.insert(to, line)
    return "\n".join(lines)


def _indentation(text: str, draw: random.Random) -> str:
    lines = text.split("\n")
    at = draw.choice([n for n, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")])
    width = len(lines[at]) - len(lines[at].lstrip())
    other = draw.choice([w for w in ("", " ", "  ", " " * 4, " " * 6, " " * 8, "\t") if w != " " * width])
    lines[at] = other + lines[at].lstrip()
    return "\n".join(lines)


def _unit(text: str, draw: random.Random) -> str:
    match = draw.choice(list(UNIT.finditer(_without_comments(text))))
    return text[: match.start()] + draw.choice(UNITS) + text[match.end() :]


def _without_comments(text: str) -> str:
    """The text with blanks where its comments are."""
    return re.sub(r"#[^\n]*", lambda match: " " * len(match[0]), text)
