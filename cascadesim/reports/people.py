"""A contacts file's report as tables."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from cascadesim.contacts import ContactsReport, Finding
from cascadesim.contacts.findings import Example
from cascadesim.reports import tables, words

_EXAMPLES = 20


def people_report(report: ContactsReport) -> Iterator[RenderableType]:
    """How many people, whom they belong to, who can be reached where, what is wrong with whom."""
    yield Text(
        f"{report.file}: {words.plural(report.rows, 'row')}, {words.plural(len(report.columns), 'column')}", "bold"
    )
    if report.people:
        yield _segments(report)
    if report.empty_addresses:
        yield _addresses(report)
    yield from (Text(f"{d.message}{f': {d.hint}' if d.hint else ''}", tables.BAD) for d in report.missing_columns)
    yield _findings(report)
    if not report.is_usable:
        yield Text("The file cannot be used before this is mended.", tables.BAD)


def _segments(report: ContactsReport) -> Group:
    made = tables.table("segment", "people")
    for name, people in report.people.items():
        made.add_row(name, words.count(people))
    return tables.titled("Who belongs where", made)


def _addresses(report: ContactsReport) -> Group:
    made = tables.table("address", "people", "share", "empty")
    for column, finding in report.empty_addresses.items():
        reached = report.contacts - finding.count
        made.add_row(
            column,
            words.count(reached),
            words.share(reached / report.contacts if report.contacts else None),
            words.count(finding.count),
        )
    return tables.titled("Who can be reached", made)


def _findings(report: ContactsReport) -> Group:
    made = tables.table("finding", "rows", "examples")
    made.columns[2].justify, made.columns[2].no_wrap, made.columns[2].overflow = "left", False, "fold"
    for name, finding, is_fault in _named(report):
        if finding is not None:
            style = tables.BAD if is_fault and finding.count else None
            made.add_row(Text(name, style or ""), words.count(finding.count), _examples(report, finding))
    return tables.titled("What to look at", made)


def _named(report: ContactsReport) -> Iterator[tuple[str, Finding | None, bool]]:
    """Every finding by name; whether the file cannot be used with it."""
    yield "same id as an earlier row", report.duplicates, True
    yield "no id", report.empty_ids, True
    yield "wrong number of cells", report.wrong_width, True
    yield "unknown time zone", report.unknown_zones, True
    yield "in two segments", report.in_two_segments, True
    yield "in no segment", report.in_no_segment, False
    yield "no address at all", report.unreachable, False


def _examples(report: ContactsReport, finding: Finding) -> str:
    told = [_example(report.unit, example) for example in finding.examples[:_EXAMPLES]]
    return "; ".join(told) + ("; ..." if finding.count > len(told) else "")


def _example(unit: str, example: Example) -> str:
    said = ", ".join(filter(None, (example.id, example.detail)))
    return f"{unit} {example.place}" + (f" ({said})" if said else "")
