"""What is said of the word under the pointer, and where a name is defined."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cascadesim.editor.outline import Definition, outline
from cascadesim.editor.place import Place, lines_of, look
from cascadesim.errors import Span
from cascadesim.language.words import example, units, word_table

_LINES = 12


@dataclass(frozen=True, slots=True)
class Hover:
    """What is said of a word, in Markdown, and which characters of the line the word is."""

    markdown: str
    start: int
    end: int


def hover(text: str, line: int, character: int, name: str = "<text>", base: Path = Path()) -> Hover | None:
    """A word's meaning with an example, or the block that defines a name; None where there is nothing to say."""
    place = look(text, line, character)
    if place is None or not place.word:
        return None
    said = _unit(place) if place.follows_number else _word(place, text) or _definition(place, text, name, base)
    return Hover(said, place.start, place.end) if said is not None else None


def definition(text: str, line: int, character: int, name: str = "<text>", base: Path = Path()) -> Span | None:
    """Where the name at the place is defined, in this script or in one that it uses; None if it is no name."""
    place = look(text, line, character)
    found = _defined(place, text, name, base) if place is not None else None
    return found.span if found is not None else None


def _unit(place: Place) -> str | None:
    word = units().get(place.word) if "DURATION" in place.accepts else None
    return _told(place.word, word.meaning, [word.example]) if word is not None else None


def _word(place: Place, text: str) -> str | None:
    if place.word not in place.keywords:
        return None
    here = example(place.word, [place.block], lines_of(text)[place.line])
    word = word_table()[place.word]
    if here is None or here.block != place.block:
        return _told(word.word, word.meaning, [word.example])
    return f"{_told(word.word, word.meaning, [here.example])}\n\n{here.meaning}"


def _definition(place: Place, text: str, name: str, base: Path) -> str | None:
    found = _defined(place, text, name, base)
    if found is None:
        return None
    more = ["    # and so on"] if len(found.lines) > _LINES else []
    elsewhere = f", in {Path(found.span.file).name}" if found.span.file != name else ""
    return _told(found.name, f"{found.kind}{elsewhere}", [*found.lines[:_LINES], *more])


def _defined(place: Place, text: str, name: str, base: Path) -> Definition | None:
    if "NAME" not in place.accepts or not place.kinds:
        return None
    found = (d for d in outline(text, name, base) if d.name == place.word and d.kind in place.kinds)
    return next(found, None)


def _told(word: str, meaning: str, example: Iterable[str]) -> str:
    shown = "\n".join(example)
    return f"**{word}**: {meaning}" + (f"\n\n```cascade\n{shown}\n```" if shown else "")
