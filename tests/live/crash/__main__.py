"""The runner killed with -9, at scale: `python -m tests.live.crash` from the project's folder, some minutes.

A campaign in SQLite with one worker and in PostgreSQL with two, with and without a limit on texts: workers die three
times at each named point and some times by the clock, while another process stops people. What is claimed of it is
printed with what was found; the status is 1 if anything is not so.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click
from rich.console import Console
from rich.table import Column, Table

from tests.live.crash.campaign import Size
from tests.live.crash.claims import Claim, End, Evidence, duplicates, judge, late_by_stop
from tests.live.crash.mortal import BY_THE_CLOCK, POINTS
from tests.live.crash.rounds import Deaths, Round
from tests.live.stores import database

FULL = Size(people=20_000, batch=50, stops_at_once=200, wait=2, lease=4, pause=0.5), Deaths((2, 8), (0.3, 1.0), 10)
SMALL = Size(people=400, batch=10, stops_at_once=20, wait=0.5, lease=1.5, pause=0.1), Deaths((1, 2), (0.1, 0.3), 3)
LIMITS = {"full": 2_000, "small": 200}
WORKERS = {"sqlite": 1, "postgres": 2}


class Case(NamedTuple):
    """One campaign's evidence and what is claimed of it."""

    name: str
    evidence: Evidence
    claims: list[Claim]


@click.command()
@click.option("--small", is_flag=True, help="400 people instead of 20,000.")
@click.option("--store", type=click.Choice(["sqlite", "postgres"]), help="Only this one.")
def main(small: bool, store: str | None) -> None:
    """Kill a running campaign again and again, and look for what was lost or sent twice."""
    cases = []
    with TemporaryDirectory() as folder:
        for case in run(Path(folder), small, [store] if store else list(WORKERS)):
            cases.append(case)
            click.echo(f"{case.name}: {case.evidence.seconds:.0f} s", err=True)
    show(cases)
    sys.exit(any(not claim.holds for case in cases for claim in case.claims))


def run(folder: Path, small: bool, kinds: list[str]) -> Iterator[Case]:
    """Each case, after an undisturbed run that says what everybody is to be sent."""
    size, deaths = SMALL if small else FULL
    undisturbed = Round(folder / "undisturbed.db", folder / "undisturbed", size).run().ends
    for kind in kinds:
        for limit in (None, LIMITS["small" if small else "full"]):
            yield _case(folder, kind, size.limited(limit), deaths, undisturbed)


def _case(folder: Path, kind: str, size: Size, deaths: Deaths, undisturbed: Mapping[str, End]) -> Case:
    name = f"{kind}, limit" if size.limit else kind
    where = folder / f"{name}.db" if kind == "sqlite" else database()
    evidence = Round(where, folder / name, size, WORKERS[kind]).run(deaths.draw(), with_stops=True)
    return Case(name, evidence, list(judge(evidence, undisturbed)))


def show(cases: list[Case]) -> None:
    """Prints what was done, and below it what is claimed."""
    table = Table("", *(Column(case.name, justify="right") for case in cases), "allowed", box=None)
    for figures in zip(*(_done(case.evidence) for case in cases), strict=True):
        table.add_row(figures[0][0], *(figure for _, figure in figures))
    table.add_section()
    table.add_row("[bold]what is claimed[/bold]")
    for claims in zip(*(case.claims for case in cases), strict=True):
        found = (f"{claim.found:,}" if claim.holds else f"[red]{claim.found:,}[/red]" for claim in claims)
        table.add_row(claims[0].what, *found, ", ".join(dict.fromkeys(claim.allowed for claim in claims)))
    Console(width=130, highlight=False).print(table)


def _done(evidence: Evidence) -> list[tuple[str, str]]:
    causes = Counter(evidence.died.values())
    return [
        ("people", f"{len(evidence.ends):,}"),
        ("workers at once", f"{evidence.workers}"),
        *((f"killed: {cause}", f"{causes[cause]}") for cause in (*POINTS, BY_THE_CLOCK)),
        ("messages accepted", f"{len(evidence.accepted):,}"),
        ("of them again, with their key", f"{duplicates(evidence).total():,}"),
        ("people stopped", f"{len(evidence.stopped):,}"),
        ("messages in hand as their stop came", f"{late_by_stop(evidence).total():,}"),
        ("seconds", f"{evidence.seconds:.0f}"),
    ]


if __name__ == "__main__":
    main()
