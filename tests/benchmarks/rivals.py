"""This project's solver beside Optuna and pymoo: `python -m tests.benchmarks.rivals`, some four minutes.

Everybody gets the same instances, the same compiled evaluator, the same start (the greedy plan), the same seeds and
the same wall time after imports and compiling; how the rivals are treated is told where they are called (`with_optuna`,
`with_pymoo`). What is true comes from none of them: all plans of the space are evaluated. Times are wall time, one
search at a time in one thread: run this on a machine with nothing else to do. Nothing of it is a test.

Needs `pip install -c constraints.txt -e '.[benchmarks]'`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click

from tests.benchmarks.search.market import INSTANCES, Size
from tests.benchmarks.search.race import OURS, START, TO_THE_END, Results, Rules, Run, Searcher, race
from tests.benchmarks.search.sheet import Sheet, console, markdown, percent, printed, seconds, spread
from tests.benchmarks.speed.machine import machine, taken_by_others, use

_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)
_QUICK = Rules(INSTANCES[:1], Size(6, 4, 4), 0.3, 2)


@click.command()
@click.option("--quick", is_flag=True, help="One small instance, a fraction of a second each: whether it works.")
@click.option("--seconds", "each", default=2.0, show_default=True, help="Wall time of each search.")
@click.option("--seeds", default=5, show_default=True, help="Runs of each on each instance.")
@click.option("--instances", default=3, show_default=True, help="How many of the ten, by name.")
@click.option("--json", "document", type=_FILE, metavar="JSON", help="Write all runs.")
@click.option("--plot", type=_FILE, metavar="PNG", help="Draw how good each is over time.")
@click.option("--markdown", "as_page", is_flag=True, help="Print the tables as Markdown.")
def main(
    quick: bool, each: float, seeds: int, instances: int, document: Path | None, plot: Path | None, as_page: bool
) -> None:
    """Measure how near general optimizers come to what is proven here, in the same time."""
    scalar, double = searchers()
    rules = _QUICK if quick else Rules(INSTANCES[:instances], Size(), each, seeds)
    before = use()
    results = race(rules, scalar, double, lambda what: click.echo(what, err=True))
    others = taken_by_others(before, use(), machine().cores)
    for sheet in (optimum_sheet(results, others), frontier_sheet(results)):
        if as_page:
            click.echo(markdown(sheet))
        else:
            console().print(printed(sheet))
    if document:
        written = {"machine": asdict(machine()), "others": others, **asdict(results)}
        document.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    if plot:
        from tests.benchmarks.search.picture import draw

        draw(results, plot)


def searchers() -> tuple[dict[str, Searcher], dict[str, Searcher]]:
    """Who searches for the optimum, and who for the frontier."""
    try:
        from tests.benchmarks.search import with_optuna, with_pymoo
    except ModuleNotFoundError as missing:
        raise click.UsageError(f"{missing.name} is not installed: pip install -e '.[benchmarks]'") from missing
    optuna = {"Optuna TPE": with_optuna.tpe, "Optuna NSGA-II": with_optuna.nsga2}
    return {**optuna, "pymoo GA": with_pymoo.ga}, {**optuna, "pymoo NSGA-II": with_pymoo.ga}


def optimum_sheet(results: Results, others: float | None) -> Sheet:
    """How far everybody is from the proven optimum, over all instances and seeds."""
    rows = [_distances(results, name) for name in _names(results.optimum)]
    took, longest = spread([proof.seconds for proof in results.proofs])
    proven = sum(proof.gap <= 0 for proof in results.proofs)
    nodes = f"{spread([proof.nodes for proof in results.proofs])[0]:,.0f}"
    gaps = spread([proof.gap for proof in results.proofs])
    count = len(results.proofs)
    rows.append((OURS, f"{seconds(took)}, at most {seconds(longest)}", *map(percent, gaps),
                 f"{proven} of {count}", f"{proven} of {count}", nodes))  # fmt: skip
    notes = [
        f"Cost per person and the price of a miss; {results.seeds} seeds on {', '.join(results.instances)}. "
        f"{results.space}: {results.plans:,} plans, all of them evaluated for the truth."
    ]
    if others is not None and others > 0.02:
        notes.append(f"Other processes had {others:.0%} of the machine's time meanwhile: alone all do better.")
    columns = ("search", "time", "distance, median", "worst", "optimum found", "proven", "plans tried")
    return Sheet("Distance to the optimum", columns, tuple(rows), tuple(notes))


def _distances(results: Results, name: str) -> tuple[str, ...]:
    runs = results.of(name)
    found = sum(run.result == 0 for run in runs)
    took = "" if name == START else seconds(results.seconds)
    tried = f"{spread([run.plans for run in runs])[0]:,.0f}"
    return name, took, *map(percent, _spread(runs, max)), f"{found} of {len(runs)}", "never", tried


def frontier_sheet(results: Results) -> Sheet:
    """At how many levels of coverage everybody is within a hundredth of the least cost."""
    rows = []
    for name in sorted(_names(results.frontier), key=(OURS, TO_THE_END).__contains__):
        runs = results.of(name, frontier=True)
        took, longest = spread([run.seconds for run in runs])
        time = seconds(took) if took == longest else f"{seconds(took)}, at most {seconds(longest)}"
        tried = "" if name in (OURS, TO_THE_END) else f"{spread([run.plans for run in runs])[0]:,.0f}"
        rows.append((name, time, *(f"{share:.0%}" for share in _spread(runs, min)), tried))
    note = (
        "100 levels of coverage, from what the cheapest plan covers to the most that any does; found is a level that a "
        "plan of at most 1.01 times the least cost reaches."
    )
    return Sheet(
        "Share of the frontier found",
        ("search", "time", "levels, median", "worst", "plans tried"),
        tuple(rows),
        (note,),
    )


def _names(runs: tuple[Run, ...]) -> list[str]:
    return list(dict.fromkeys(run.searcher for run in runs))


def _spread(runs: list[Run], worst: Callable[..., float]) -> tuple[float, float]:
    return spread([run.result for run in runs], worst)


if __name__ == "__main__":
    main()
