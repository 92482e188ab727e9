"""What the lines around a place tell: which names there are, and what has been sent before."""

from __future__ import annotations

import re

from cascadesim.language.place import Place
from cascadesim.language.slips.slip import NAME

_SEND = re.compile(rf" *send +({NAME}(?: +and +{NAME})*)")
_USED = re.compile(r'^use +(.+?) +from +"', re.MULTILINE)


def defined(place: Place, kind: str) -> tuple[str, ...]:
    """The names of the script's blocks of a kind; among the channels also what it takes from other scripts."""
    text = place.source.text
    names = re.findall(rf"^{kind} +({NAME})", text, re.MULTILINE)
    if kind == "channel":
        names += [name for used in _USED.findall(text) for name in re.findall(NAME, used) if name != "and"]
    return tuple(names)


def sent_before(place: Place) -> tuple[str, ...]:
    """The channels of the last `send` above the place that everybody who gets there has passed."""
    width = _width(place.text)
    for line in reversed(place.source.text.split("\n")[: place.line - 1]):
        if line.strip() and not line.startswith((" ", "#")):
            break
        found = _SEND.match(line)
        if found is not None and _width(line) <= width:
            return tuple(re.split(r" +and +", found[1]))
        width = min(width, _width(line)) if line.strip() else width
    return ()


def _width(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
