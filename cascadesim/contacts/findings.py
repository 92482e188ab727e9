"""What is found in a contacts file: how often, with a few cases, and as a diagnostic."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from cascadesim.contacts.table import Table
from cascadesim.errors import Diagnostic

_EXAMPLES = 20
_EXAMPLES_TOLD = 5
_BUCKETS = 256


@dataclass(frozen=True, slots=True)
class Example:
    """One case of a finding: the line (CSV) or row (Parquet), the contact's id, what is special about it."""

    place: int
    id: str
    detail: str = ""


@dataclass(slots=True)
class Finding:
    """How often something occurs in a file, with the first 20 cases."""

    count: int = 0
    examples: list[Example] = field(default_factory=list)

    def note(self, place: int, contact_id: str, detail: str = "") -> None:
        """Counts one more case."""
        self.count += 1
        if len(self.examples) < _EXAMPLES:
            self.examples.append(Example(place, contact_id, detail))

    def diagnostics(self, table: Table, code: str, what: str, hint: str) -> list[Diagnostic]:
        """The finding as one error at its first case: count, what, the first five cases. Empty if there is none."""
        if not self.count:
            return []
        cases = [_case(table, example) for example in self.examples[:_EXAMPLES_TOLD]]
        more = ["..."] if self.count > len(cases) else []
        rows = "1 row has" if self.count == 1 else f"{self.count} rows have"
        message = f"{table.file}: {rows} {what} ({'; '.join(cases + more)})"
        return [Diagnostic(code, "error", table.span(self.examples[0].place), message, hint)]


def _case(table: Table, example: Example) -> str:
    said = ", ".join(filter(None, (example.id, example.detail)))
    return f"{table.unit} {example.place}" + (f": {said}" if said else "")


class Fingerprints:
    """The ids met so far as 64-bit hashes: 8 bytes an id, so that repetitions show without keeping the ids.

    Two ids may share a hash by chance: what `repeated` returns is a suspicion, for the ids to confirm.
    """

    def __init__(self) -> None:
        # One bucket at a time becomes a set when repetitions are sought, which bounds the memory for that.
        self._buckets = [array("q") for _ in range(_BUCKETS)]

    def add(self, contact_id: str) -> None:
        """Notes one id."""
        fingerprint = hash(contact_id)
        self._buckets[fingerprint % _BUCKETS].append(fingerprint)

    def repeated(self) -> set[int]:
        """The hashes noted more than once."""
        found: set[int] = set()
        for bucket in self._buckets:
            seen: set[int] = set()
            for fingerprint in bucket:
                (found if fingerprint in seen else seen).add(fingerprint)
        return found
