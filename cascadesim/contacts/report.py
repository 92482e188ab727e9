"""What is in a contacts file and what is wrong with it: the report of `cascadesim contacts check`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from cascadesim.contacts.findings import Finding
from cascadesim.errors import Diagnostic


@dataclass(frozen=True, slots=True)
class ContactsReport:
    """What is in a contacts file and what is wrong with it; each finding is a count with up to 20 cases.

    `unit` says what the cases' places are: lines of a CSV file or rows of a Parquet file. `empty_addresses` has
    one finding for each column of addresses. Without such a column `unreachable` is None; without a script
    `in_two_segments` and `in_no_segment` are None and `people` is empty (else: people by segment).
    `missing_columns` are the faults of columns that the script needs: not there at all, or with empty cells that
    a text without a fallback would show.
    """

    file: str
    unit: Literal["line", "row"]
    rows: int
    columns: tuple[str, ...]
    wrong_width: Finding
    empty_ids: Finding
    duplicates: Finding
    unknown_zones: Finding
    empty_addresses: dict[str, Finding]
    unreachable: Finding | None
    people: dict[str, int]
    in_two_segments: Finding | None
    in_no_segment: Finding | None
    missing_columns: tuple[Diagnostic, ...]

    @property
    def contacts(self) -> int:
        """The rows that are contacts: with an id and the right number of cells. The other findings are about them."""
        return self.rows - self.wrong_width.count - self.empty_ids.count

    @property
    def is_usable(self) -> bool:
        """Whether a simulation or a campaign may use the file: people without address or segment do no harm."""
        faults = (self.wrong_width, self.empty_ids, self.duplicates, self.unknown_zones, self.in_two_segments)
        return not self.missing_columns and not any(finding and finding.count for finding in faults)

    def to_json(self) -> dict[str, Any]:
        """The report as JSON data of a fixed shape; a finding that was not looked for is null."""
        return {
            "file": self.file,
            "unit": self.unit,
            "rows": self.rows,
            "contacts": self.contacts,
            "columns": list(self.columns),
            "usable": self.is_usable,
            "missing_columns": [{"message": d.message, "hint": d.hint} for d in self.missing_columns],
            "wrong_width": _json(self.wrong_width),
            "empty_ids": _json(self.empty_ids),
            "duplicates": _json(self.duplicates),
            "unknown_zones": _json(self.unknown_zones),
            "addresses": [{"column": c, "empty": _json(finding)} for c, finding in self.empty_addresses.items()],
            "unreachable": _json(self.unreachable),
            "segments": [{"segment": name, "people": count} for name, count in self.people.items()],
            "in_two_segments": _json(self.in_two_segments),
            "in_no_segment": _json(self.in_no_segment),
        }


def _json(finding: Finding | None) -> dict[str, Any] | None:
    if finding is None:
        return None
    examples = [{"place": e.place, "id": e.id, "detail": e.detail} for e in finding.examples]
    return {"count": finding.count, "examples": examples}
