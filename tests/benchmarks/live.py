"""How fast a campaign's rows are worked: `python -m tests.benchmarks.live` from the project's folder, two minutes.

The shipped runner over its store, beside plain sqlite3 doing the same row work in the same run, with every commit
synced to the disk: at least a third of the steps a second; PostgreSQL beside it, by one process and by two. With
`--large 1000000` a million people go through SQLite alone, and memory must stay flat. Nothing of it is a test.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click
from rich.console import Console
from rich.table import Table

from tests.benchmarks.rows import large, plain, shipped
from tests.benchmarks.speed.machine import memory, once
from tests.live.stores import server

BATCHES = (50, 1_000)
BAR = 1 / 3
MOST_GROWTH = 8 * 2**20
"""How many bytes more a process may take for the second half of its messages."""
EVERY = 100_000
"""After so many of very many people the memory is looked at."""


class Line(NamedTuple):
    """A row of the table; `share` of what plain sqlite3 does, where that is the comparison."""

    what: str
    batch: int
    ran: shipped.Ran
    share: float | None = None


@click.command()
@click.option("--people", default=100_000, show_default=True, help="How many are sent two messages each.")
@click.option("--rounds", default=2, show_default=True, help="How often plain sqlite3 and the runner take turns.")
@click.option("--postgres/--no-postgres", default=True, help="PostgreSQL too, by one worker and by two.")
@click.option(
    "--large",
    "very_many",
    type=click.IntRange(min=2 * EVERY),
    metavar="N",
    help="Instead, run N people through SQLite and look at the memory.",
)
def main(people: int, rounds: int, postgres: bool, very_many: int | None) -> None:
    """Measure how fast a campaign's rows are worked on this machine."""
    with TemporaryDirectory() as folder:
        synced = sync_time(Path(folder)) * 1e3
    click.echo(f"{very_many or people:,} people; a sync of the disk takes {synced:.2f} ms (median of 200)")
    if very_many:
        sys.exit(not is_flat(very_many))
    lines = list(on_sqlite(people, rounds))
    if postgres:
        lines += on_postgres(people)
    show(lines)
    sys.exit(sum(is_missed(line) for line in lines))


def on_sqlite(people: int, rounds: int) -> Iterator[Line]:
    """The best of some rounds of each: whatever else a machine does can only make a round longer."""
    for batch in BATCHES:
        bares, rans = [], []
        for _ in range(rounds):
            with TemporaryDirectory() as folder:
                bares.append(plain.run(Path(folder) / "plain.db", people, batch))
                rans.append(shipped.run(Path(folder) / "shipped.db", people, batch))
        bare, ran = (max(some, key=lambda r: r.steps_per_second) for some in (bares, rans))
        ran = replace(ran, grown=max(r.grown for r in rans))
        yield Line("plain sqlite3", batch, bare)
        yield Line("the runner on SQLite", batch, ran, ran.steps_per_second / bare.steps_per_second)


def on_postgres(people: int) -> Iterator[Line]:
    """The runner on a server of its own, by one process and by two at once."""
    for batch in BATCHES:
        for workers in (1, 2):
            ran = shipped.share(server(), people, batch, workers, f"{batch} by {workers}")
            yield Line(f"the runner on PostgreSQL, {workers} process{'es' if workers > 1 else ''}", batch, ran)


def is_flat(people: int) -> bool:
    """Whether the memory stays as it is after the first of very many people, in enrolling and in running."""
    before = memory()
    with TemporaryDirectory() as folder:
        phases = dict(
            zip(("enrolled", "sent"), large.run(Path(folder) / "large.db", people, BATCHES[0], EVERY), strict=True)
        )
    table = Table("", "people", "people/s", "steps/s", "memory", "files", box=None)
    for what, marks in phases.items():
        begun = 0
        for mark in marks.taken:
            rate, begun = (mark.people - begun) / mark.seconds, mark.people
            steps = f"{rate * shipped.STEPS:,.0f}" if what == "sent" else ""
            table.add_row(what, f"{mark.people:,}", f"{rate:,.0f}", steps, _mb(mark.memory), _mb(mark.size))
    console = Console(width=110, highlight=False)
    console.print(table)
    grown = max(marks.grown for marks in phases.values())
    console.print(f"{_mb(before)} before it began; after the first {EVERY:,} memory grows by {_mb(grown)}")
    return grown <= MOST_GROWTH


def sync_time(folder: Path) -> float:
    """What it takes to have a page on the disk, in seconds."""
    with (folder / "page").open("wb", buffering=0) as file:

        def page() -> None:
            file.write(b"0" * 4096)
            os.fsync(file.fileno())

        return median(once(page) for _ in range(200))


def is_missed(line: Line) -> bool:
    """Whether a bar is: its share of plain sqlite3, or memory that grows."""
    return line.share is not None and (line.share < BAR or line.ran.grown > MOST_GROWTH)


def show(lines: list[Line]) -> None:
    """Prints the table."""
    table = Table("", "batch", "steps/s", "of plain", "at least", "memory grows by", "enrolled/s", box=None)
    for what, batch, ran, share in lines:
        compared = ("", "", "") if share is None else (f"{share:.0%}", f"{BAR:.0%}", f"{ran.grown / 2**20:.1f} MB")
        enrolled = ran.sent / shipped.STEPS / ran.enrolled
        style = "red" if is_missed(Line(what, batch, ran, share)) else None
        table.add_row(what, str(batch), f"{ran.steps_per_second:,.0f}", *compared, f"{enrolled:,.0f}", style=style)
    Console(width=110, highlight=False).print(table)


def _mb(size: int) -> str:
    return f"{size / 2**20:,.1f} MB"


if __name__ == "__main__":
    main()
