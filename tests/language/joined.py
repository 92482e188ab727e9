"""The bad scripts, put together: several in one, their names kept apart.

Which of them can be joined is found out, not listed. A script that says something about the whole file does not get
on with others: its faults change them, or they its. So each is joined, before and behind, to `HOST`, which has a
fault of nearly every kind; if both keep exactly their own faults, it can be joined to anything.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from cascadesim.errors import Diagnostic
from cascadesim.language import examine_text

BAD = Path(__file__).parents[1] / "scripts" / "bad"
SCRIPT = "script"
_FIRST = "cascade 1\n"
_ONCE = ("C090",)  # told of the first line of a file that reads the clock
_LETTERS = 0x4E00  # one of these at its end makes a name another, and hardly less alike to its misspellings
_SCENARIO = """
scenario
    starts    2027-03-01 10:00
    prices in EUR
"""
HOST = """
use viber, sms from "shared/channels.cascade"

channel host-mail
    reaches   90%
    delivers  97%
    opens     95%
    costs     0.001 EUR per message sent

channel host-text
    costs     0.05 EUR per part sent
    quiet     between 21:00 and 9:00
    replies   134%

segment all-host
    kinds     30% eager x1.2, the rest usual

segment crowd-of-host
    people    10_000M

table opens
    segment   host-mail  host-nowhere
    all-host  31%

table frequency
    segment   host-mail
    all-host  3%

chain host-first for all-host
    stop when opened or host-nowhere clicked
    send host-mail, wait 2 days
    frobnicate
    if host-mail opend
        send host-text
     send host-mail saying nothing-there

optimize for all-host
    covered when opened within 30 days
    maximize coverage
    choose from host-mail, host-elsewhere
"""
REST = "chain rest\n    ...\n"


@dataclass(frozen=True)
class Piece:
    """A script without its first line, and the faults that it has alone, lines counted from its own first."""

    name: str
    text: str
    faults: tuple[str, ...]
    has_scenario: bool


def told(text: str) -> list[str]:
    """The faults of a script: code, line, column and message."""
    return sorted(said(d) for d in examine_text(text, SCRIPT, BAD).diagnostics)


def said(diagnostic: Diagnostic) -> str:
    """A fault in one line."""
    span = diagnostic.span
    place = f"{span.file}:{span.line}:{span.column}" if span is not None else "-"
    return f"{place} {diagnostic.code} {diagnostic.message}"


def joined(pieces: list[Piece]) -> tuple[str, list[str]]:
    """A script of all the pieces, and the faults that it must have."""
    text, expected = _FIRST, []
    for piece in pieces:
        expected += [_moved(fault, text.count("\n") - 1) for fault in piece.faults]
        text += piece.text + "\n"
    hole = text.count("\n") + 2
    return text + REST, sorted([*expected, f"{SCRIPT}:{hole}:5 C017 still to be written"])


def _moved(fault: str, lines: int) -> str:
    """A fault, as if so many more lines stood before it."""
    place, code, message = fault.split(" ", 2)
    file, line, column = place.rsplit(":", 2)
    if file != SCRIPT:
        return fault
    message = re.sub(r"\bin line (\d+)", lambda match: f"in line {int(match[1]) + lines}", message)
    return f"{file}:{int(line) + lines}:{column} {code} {message}"


@functools.cache
def pieces() -> tuple[Piece, ...]:
    """The bad scripts that can be joined to others."""
    paths = enumerate(sorted(BAD.glob("*.cascade")), _LETTERS)
    found = [piece for letter, path in paths if (piece := _piece(path, chr(letter))) is not None]
    return tuple(piece for piece in found if _gets_on(piece))


def _piece(path: Path, letter: str) -> Piece | None:
    """The script with names of its own, which end by the letter, if it is read alike under them."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        return None
    if not text.startswith(_FIRST):
        return None
    names = re.findall(r"^(?!use|table)[^\W\d_]+ +([^\W\d_](?:-?\w)*)", text.removeprefix(_FIRST), re.MULTILINE)
    renamed = text
    for name in dict.fromkeys(names):
        renamed = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", name + letter, renamed)
    faults = told(renamed)
    before = [f"{line} {code}" for line, code in _outline(told(text))]
    if before != [f"{line} {code}" for line, code in _outline(faults)] or any(f.startswith("-") for f in faults):
        return None
    if any(f.split(" ")[1] in _ONCE for f in faults):
        return None
    body = renamed.removeprefix(_FIRST)
    return Piece(path.stem, body, tuple(faults), re.search("^(scenario|campaign)", body, re.MULTILINE) is not None)


def _outline(faults: list[str]) -> list[tuple[str, str]]:
    return sorted((fault.split(":")[1], fault.split(" ")[1]) for fault in faults if ":" in fault)


def _gets_on(piece: Piece) -> bool:
    host = _host(not piece.has_scenario)
    return all(told(text) == expected for text, expected in (joined([piece, host]), joined([host, piece])))


@functools.cache
def _host(has_scenario: bool) -> Piece:
    text = _SCENARIO + HOST if has_scenario else HOST
    return Piece("host", text, tuple(told(_FIRST + text)), has_scenario)
