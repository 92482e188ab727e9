"""`cascadesim simulate`: what chains, or a plan, come to."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascadesim.cli import codes
from cascadesim.cli.job import Job
from cascadesim.cli.options import PATH, records, script_file, seed
from cascadesim.cli.output import Output
from cascadesim.errors import InputError

if TYPE_CHECKING:
    from cascadesim.engines.simulate import Engine


@click.command(cls=Job)
@script_file
@click.option("--chain", "chains", multiple=True, metavar="NAME", help="This chain alone; may be repeated.")
@click.option("--plan", "plan_path", type=PATH, metavar="PLAN", help="This plan instead of the script's chains.")
@click.option("--engine", type=click.Choice(["auto", "exact", "compiled", "simpy"]), default="auto", show_default=True)
@seed
@click.option("--replications", type=click.IntRange(min=1), default=1, show_default=True)
@records
@click.pass_obj
def simulate(
    out: Output,
    file: Path,
    chains: tuple[str, ...],
    plan_path: Path | None,
    engine: Engine,
    seed: int | None,
    replications: int,
    records: Path | None,
) -> None:
    """Say what the chains of a script, or a plan, come to.

    That is coverage, cost, messages and times, by segment and step by step.
    """
    from cascadesim.cli.scripts import chain_cases, people_of, plan_case, read_script
    from cascadesim.engines.records import RecordWriter
    from cascadesim.engines.simulate import simulate
    from cascadesim.reports.outcomes import outcome_report

    if chains and plan_path:
        raise click.UsageError("--chain and --plan exclude each other: a plan says itself who gets what")
    if records and engine == "exact":
        raise click.UsageError("--records needs single messages, and the exact engine has none: leave --engine out")
    script = read_script(out, file)
    cases = [plan_case(out, script, plan_path)] if plan_path else chain_cases(out, script, chains)
    if records and len(cases) > 1:
        names = ", ".join(case.name for case in cases)
        message = f"records are of one chain, and {file} has {len(cases)}"
        raise InputError.of(codes.ONE_CHAIN, message, f"name it by --chain: {names}")
    contacts = people_of(script, (segment for case in cases for segment in case.segments))
    with out.progress("simulating") as progress, RecordWriter(records) if records else nullcontext() as writer:
        outcome = simulate(
            script.model,
            cases,
            engine=engine,
            seed=seed,
            replications=replications,
            contacts=contacts,
            records=writer,
            progress=progress,
        )
    out.show(*outcome_report(outcome, script.model.scenario.currency))
    out.document(outcome.to_json())
