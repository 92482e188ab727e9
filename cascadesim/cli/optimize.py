"""`cascadesim optimize`: the best plan for a script's question."""

from __future__ import annotations

from pathlib import Path

import click

from cascadesim.cli.job import Job
from cascadesim.cli.options import PATH, script_file, seed
from cascadesim.cli.output import Output


@click.command(cls=Job)
@script_file
@click.option("--plan", "target", type=PATH, metavar="OUT", help="Write the plan to this file.")
@seed
@click.pass_obj
def optimize(out: Output, file: Path, target: Path | None, seed: int | None) -> None:
    """Find the best plan for a script's question.

    A certificate says how good it is known to be.
    """
    from cascadesim.cli.asked import ask, compare, compared_json, contest_json, frontier_json, search
    from cascadesim.model import codec
    from cascadesim.optimizer import plan_of
    from cascadesim.plan import write_plan
    from cascadesim.plan.writing import check_writable
    from cascadesim.reports.answers import comparison_report, contest_report, frontier_table
    from cascadesim.reports.plans import plan_report

    if target:
        check_writable(target)
    asked = ask(out, file, seed)
    answer = search(out, asked)
    compared = compare(out, asked)
    plan = plan_of(answer, asked.model, asked.script.source_sha256)
    if target:
        write_plan(plan, target)
    out.show(*comparison_report(answer, compared, asked.currency), *plan_report(plan, "The plan"))
    out.show(*contest_report(answer, asked.currency))
    out.show(frontier_table(answer, asked.currency))
    out.show(f"Written: {target}" if target else "Not written: name a file by --plan to keep the plan.")
    out.document(
        {
            "plan": codec.encode(plan),
            "frontier": frontier_json(answer.frontier),
            "compared": compared_json(compared),
            "contest": contest_json(answer.contest),
        }
    )
