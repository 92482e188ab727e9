"""What a script defines, and what the scripts define that it uses: found by their headings, whatever else is broken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cascadesim.editor.place import lines_of, without_comment
from cascadesim.errors import InputError, Span
from cascadesim.language.source import load
from cascadesim.language.statements import Kind

_HEADING = re.compile(r"(channel|segment|message|chain) +([^\W\d_][^\s\"]*)")
_USE = re.compile(r'use +(?:(?P<names>[^"]+?) +from +)?"(?P<file>[^"]+)"')


@dataclass(frozen=True, slots=True)
class Definition:
    """A channel, segment, message or chain: where its name stands, and the lines of its block."""

    kind: Kind
    name: str
    span: Span
    lines: tuple[str, ...]


def outline(text: str, name: str, base: Path) -> tuple[Definition, ...]:
    """All definitions that a script can mention: its own, and those of the scripts that it uses, found from `base`."""
    return tuple(_definitions(text, name, base, frozenset()))


def _definitions(text: str, name: str, base: Path, opened: frozenset[Path]) -> Iterator[Definition]:
    rows = lines_of(text)
    for number, row in enumerate(rows):
        if heading := _HEADING.match(row):
            start, end = heading.span(2)
            span = Span(name, number + 1, start + 1, number + 1, end + 1)
            yield Definition(_kind(heading[1]), heading[2], span, tuple(_block(rows, number)))
        elif use := _USE.match(row):
            names = re.findall(r"[^\s,]+", use["names"]) if use["names"] else None
            yield from (d for d in _used(base / use["file"], opened) if names is None or d.name in names)


def _used(path: Path, opened: frozenset[Path]) -> Iterator[Definition]:
    """The definitions of another script; none if it cannot be read, which `check` says."""
    if path in opened:
        return
    try:
        source = load(path)
    except InputError:
        return
    yield from _definitions(source.text, str(path), path.parent, opened | {path})


def _kind(word: str) -> Kind:
    kinds: dict[str, Kind] = {"channel": "channel", "segment": "segment", "message": "message", "chain": "chain"}
    return kinds[word]


def _block(rows: list[str], heading: int) -> Iterator[str]:
    """The heading and the lines below it, up to the next block; blank lines and comments of their own left out."""
    yield rows[heading]
    for row in rows[heading + 1 :]:
        if row[:1].strip() and not row.startswith("#"):
            return
        if without_comment(row).strip():
            yield row
