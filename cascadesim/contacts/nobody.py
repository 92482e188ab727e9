"""Why nobody belongs to a segment: which test of its `where` is to blame."""

from __future__ import annotations

from cascadesim.contacts import codes
from cascadesim.contacts.audit import Audit
from cascadesim.contacts.members import Excluded, matches
from cascadesim.contacts.table import Table
from cascadesim.errors import Diagnostic
from cascadesim.model.segment import Contacts, Segment, Test

_VALUES_TOLD = 5


def nobody(table: Table, segment: Segment, excluded: Excluded) -> Diagnostic:
    """The fault of a segment without members; the file is read once more to find out why."""
    tests = segment.people.where if isinstance(segment.people, Contacts) else ()
    passed = dict.fromkeys(tests, 0)
    held: dict[Test, dict[str, None]] = {test: {} for test in tests}
    rows = left_out = 0
    for _, contact in Audit(table, unique=False).contacts():
        rows += 1
        results = [matches(test, contact.cells) for test in tests]
        left_out += all(results) and contact.id in excluded.get(segment.name, ())
        for test, result in zip(tests, results, strict=True):
            passed[test] += result
            if len(held[test]) <= _VALUES_TOLD:
                held[test][contact.cells.get(test.column, "")] = None
    blamed = next((test for test in tests if not passed[test]), None)
    if not rows:
        hint = "there are no contacts in the file"
    elif blamed is not None:
        hint = f"`{_written(blamed)}` holds for none of the {rows}: the column holds {_listed(list(held[blamed]))}"
    elif left_out:
        hint = "those it would take are all in its `except` file"
    else:
        hint = f"each test holds for some of the {rows} contacts, but never all of them for the same one"
    message = f"no contact of {table.file} belongs to segment {segment.name}"
    return Diagnostic(codes.NOBODY, "error", segment.span, message, hint)


def _written(test: Test) -> str:
    return f"{test.column} {test.comparison} {', '.join(test.values)}"


def _listed(values: list[str]) -> str:
    told = [value or "empty cells" for value in values[:_VALUES_TOLD]]
    return ", ".join(told + (["..."] if len(values) > _VALUES_TOLD else []))
