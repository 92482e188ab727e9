"""How long the best plan and its proof take: `python -m tests.benchmarks.optimum`, two or three minutes.

Prints each measurement beside the bar that it is held to. Code is compiled before anything is timed; each time is the
shortest of some rounds, as whatever else a machine does can only make one longer. Nothing of it is a test.

A measurement is a function that takes `Sizes` and gives its `Measured`: what it found, as a sheet and as bars. Another
one is written beside these and listed in `MEASUREMENTS`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from tests.benchmarks.search.market import INSTANCES, Instance, Size
from tests.benchmarks.search.ours import Proof, prove
from tests.benchmarks.search.problem import Problem
from tests.benchmarks.search.shared import frontier, shared
from tests.benchmarks.search.sheet import Sheet, console, markdown, percent, printed, seconds, spread
from tests.benchmarks.speed.bars import Bar, Unit
from tests.benchmarks.speed.machine import best, machine, once, taken_by_others, use

_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)
_TIME = Unit("{:.3f} s", less_is_better=True)
_GAP = Unit("{:.2%}", less_is_better=True)
_NONE = 1e-9  # a gap that is none, as a bar has a ratio
_REPEATED = ("appointment", "delivery-window", "loyalty-points")


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    instances: tuple[Instance, ...]
    usual: Size
    long: Size
    repeated: Size
    frontier: Size
    shared: Size
    crowds: tuple[int, int]
    limit: float  # seconds that one search may take
    rounds: float  # seconds in which rounds may begin


FULL = Sizes(
    INSTANCES, Size(10, 6, 5), Size(8, 6, 8), Size(8, 6, 8, 8), Size(8, 6, 5), Size(6, 4, 4), (50, 1_000), 30.0, 1.0
)
QUICK = Sizes(
    INSTANCES[:2], Size(6, 4, 4), Size(5, 4, 5), Size(4, 3, 4, 4), Size(6, 4, 4), Size(5, 4, 3), (12, 24), 1.0, 0.0
)


@dataclass(frozen=True)
class Measured:
    """What a measurement found."""

    sheet: Sheet
    bars: tuple[Bar, ...]
    figures: tuple[Any, ...]


def usual_plans(sizes: Sizes) -> Measured:
    """Ten channels, six waits, up to five steps: time to proof."""
    proofs = [_proven(instance, sizes.usual, sizes) for instance in sizes.instances]
    middle, longest = spread([proof.seconds for proof in proofs])
    bars = (Bar("time to proof, median", middle, _TIME, 0.1), Bar("time to proof, worst", longest, _TIME, 0.1))
    return Measured(_sheet(f"Time to proof: {sizes.usual}", proofs), bars, tuple(proofs))


def long_plans(sizes: Sizes) -> Measured:
    """Eight channels without a limit on steps: as many as there are channels."""
    proofs = [_proven(instance, sizes.long, sizes) for instance in sizes.instances]
    bar = Bar("no limit on steps: time to proof, worst", _time_to_proof(proofs), _TIME, sizes.limit)
    return Measured(_sheet(f"No limit on steps: {sizes.long}", proofs), (bar,), tuple(proofs))


def repeated_channels(sizes: Sizes) -> Measured:
    """The same where channels may come again: proven, or how far from it when time is over."""
    chosen = [instance for instance in sizes.instances if instance.name in _REPEATED]
    problems = [Problem(instance, sizes.repeated) for instance in chosen]
    proofs = [prove(problem, sizes.limit, once) for problem in problems]
    bar = Bar(f"channels repeated: gap after {sizes.limit:g} s, worst", max(p.gap for p in proofs), _GAP)
    return Measured(_sheet(f"Channels repeated: {sizes.repeated}", proofs), (bar,), tuple(proofs))


def frontiers(sizes: Sizes) -> Measured:
    """The cheapest plan at a hundred levels of coverage."""
    found = [frontier(instance, sizes.frontier) for instance in sizes.instances]
    bar = Bar("a frontier of 100 levels, worst", max(f.seconds for f in found), _TIME, 5.0)
    rows = tuple((f.instance, seconds(f.seconds), str(f.plans)) for f in found)
    notes = ("Within a thousandth of the least cost at each level.",)
    sheet = Sheet(f"A frontier of 100 levels: {sizes.frontier}", ("instance", "time", "plans"), rows, notes)
    return Measured(sheet, (bar,), tuple(found))


def shared_limits(sizes: Sizes) -> Measured:
    """One budget and three capacities that segments share."""
    found = [shared(count, sizes.shared) for count in sizes.crowds]
    promised = dict(zip(sizes.crowds, ((5.0, 0.001), (120.0, 0.005)), strict=True))
    bars = tuple(
        bar
        for f in found
        for bar in (
            Bar(f"{f.segments:,} segments: time", f.seconds, _TIME, promised[f.segments][0]),
            Bar(
                f"{f.segments:,} segments: gap",
                max(f.gap, _NONE),
                Unit("{:.4%}", less_is_better=True),
                promised[f.segments][1],
            ),
        )
    )
    rows = tuple((f"{f.segments:,}", seconds(f.seconds), f"{f.gap:.4%}", percent(f.coverage)) for f in found)
    notes = ("From the model to the answer: the boards of all segments are in the time.",)
    columns = ("segments", "time", "gap", "coverage")
    return Measured(Sheet(f"One budget, three capacities: {sizes.shared}", columns, rows, notes), bars, tuple(found))


MEASUREMENTS: tuple[Callable[[Sizes], Measured], ...] = (
    usual_plans, long_plans, repeated_channels, frontiers, shared_limits,
)  # fmt: skip


def _proven(instance: Instance, size: Size, sizes: Sizes) -> Proof:
    return prove(Problem(instance, size), sizes.limit, lambda work: best(work, sizes.rounds))


def _time_to_proof(proofs: Sequence[Proof]) -> float:
    """The longest; infinite if one was not proven."""
    return max(proof.seconds if proof.gap <= 0 else float("inf") for proof in proofs)


def _sheet(title: str, proofs: Sequence[Proof]) -> Sheet:
    rows = [
        (p.instance, seconds(p.board), seconds(p.seconds), _verdict(p), f"{p.nodes:,}", percent(p.root_gap),
         f"{p.value:.4f}")
        for p in proofs
    ]  # fmt: skip
    notes = (
        f"{proofs[0].plans:,} plans, in sixteen classes of people. The board is made once a segment, and not in the "
        "time. The root's gap is how far the bound of the empty plan is below the optimum, or below the best found.",
    )
    columns = ("instance", "board", "search", "gap", "nodes", "root's gap", "EUR/person")
    return Sheet(title, columns, tuple(rows), notes)


def _verdict(proof: Proof) -> str:
    return "proven" if proof.gap <= 0 else percent(proof.gap)


def bars_sheet(bars: Sequence[Bar], notes: Sequence[str]) -> Sheet:
    """What was measured beside what is promised."""
    rows = [
        (bar.what, bar.unit(bar.measured), "", "")
        if bar.bar is None
        else (bar.what, bar.unit(bar.measured), bar.unit(bar.bar), "met" if _is_met(bar) else "missed")
        for bar in bars
    ]
    return Sheet("The bars", ("what", "measured", "at most", ""), tuple(rows), tuple(notes))


def _is_met(bar: Bar) -> bool:
    return bar.ratio is None or bar.ratio >= 1


@click.command()
@click.option("--quick", is_flag=True, help="Two small instances: whether it works.")
@click.option("--json", "document", type=_FILE, metavar="JSON", help="Write all figures.")
@click.option("--markdown", "as_page", is_flag=True, help="Print the tables as Markdown.")
def main(quick: bool, document: Path | None, as_page: bool) -> None:
    """Measure how long the best plan and its proof take; the exit status is the number of bars that were missed."""
    sizes, here, before = QUICK if quick else FULL, machine(), use()
    prove(Problem(sizes.instances[0], Size(3, 2, 2)), sizes.limit, once)  # compiles
    frontier(sizes.instances[0], Size(3, 2, 2))
    measured = []
    for measurement in MEASUREMENTS:
        click.echo(measurement.__name__.replace("_", " "), err=True)
        measured.append(measurement(sizes))
    others = taken_by_others(before, use(), here.cores)
    bars = [bar for each in measured for bar in each.bars]
    notes = [str(here)]
    if others is not None and others > 0.02:
        notes.append(f"Other processes had {others:.0%} of the machine's time meanwhile: alone it does better.")
    for sheet in (*(each.sheet for each in measured), bars_sheet(bars, notes)):
        if as_page:
            click.echo(markdown(sheet))
        else:
            console().print(printed(sheet))
    if document:
        figures = {
            m.__name__: [asdict(f) for f in each.figures] for m, each in zip(MEASUREMENTS, measured, strict=True)
        }
        written = {"machine": asdict(here), "others": others, **figures}
        document.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    sys.exit(sum(not _is_met(bar) for bar in bars))


if __name__ == "__main__":
    main()
