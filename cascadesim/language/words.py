"""The word table: each word of the language, what it means, where it may stand, and an example.

The meanings and the examples are in `grammars/words.toml`. Where a word may stand is not written down: it follows from
the grammar, so that the two cannot differ. From this table come the reference, the highlighting, completion and hover.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from cascadesim.language.grammar import GRAMMARS, parser, words

Block = Literal["top", "scenario", "channel", "segment", "table", "message", "chain", "optimize"]
Family = Literal["block", "statement", "rate", "state", "day", "joining", "unit"]

BLOCKS: dict[Block, tuple[str, ...]] = {
    "scenario": ("scenario",),
    "channel": ("channel", "change"),
    "segment": ("segment",),
    "table": ("table",),
    "message": ("message",),
    "chain": ("chain",),
    "optimize": ("optimize",),
}
"""The kinds of blocks, and the grammar's rules for them."""

_SETS: dict[str, Family] = {"verb": "rate", "state": "state", "weekday": "day"}

SECTIONS: dict[str, tuple[Block, str]] = {
    "top": ("top", "{}"),
    "blocks": ("top", "{}\n    ..."),
    "scenario": ("scenario", "scenario\n    {}"),
    "channel": ("channel", "channel a\n    {}"),
    "segment": ("segment", "segment a\n    {}"),
    "table": ("table", "table reaches\n    segment a b c\n    {}"),
    "message": ("message", "message a\n    {}"),
    "chain": ("chain", "chain a\n    {}"),
    "steps": ("chain", "chain a\n    {}"),
    "branches": ("chain", "chain a\n    if undelivered\n        stop\n    {}\n        stop"),
    "conditions": ("chain", "chain a\n    {}\n        stop"),
    "optimize": ("optimize", "optimize\n    {}"),
}
"""The sections of the statements' table: the block they are about, and a script around an example."""

_ODD = {
    "segment viber whatsapp sms": "table reaches\n    {}\n    a 1% - 2%",
    "table reaches": "{}\n    segment a\n    ...",
    "split": "chain a\n    {}\n        ...",
    '50% "a call"': "chain a\n    split\n        {}\n            stop",
    'the rest "a text"': "chain a\n    split\n        {}\n            stop",
}
"""Examples that need something else around them than the rest of their section."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word: its meaning, the blocks in which it may stand (none: a unit, which is part of a number), an example."""

    word: str
    family: Family
    meaning: str
    places: tuple[Block, ...]
    example: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One form of a statement: the section it belongs to, an example, and what it means."""

    section: str
    example: str
    meaning: str

    @property
    def block(self) -> Block:
        """The kind of block in which it stands."""
        return SECTIONS[self.section][0]

    @property
    def script(self) -> str:
        """A whole script with the example in it."""
        if self.example.startswith("cascade "):
            return f"{self.example}\n"
        frame = _ODD.get(self.example, SECTIONS[self.section][1])
        return f"cascade 1\n\n{frame.format(self.example)}\n"

    @property
    def words(self) -> frozenset[str]:
        """The words in the example, texts aside."""
        return _words_in(self.example)


@functools.cache
def word_table() -> dict[str, Word]:
    """The words by themselves, in the order of the table."""
    found = {}
    for word, told in _table()["words"].items():
        meaning, *own = [told] if isinstance(told, str) else told
        places = _places()[word]
        shown = own[0] if own else getattr(example(word, places), "example", "")
        found[word] = Word(word, _families().get(word, "joining"), meaning, places, shown)
    return found


@functools.cache
def units() -> dict[str, Word]:
    """The units of time, in every spelling: what may stand behind a number in a length of time."""
    spellings = (
        (unit, spelled, meaning) for unit, (meaning, *more) in _table()["units"].items() for spelled in (unit, *more)
    )
    return {spelled: Word(spelled, "unit", meaning, (), f"1 {unit}") for unit, spelled, meaning in spellings}


@functools.cache
def statements() -> tuple[Statement, ...]:
    """Every form of every statement, in the order of the reference."""
    return tuple(
        Statement(section, example, meaning)
        for section, rows in _table()["statements"].items()
        for example, meaning in rows.items()
    )


def example(word: str, blocks: Iterable[str] = (), line: str = "") -> Statement | None:
    """A statement with the word in it: of the first of the blocks that has one, else of any.

    The more words it shares with the line the better, then one that begins with the word, then a short one.
    """
    having = [s for s in statements() if word in s.words]
    here = next(filter(None, ([s for s in having if s.block == block] for block in blocks)), having)
    said = _words_in(line)
    return min(
        here,
        key=lambda s: (-len(said & s.words), not s.example.startswith(word), len(s.example)),
        default=None,
    )


@functools.lru_cache(1024)
def _words_in(line: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_][\w-]*", re.sub(r'"[^"]*"', "", line)))


@functools.cache
def _table() -> dict[str, Any]:
    return tomllib.loads((GRAMMARS / "words.toml").read_text(encoding="utf-8"))


@functools.cache
def _places() -> dict[str, tuple[Block, ...]]:
    """The blocks in which each word may stand; the first word of a heading stands at the top."""
    found: dict[str, list[Block]] = {}

    def add(block: Block, symbols: Iterable[str]) -> None:
        for word in filter(None, map(words().get, sorted(_within(symbols)))):
            found.setdefault(word, []).append(block)

    headings = [expansion for names in BLOCKS.values() for name in names for expansion in _expansions()[name]]
    add("top", {"version", "use_all", "use_some", *(expansion[0] for expansion in headings)})
    for block, names in BLOCKS.items():
        add(block, {symbol for name in names for expansion in _expansions()[name] for symbol in expansion[1:]})
    return {word: tuple(blocks) for word, blocks in found.items()}


@functools.cache
def _families() -> dict[str, Family]:
    """What kind of word each is; what begins no line and belongs to no set joins others."""
    found: dict[str, Family] = {}
    lines = {name for name in _expansions() if name.endswith("_line")} | {"use_all", "use_some", "version"}
    for symbol in _beginnings(lines):
        found[words().get(symbol, "")] = "statement"
    for name, family in _SETS.items():
        found.update((words().get(symbol, ""), family) for symbol in _within([name]))
    for names in BLOCKS.values():
        found.update((words()[expansion[0]], "block") for name in names for expansion in _expansions()[name])
    return found


@functools.cache
def _expansions() -> dict[str, list[tuple[str, ...]]]:
    """The grammar's rules, lists written out: what each may consist of."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for rule in parser().rules:
        found.setdefault(rule.origin.name, []).append(tuple(symbol.name for symbol in rule.expansion))
    return found


def _within(symbols: Iterable[str]) -> set[str]:
    """All that the rules consist of, down to the words."""
    reached, waiting = set(symbols), list(symbols)
    while waiting:
        inner = {symbol for expansion in _expansions().get(waiting.pop(), []) for symbol in expansion} - reached
        reached |= inner
        waiting += inner
    return reached


def _beginnings(symbols: Iterable[str]) -> set[str]:
    """What the rules may begin with, down to the words."""
    reached, waiting = set(symbols), list(symbols)
    while waiting:
        inner = {expansion[0] for expansion in _expansions().get(waiting.pop(), [])} - reached
        reached |= inner
        waiting += inner
    return reached
