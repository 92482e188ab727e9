"""What may be written at a place: words of the language, names of the right kind, units of a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cascadesim.editor.outline import Definition, outline
from cascadesim.editor.place import Place, lines_of, look
from cascadesim.language.words import Block, example, units, word_table


@dataclass(frozen=True, slots=True)
class Completion:
    """One way to go on: `text` takes the place of the word that is being written, from `start` to `end`."""

    text: str
    what: Literal["name", "word", "unit"]
    detail: str
    example: str
    start: int
    end: int


def complete(text: str, line: int, character: int, name: str = "<text>", base: Path = Path()) -> tuple[Completion, ...]:
    """What may stand at the place (counted from 0), names first; all of it, whatever is written of the word."""
    place = look(text, line, character)
    if place is None:
        return ()
    if place.follows_number:
        return tuple(_units(place, text))
    return (*_names(place, text, name, base), *_words(place))


def _names(place: Place, text: str, name: str, base: Path) -> Iterator[Completion]:
    if "NAME" not in place.accepts or not place.kinds:
        return
    seen: set[str] = set()
    for definition in _at_hand(place, text, name, base):
        if definition.kind in place.kinds and definition.name not in seen:
            seen.add(definition.name)
            shown = "\n".join(definition.lines[:8])
            yield Completion(definition.name, "name", definition.kind, shown, place.start, place.end)


def _at_hand(place: Place, text: str, name: str, base: Path) -> tuple[Definition, ...]:
    """The definitions to choose from; behind `use`, those of the file which the line names."""
    row = lines_of(text)[place.line]
    if not row.startswith("use "):
        return outline(text, name, base)
    file = re.search(r'"[^"]+"', row)
    return outline(f"use {file[0]}", name, base) if file else ()


def _words(place: Place) -> Iterator[Completion]:
    for word in place.keywords:
        entry = word_table()[word]
        yield Completion(word, "word", entry.meaning, _example(word, place.block), place.start, place.end)


def _example(word: str, block: Block) -> str:
    found = example(word, [block])
    return found.example if found is not None else word_table()[word].example


def _units(place: Place, text: str) -> Iterator[Completion]:
    """What the number can count: time, money of the currencies that the script has, or hundredths."""
    found: list[tuple[str, str, str]] = []
    if "SHARE" in place.accepts:
        found.append(("%", "A share.", "34%"))
    if "MONEY" in place.accepts:
        currencies = dict.fromkeys(re.findall(r"(?<=\d )[A-Z]{3}\b", text)) or ["EUR"]
        found += [(currency, "A currency.", f"0.045 {currency}") for currency in currencies]
    if "DURATION" in place.accepts:
        found += [(unit, word.meaning, word.example) for unit, word in units().items()]
    for unit, meaning, shown in found:
        yield Completion(unit, "unit", meaning, shown, place.start, place.end)
