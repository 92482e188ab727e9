"""`cascadesim plan`: a plan of a hand-written chain."""

from __future__ import annotations

from pathlib import Path

import click

from cascadesim.cli.job import Job
from cascadesim.cli.options import PATH, script_file
from cascadesim.cli.output import Output


@click.command(cls=Job)
@script_file
@click.option("--chain", "name", required=True, metavar="NAME", help="The chain to make a plan of.")
@click.option("--out", "target", type=PATH, metavar="PLAN", help="Write the plan to this file.")
@click.pass_obj
def plan(out: Output, file: Path, name: str, target: Path | None) -> None:
    """Make a plan of a hand-written chain.

    It can be rehearsed and exported like one that was searched for.
    """
    from cascadesim.cli.scripts import named_chains, people_of, read_script
    from cascadesim.engines.case import Case
    from cascadesim.engines.simulate import simulate
    from cascadesim.model import codec
    from cascadesim.plan import chosen_plan, write_plan
    from cascadesim.plan.writing import check_writable
    from cascadesim.reports.plans import forecast_of, plan_report

    if target:
        check_writable(target)
    script = read_script(out, file)
    model = script.model
    (chain,) = named_chains(model, [name])
    unforeseen = chosen_plan(model, chain, script.source_sha256)
    with out.progress("simulating") as progress:
        case = Case(chain.name, unforeseen.routes())
        outcome = simulate(model, [case], contacts=people_of(script, case.segments), progress=progress)
    forecasts = {segment.segment: forecast_of(segment.figures) for segment in outcome.chains[0].segments}
    made = chosen_plan(model, chain, script.source_sha256, forecasts)
    if target:
        write_plan(made, target)
    out.show(*plan_report(made, f"The plan of chain {chain.name}"))
    out.show(f"Forecast by the {outcome.engine} engine: {outcome.engine_because}.")
    out.show(f"Written: {target}" if target else "Not written: name a file by --out to keep the plan.")
    out.document(codec.encode(made))
