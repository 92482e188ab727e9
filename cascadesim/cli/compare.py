"""`cascadesim compare`: two chains, or plans, person by person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascadesim.cli.job import Job
from cascadesim.cli.options import seed
from cascadesim.cli.output import Output

if TYPE_CHECKING:
    from cascadesim.engines.compare import Engine, Side

_SCRIPT, _PLAN = ".cascade", ".json"


@click.command(cls=Job)
@click.argument("names", nargs=-1, required=True, metavar="[FILE] A B")
@click.option("--engine", type=click.Choice(["auto", "compiled", "simpy"]), default="auto", show_default=True)
@seed
@click.option(
    "--replications",
    type=click.IntRange(min=1),
    help="Default: 1, or 10 where a throughput limit ties people together and one cannot tell an interval.",
)
@click.pass_obj
def compare(out: Output, names: tuple[str, ...], engine: Engine, seed: int | None, replications: int | None) -> None:
    """Say what B brings against A. Both have the same people and the same random numbers.

    A and B are chains of the script FILE by name, or plans (files that end in .json). Two plans do without FILE:
    each is simulated in the model that it carries, and both must be for the same people.
    """
    file, one, other = _arguments(names)  # wrong usage is told before anything heavy is imported
    from cascadesim.engines.compare import compare
    from cascadesim.reports.comparison import comparison_report

    a, b = _of_script(out, file, one, other) if file else (_of_plan(out, one), _of_plan(out, other))
    with out.progress("simulating") as progress:
        found = compare(a, b, engine=engine, seed=seed, replications=replications, progress=progress)
    out.show(*comparison_report(found, a.model.scenario.currency))
    out.document(found.to_json())


def _arguments(names: tuple[str, ...]) -> tuple[Path | None, str, str]:
    """The script, if one is named, A and B."""
    scripts = [name for name in names if name.endswith(_SCRIPT)]
    file, pair = (names[0], names[1:]) if scripts[:1] == [*names[:1]] else (None, names)
    if any(name.endswith(_SCRIPT) for name in pair):
        raise click.UsageError("one script is enough, and it comes first: compare FILE A B")
    if len(pair) != 2:
        raise click.UsageError(f"two are compared, and {len(pair) or 'none'} named: compare [FILE] A B")
    chains = [name for name in pair if not name.endswith(_PLAN)]
    if chains and file is None:
        raise click.UsageError(
            f"{' and '.join(dict.fromkeys(chains))}: a chain needs its script (compare FILE{_SCRIPT} A B), "
            f"a plan's file ends in {_PLAN}"
        )
    return (Path(file) if file else None), pair[0], pair[1]


def _of_script(out: Output, file: Path, *names: str) -> tuple[Side, Side]:
    """Chains of a script, and plans in the script as it is now."""
    from dataclasses import replace

    from cascadesim.cli.scripts import chain_cases, named_chains, people_of, plan_case, read_script
    from cascadesim.engines.compare import Side

    script = read_script(out, file)
    named_chains(script.model, [name for name in names if not name.endswith(_PLAN)])  # all unknown names at once
    cases = [
        replace(plan_case(out, script, Path(name)), name=name)
        if name.endswith(_PLAN)
        else chain_cases(out, script, (name,))[0]
        for name in names
    ]
    people = people_of(script, (segment for case in cases for segment in case.segments))
    a, b = (Side(script.model, case, people) for case in cases)
    return a, b


def _of_plan(out: Output, name: str) -> Side:
    """A plan in the model that it carries."""
    from cascadesim.cli.plans import contacts_of
    from cascadesim.engines.case import Case
    from cascadesim.engines.compare import Side
    from cascadesim.plan import read_plan

    path = Path(name)
    plan = read_plan(path)
    return Side(plan.model, Case(name, plan.routes()), contacts_of(out, plan, path, None))
