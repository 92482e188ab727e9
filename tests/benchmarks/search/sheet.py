"""A table for a terminal and for a page: the same words in both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from rich.console import Console, Group, RenderableType
from rich.text import Text

from cascadesim.reports import tables


@dataclass(frozen=True)
class Sheet:
    """Rows of words under their columns' names; notes stand below."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def console() -> Console:
    """Where sheets are printed."""
    return Console(width=110, markup=False, highlight=False, emoji=False)


def printed(sheet: Sheet) -> RenderableType:
    """For a terminal."""
    made = tables.table(*sheet.columns)
    for row in sheet.rows:
        made.add_row(*row)
    return Group(tables.titled(sheet.title, made), *(Text(note, tables.QUIET) for note in sheet.notes), Text(""))


def markdown(sheet: Sheet) -> str:
    """To be pasted into a page."""
    head = (sheet.columns, ("---", *("---:" for _ in sheet.columns[1:])))
    lines = [f"| {' | '.join(row)} |" for row in (*head, *sheet.rows)]
    return "\n".join([f"**{sheet.title}**", "", *lines, "", *(f"{note}\n" for note in sheet.notes)])


def percent(share: float) -> str:
    """A distance: to a thousandth of a percent; plain 0 where there is none."""
    return "0" if share == 0 else f"{100 * share:.3f}%"


def seconds(value: float) -> str:
    """A time, to the millisecond below ten seconds."""
    return f"{value:.3f} s" if value < 10 else f"{value:.1f} s"


def spread(values: Sequence[float], worst: Callable[[Sequence[float]], float] = max) -> tuple[float, float]:
    """The median, and the worst."""
    return median(values), worst(values)
