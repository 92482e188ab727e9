"""Lines of a script as text: the columns and blank lines of the house style."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from lark import Token
from rich.cells import cell_len

from cascadesim.language.formatter.lexemes import Line, spelled

_LEVEL = " " * 4
_VALUES = 10
"""The column of a fact's value, counted from that of the fact; what is said in more letters takes one space."""

_COMMENTS = 58
"""The column of comments, counted from the page's; behind a line that reaches it they follow after two spaces."""

_HEADS = frozenset((
    "runs for", "prices in", "time zone", "costs at least", "sends up to", "people from", "text from", "enter when",
    "reaches both", "reacts from", "covered when", "stop when", "choose from", "start with", "end with", "search for",
    "may split segments",
))  # fmt: skip
"""What comes before the value of a fact where that is more than its first word."""

_NO_BLOCKS = ("cascade", "use", "...")


def laid_out(lines: Sequence[Line]) -> str:
    """The text of a script."""
    texts = [text for block in _blocks(lines) for text in _texts(block)]
    shown = (_with_comment(text, line) for text, line in zip(texts, lines, strict=True))
    return "".join(f"{before}{text}\n" for before, text in zip(_gaps(lines), shown, strict=True))


def _with_comment(text: str, line: Line) -> str:
    if not (text and line.comment):
        return text or f"{_LEVEL * line.depth}{line.comment}"
    return f"{text}{' ' * max(2, _COMMENTS - cell_len(text))}{line.comment}"


def _blocks(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """The lines in pieces that begin where one is not indented."""
    starts = [number for number, line in enumerate(lines) if line.depth == 0 or number == 0]
    for start, end in zip_longest(starts, starts[1:]):
        yield lines[start:end]


# ---- statements


def _texts(block: Sequence[Line]) -> list[str]:
    """The statements of a block's lines, indented; empty for a line that has none."""
    heading, *inner = block
    kind = str(heading.words[0]) if heading.words else ""
    if kind == "table":
        texts = [_prose(heading.words), *_table(inner)]
    elif kind == "chain":
        texts = [_prose(line.words) for line in block]
    else:
        texts = [_prose(heading.words), *(_fact(line.words) for line in inner)]
    return [text and _LEVEL * line.depth + text for text, line in zip(texts, block, strict=True)]


def _prose(words: Sequence[Token]) -> str:
    """The words with one space between them, and none where signs want none."""
    text = ""
    for word in words:
        close = not text or text.endswith("(") or word in (",", ")")
        text += spelled(word) if close else f" {spelled(word)}"
    return text


def _fact(words: Sequence[Token]) -> str:
    """A statement whose value stands in the column of values."""
    head = _head(words)
    value = _prose(words[head:])
    return f"{_prose(words[:head]):{_VALUES - 1}} {value}" if value else _prose(words)


def _head(words: Sequence[Token]) -> int:
    """How many words come before the value."""
    if not words or words[0] == "quiet" or not words[0][0].isalpha():
        return len(words)  # hours and days read on; a hole; what one currency is worth in another
    if words[0] == "resend":
        return 2
    if len(words) > 3 and words[1].type == "ON" and words[2].type == "NAME":
        return 3  # text on sms ".."
    return next((n for n in (3, 2) if " ".join(words[:n]) in _HEADS), 1)


def _table(lines: Sequence[Line]) -> list[str]:
    """Rows of cells, each column as wide as its widest cell."""
    rows = [_cells(line.words) for line in lines]
    widths = [max(map(cell_len, column)) for column in zip_longest(*rows, fillvalue="")]
    return [
        "  ".join(cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=False)).rstrip()
        for row in rows
    ]


def _cells(words: Sequence[Token]) -> list[str]:
    """A row's cells: a range is one."""
    cells: list[str] = []
    joins = False
    for word in words:
        if word.type == "TO" or joins:
            cells[-1] += f" {spelled(word)}"
        else:
            cells.append(spelled(word))
        joins = word.type == "TO"
    return cells


# ---- blank lines


def _gaps(lines: Sequence[Line]) -> Iterator[str]:
    """What stands before each line: a blank one or nothing."""
    led: list[Line] = []
    for line in reversed(lines):
        led.append(line if line.words or not led else led[-1])
    for before, line, statement in zip([None, *lines], lines, reversed(led), strict=False):
        yield "\n" if before is not None and _is_apart(before, line, statement) else ""


def _is_apart(before: Line, line: Line, led: Line) -> bool:
    """Whether a blank line stands between two lines; `led` is the statement that the second one goes with."""
    if line.depth > before.depth:
        return False
    if line.depth > 0 or (before.depth == 0 and not before.words):
        return line.apart
    between_blocks = before.depth > 0 or before.words[0] == "cascade" or _begins_block(led)
    return between_blocks or line.apart


def _begins_block(line: Line) -> bool:
    return bool(line.words) and line.words[0] not in _NO_BLOCKS
