"""What became of a plan at a vendor: the compile report, and how two plans differ in what they come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.text import Text

from cascadesim.reports import tables, words
from cascadesim.reports.losses import Losses, losses_report
from cascadesim.senders import Report

_STYLES = {"exact": "green", "weakened": "yellow", "refused": tables.BAD}


def export_report(
    report: Report, vendor: str, target: Path, losses: Losses | None, currency: str
) -> Iterator[RenderableType]:
    """Each step as compiled, what the changes come to, who was left out, what was written."""
    yield steps_table(report, vendor)
    if losses is not None:
        yield from losses_report(losses, vendor, currency)
    yield from (Text(f"{note}.", tables.QUIET) for note in report.notes)
    yield Text(f"Written: {target}, {words.plural(report.requests, 'request')}. Nothing was sent.")


def steps_table(report: Report, vendor: str) -> Group:
    """Every step of the plan: exact, weakened or refused, and what changes."""
    made = tables.table("segment", "step", "channel", "becomes", "what changes", left=5)
    before = None
    for step in report.steps:
        if before is not None and step.segment != before:
            made.add_section()
        status = Text(step.status, _STYLES[step.status])
        segment = "" if step.segment == before else step.segment
        made.add_row(segment, str(step.step), step.channel, status, _changes(step.changes))
        before = step.segment
    return tables.titled(f"The plan at {vendor}, step by step", made)


def _changes(changes: Sequence[str]) -> str:
    """One a line; several with dashes, for each may take more than a line."""
    return "\n".join(changes if len(changes) < 2 else [f"- {change}" for change in changes])
