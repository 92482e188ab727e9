"""Suppression lists: addresses that nothing is sent to, looked up as each message is handed over.

A list is a text file with an address a line; `#` begins a remark. It is read again when it has changed, so who is
added in mid campaign gets nothing from the next batch on. A person may be suppressed on one channel and reached on
the next: for the chain the message is one that was refused. Who is to get nothing at all is stopped (`intake`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from cascadesim.errors import OutsideError
from cascadesim.live.protocols import Outgoing, Result, Sender, Settled
from cascadesim.model.model import Model

SUPPRESSED = Settled("refused", "on a suppression list")

_PHONE = re.compile(r"(\+|00)?[\d\s().\-/]+")
_BETWEEN_DIGITS = re.compile(r"[\s().\-/]+")


class SuppressionList:
    """The addresses in a file, as it is at the moment."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: tuple[int, int, int] | None = None
        self._addresses: frozenset[str] = frozenset()

    def read(self) -> frozenset[str]:
        """The addresses, in the one form that `normal` gives.

        OutsideError if the file cannot be read: then nothing may be sent, for nobody knows to whom.
        """
        try:
            found = self._file.stat()
            seen = (found.st_mtime_ns, found.st_size, found.st_ino)
            if seen != self._seen:
                lines = self._file.read_text("utf-8-sig").splitlines()
                self._addresses = frozenset(filter(None, (normal(line.partition("#")[0]) for line in lines)))
                self._seen = seen
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is not text in UTF-8"
            message = f"the suppression list {self._file} cannot be read ({why}): nothing is sent without it"
            raise OutsideError(message) from error
        return self._addresses


class Suppressing:
    """A sender that keeps back what would go to an address on a list, and passes on the rest."""

    def __init__(self, model: Model, lists: Sequence[SuppressionList], then: Sender) -> None:
        self._columns = {channel.name: channel.column for channel in model.channels}
        self._lists = tuple(lists)
        self._then = then

    def send(self, batch: Sequence[Outgoing]) -> list[Result]:
        """See `Sender`."""
        lists = [one.read() for one in self._lists]
        kept_back = [any(self._address(message) in suppressed for suppressed in lists) for message in batch]
        passed = [message for message, kept in zip(batch, kept_back, strict=True) if not kept]
        results = iter(self._then.send(passed) if passed else [])
        return [SUPPRESSED if kept else next(results) for kept in kept_back]

    def _address(self, message: Outgoing) -> str:
        return normal(message.person.columns.get(self._columns[message.channel], ""))


def normal(address: str) -> str:
    """One form for the ways in which people write an address: 00371 2000-0001 is +37120000001, A@B.C is a@b.c."""
    stripped = address.strip().casefold()
    if not _PHONE.fullmatch(stripped):
        return stripped
    digits = _BETWEEN_DIGITS.sub("", stripped)
    return "+" + digits.removeprefix("00") if digits.startswith("00") else digits
