"""A place in a script as it is being written: which word stands there, what could, and what a name would be a name of.

A script under the pen is broken most of the time, so nothing but the line itself and the headings above it is looked
at: they say which block the line is in, and the grammar says the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from lark import Token
from lark.exceptions import UnexpectedInput

from cascadesim.language.grammar import WrongIndentError, parser, words
from cascadesim.language.statements import Kind
from cascadesim.language.words import BLOCKS, Block
from cascadesim.model.rates import Verb

_WORD = re.compile(r"[^\W\d_][\w\u0300-\u036F\u0900-\u0DFF\u0E00-\u0EFF-]*")
_NUMBER = re.compile(r"(?<![\w.:-])\d[\d_.]*[kKM]? *$")
_CODE = re.compile(r'(?:"(?:[^"\\\n]|\\.)*"|[^"#])*')

_ANY: frozenset[Kind] = frozenset(("channel", "segment", "message", "chain"))
_NAMES: dict[Block, dict[str, frozenset[Kind]]] = {
    "top": {"use": _ANY, "change": frozenset({"channel"})},
    "segment": dict.fromkeys((*get_args(Verb), "costs", "both"), frozenset({"channel"})),
    "table": {"segment": frozenset({"channel"}), "": frozenset({"segment"})},
    "message": {"on": frozenset({"channel"})},
    "chain": dict.fromkeys(("when", "send", "until", "if", "not", "(", "on"), frozenset[Kind]({"channel"}))
    | dict.fromkeys(("for", "is"), frozenset[Kind]({"segment"}))
    | {"saying": frozenset({"message"})},
    "optimize": dict.fromkeys(("when", "from", "with", "never", "after", "repeat", "on"), frozenset[Kind]({"channel"}))
    | dict.fromkeys(("for", "of"), frozenset[Kind]({"segment"}))
    | {"saying": frozenset({"message"}), "compare": frozenset({"chain"})},
}
"""What the names are names of that follow a word, by the block; under the empty word, those that begin a line."""

_JOINING = (",", "and", "or", "one", "of", "not")
"""Words that a list goes on with: the word before them says what it is a list of."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a line, counted in characters from 0.

    `word` is the one that it touches, from `start` to `end`; empty between words. `accepts` are the grammar's terminals
    that may stand there, `kinds` what a name there is a name of. Where the word `follows_number`, it is the unit of a
    number, or is to be, and `accepts` speaks of the number.
    """

    line: int
    word: str
    start: int
    end: int
    block: Block
    accepts: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    follows_number: bool = False

    @property
    def keywords(self) -> list[str]:
        """The words of the language that may stand here."""
        return [word for terminal, word in words().items() if terminal in self.accepts and word.isalpha()]


def lines_of(text: str) -> list[str]:
    """The lines of a text without their ends, as editors count them."""
    return re.split("\r\n|\r|\n", text)


def look(text: str, line: int, character: int) -> Place | None:
    """The place; None within a comment or a quoted text, and past the end."""
    lines = lines_of(text)
    if line >= len(lines):
        return None
    row = lines[line]
    if len(without_comment(row[:character], closed=False)) < len(row[:character]):
        return None
    start, end = next(
        (match.span() for match in _WORD.finditer(row) if match.start() <= character <= match.end()),
        (character, character),
    )
    above = _above(lines, line, _indent(row) if row.strip() else character)
    place = Place(line, row[start:end], start, end, above.block)
    number = _NUMBER.search(row[:start])
    for head in [row[:start], *([row[: number.start()]] if number else [])]:
        parsing = next(filter(None, map(_parsed, above.contexts(head))), None)
        if parsing is not None:
            kinds = _kinds(parsing.parser_state.value_stack, above.block, head)
            is_unit = len(head) < start
            return replace(place, accepts=frozenset(parsing.accepts()), kinds=kinds, follows_number=is_unit)
    return place


def without_comment(line: str, closed: bool = True) -> str:
    """The line without its comment; with `closed` false, without a text that does not end either."""
    code = _CODE.match(line)
    end = code.end() if code else 0
    return line if closed and line[end : end + 1] == '"' else line[:end]


@dataclass(frozen=True, slots=True)
class _Above:
    """What stands above a line: the headings of its blocks, outermost first, and lines of its own block."""

    headings: list[str]
    siblings: list[str]
    is_first: bool

    @property
    def block(self) -> Block:
        """The kind of block."""
        first = self.headings[0].split()[0] if self.headings else ""
        return block_of(first) or "top"

    def contexts(self, head: str) -> Iterator[str]:
        """Scripts that end at the place: as like the real one as need be, then with less of it if that is broken."""
        version = "" if self.is_first else "cascade 1\n"
        opening = "".join(f"{_by_itself(heading)}\n" for heading in self.headings)
        for siblings in (self.siblings, self.siblings[:1], self.siblings[-1:], []):
            before = "".join(f"{_by_itself(line)}\n" for line in siblings)
            yield f"{version}{opening}{before}{head}"


def block_of(heading: str) -> Block | None:
    """The kind of block that a heading with this first word begins."""
    rule = {"optimise": "optimize"}.get(heading, heading)
    return next((block for block, rules in BLOCKS.items() if rule in rules), None)


def _above(lines: Sequence[str], line: int, indent: int) -> _Above:
    """What the grammar asks for: the headings, the first line of the block and the last (an `if`, a row)."""
    headings: list[str] = []
    siblings: list[str] = []
    level, below, is_first = indent, -1, True
    for row in map(without_comment, reversed(lines[:line])):
        if not row.strip():
            continue
        is_first = False
        here = _indent(row)
        if here < level:
            headings.append(row)
            level = here
        elif here == level and not headings:
            siblings.append(row + (f"\n{' ' * below}..." if below > here else ""))
        if level == 0:
            break
        below = here
    nearest = [siblings[-1], siblings[0]] if len(siblings) > 1 else siblings
    return _Above(headings[::-1], nearest if indent else [], is_first)


def _by_itself(line: str) -> str:
    """The line as one that needs none before it: an `otherwise` becomes an `if`."""
    return re.sub(r"^( *)otherwise( if)?\b.*", r"\1if undelivered", line)


def _indent(row: str) -> int:
    return len(row) - len(row.lstrip(" "))


def _parsed(text: str) -> Any:
    """Lark's parser at the end of the text; None if it does not get there."""
    parsing: Any = parser().parse_interactive(text)
    try:
        for token in parsing.lexer_thread.lex(parsing.parser_state):
            if token.type == "_DEDENT" and not token:
                break  # blocks are closed at the end of the text, which is not the end of the script
            parsing.feed_token(token)
    except (UnexpectedInput, WrongIndentError):
        return None
    return parsing


def _kinds(stack: Sequence[object], block: Block, head: str) -> frozenset[Kind]:
    """What a name is a name of, by the word that governs it: the last one that does more than go on with a list."""
    nothing: frozenset[Kind] = frozenset()
    if head[:1].strip():
        first = head.split()[0]
        block = "top" if first == "change" else block_of(first) or "top"
    names = _NAMES.get(block, {})
    if not head.strip():
        return names.get("", nothing)
    said = [str(token) for token in stack if isinstance(token, Token) and token.type in words()]
    while said and said[-1] not in names and said[-1] in _JOINING:
        said.pop()
    if said[-2:] == ["is", "not"]:
        said.pop()
    return names.get(said[-1], nothing) if said else nothing
