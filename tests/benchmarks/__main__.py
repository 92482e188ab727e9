"""The benchmark: `python -m tests.benchmarks` from the project's folder, two or three minutes.

Prints what the project's speed is on this machine beside the bars that it is held to, all measured in one run: ratios
between the compiled engine and SimPy hold on any machine, the rest depends on it. Nothing of it is a test. Tests look
only at whether the models agree (`test_speed_models.py`) and whether this command works (`test_benchmark.py`).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console

from tests.benchmarks.speed.bars import growth_table, table
from tests.benchmarks.speed.figures import FULL, QUICK, Figures, measure
from tests.benchmarks.speed.growth import draw

_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command()
@click.option("--quick", is_flag=True, help="Leave out ten million people and the idiomatic SimPy model.")
@click.option("--plot", type=_FILE, metavar="PNG", help="Draw how time grows.")
@click.option("--json", "document", type=_FILE, metavar="JSON", help="Write all figures.")
def main(quick: bool, plot: Path | None, document: Path | None) -> None:
    """Measure how fast this project is on this machine, beside the bars that it is held to."""
    figures = measure(QUICK if quick else FULL, lambda what: click.echo(what, err=True))
    show(figures)
    if plot:
        draw(figures.growth, plot)
    if document:
        document.write_text(json.dumps(asdict(figures), indent=2) + "\n", encoding="utf-8")


def show(figures: Figures) -> None:
    """Prints the table of bars, and below it how time grows."""
    console = Console(width=100, markup=False, highlight=False, emoji=False)
    console.print(table(figures))
    for curve in figures.growth:
        console.print()
        console.print(growth_table(curve))


if __name__ == "__main__":
    main()
