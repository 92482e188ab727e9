"""Names, numbers and texts as a script writes them: what `reader.tokens` reads, the other way round."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal

from cascadesim.language.grammar import parser, reserved_words, words
from cascadesim.units import Duration, Share, plain

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})
_IN_NO_SCRIPT = re.compile("[\r\0\ud800-\udfff]")
_IN_NO_FILE = re.compile("[\ud800-\udfff]")
_MILLION = 1_000_000


@dataclass(slots=True)
class Printing:
    """What the printers of statements need: the files that the script names, and where refusals go.

    `taken` are the names of files that the model has. `texts` are files by name, of messages and curves; `hashes` are
    the contacts' files, whose people nobody has here.
    """

    taken: frozenset[str] = frozenset()
    texts: dict[str, str] = field(default_factory=dict)
    hashes: dict[str, str | None] = field(default_factory=dict)
    refusals: dict[str, None] = field(default_factory=dict)

    def name(self, name: str, kind: str | None = None) -> str:
        """A name; of a `kind` of block where it is defined, which must not be a word of the language."""
        if not _is_name(name):
            self.refuse(f"{name!r} is no name: it begins with a letter, and letters, digits, - and _ follow")
        elif kind is not None and name in reserved_words():
            self.refuse(f"{name} cannot be the name of a {kind}: it is a word of the language")
        return name

    def names(self, names: Iterable[str]) -> list[str]:
        """Several names."""
        return [self.name(name) for name in names]

    def string(self, text: str) -> str:
        """A quoted text."""
        self._check(text, _IN_NO_SCRIPT)
        return f'"{text.translate(_ESCAPES)}"'

    def cell(self, text: str) -> str:
        """A contacts' column or a value to compare with: quoted where it would be read as something else."""
        return text if _is_name(text) and text not in words().values() else self.string(text)

    def file(self, name: str, text: str) -> str:
        """The name of a file with this text."""
        self._check(text, _IN_NO_FILE)
        if self.texts.setdefault(name, text) != text:
            self.refuse(f"two texts are to stand in the file {name}: give one of them another name")
        return self.string(name)

    def contacts(self, name: str, sha256: str | None) -> str:
        """The name of a file of contacts."""
        if self.hashes.setdefault(name, sha256) != sha256:
            self.refuse(f"the contacts' file {name} is there with two contents: give one of them another name")
        return self.string(name)

    def _check(self, text: str, odd: re.Pattern[str]) -> None:
        found = odd.search(text)
        if found:
            self.refuse(f"the text {text[:60]!r} holds {found[0]!r}, which cannot be written")

    def refuse(self, reason: str) -> None:
        """Notes what no script can say."""
        self.refusals[reason] = None


@functools.cache
def _name_pattern() -> re.Pattern[str]:
    return re.compile(parser().get_terminal("NAME").pattern.to_regexp())


def _is_name(text: str) -> bool:
    return bool(_name_pattern().fullmatch(text)) and unicodedata.is_normalized("NFC", text)


def listed(items: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    *others, final = [*items] or [""]
    return f"{', '.join(others)} {last} {final}" if others else final


def title_of(title: str | None, out: Printing) -> str:
    """A heading's title, with the space before it."""
    return "" if title is None else f" {out.string(title)}"


def share_of(share: float) -> str:
    """`34%`."""
    return str(Share(share))


def length_of(length: int) -> str:
    """`2 h`."""
    return str(Duration(length))


def number_of(number: float) -> str:
    """`1.4`."""
    return plain(Decimal(repr(float(number))))


def count_of(count: int) -> str:
    """`10k` and `14.9M` where that is exact and short, else all digits."""
    if count >= _MILLION and count % 10_000 == 0:
        return f"{plain(Decimal(count) / _MILLION)}M"
    return f"{count // 1_000}k" if count and count % 1_000 == 0 else str(count)


def clock_of(reading: time) -> str:
    """`9:30`."""
    return f"{reading.hour}:{reading.minute:02}"
