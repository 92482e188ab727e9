"""The last words of `cascadesim run`: the whole job in a few lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.table import Table
from rich.text import Text

from cascadesim.reports import tables, words
from cascadesim.reports.confirmation import Confirmation
from cascadesim.reports.handover import Handover
from cascadesim.reports.rehearsals import NOBODY


def closing(confirmed: Confirmation, handed: Handover, plan_file: Path, currency: str) -> Table:
    """What the plan promises, what the simulation found, what the vendor's comes to, and where everything lies."""
    made = Table.grid(padding=(0, 2))
    made.add_row(Text("In short", "bold"), "")
    for subject, text in _lines(confirmed, handed, plan_file, currency):
        made.add_row(subject, text)
    return made


def _lines(
    confirmed: Confirmation, handed: Handover, plan_file: Path, currency: str
) -> Iterator[tuple[str, Text | str]]:
    plan, found = handed.winner.total, confirmed.simulated.total
    yield "forecast", _comes_to(plan.coverage, plan.cost_per_person, plan.cost, currency)
    yield "simulated", _comes_to(found.coverage.mean, found.cost_per_person.mean, found.cost.mean, currency)
    if confirmed.keeps:
        yield "limits", _limits(confirmed)
    if handed.because and handed.found is not None:
        other = handed.found.answer.total
        yield f"at {handed.vendor}", _comes_to(other.coverage, other.cost_per_person, other.cost, currency)
    yield "written", words.listed([str(file) for file in (plan_file, *handed.written)])
    yield "sent", f"nothing. {NOBODY}"


def _comes_to(coverage: float | None, each: float | None, cost: float | None, currency: str) -> str:
    per_person, in_all = words.money(each, currency), words.money(cost, currency)
    return f"{words.share(coverage)} covered for {per_person} per person, {in_all} in all"


def _limits(confirmed: Confirmation) -> Text:
    broken, count = confirmed.broken, len(confirmed.keeps)
    if not broken:
        return Text("met in the simulation" if count == 1 else f"all {count} met in the simulation")
    lines = words.listed([f"`keep {keep.line}`" for keep in broken])
    return Text(f"{len(broken)} of {count} not met in the simulation: {lines}", tables.BAD)
