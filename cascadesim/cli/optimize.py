"""`cascadesim optimize`: the best plan for a script's question."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascadesim.cli.job import Job
from cascadesim.cli.options import PATH, script_file, seed
from cascadesim.cli.output import Output
from cascadesim.model.model import Model

if TYPE_CHECKING:
    from cascadesim.optimizer import Restriction


@click.command(cls=Job)
@script_file
@click.option("--plan", "target", type=PATH, metavar="OUT", help="Write the plan to this file.")
@click.option(
    "--draws", type=click.IntRange(min=1), metavar="N", help="Solve it again under N draws of the uncertain rates."
)
@click.option("--for", "vendor", metavar="VENDOR", help="Only what this vendor's own cascade can carry, as 8x8.")
@seed
@click.pass_obj
def optimize(
    out: Output, file: Path, target: Path | None, draws: int | None, vendor: str | None, seed: int | None
) -> None:
    """Find the best plan for a script's question.

    A certificate says how good it is known to be. With --draws, rates `measured on` so many, and ranges, are drawn
    from what is known of them (200 draws tell enough): how often the plan would still be the best, what it costs not to
    know the rates, and which one to measure next.
    """
    from cascadesim.cli.asked import ask, changes_json, compare, compared_json, contest_json, frontier_json, search
    from cascadesim.cli.draws import doubt, uncertainty_json
    from cascadesim.model import codec
    from cascadesim.optimizer import plan_of
    from cascadesim.plan import write_plan
    from cascadesim.plan.writing import check_writable
    from cascadesim.reports.answers import (
        by_reach_text,
        comparison_report,
        contest_report,
        ended_text,
        frontier_table,
        restricted_text,
    )
    from cascadesim.reports.changes import changes_table
    from cascadesim.reports.plans import plan_report
    from cascadesim.reports.uncertainty import uncertainty_report

    if target:
        check_writable(target)
    asked = ask(out, file, seed)
    answer = search(out, asked, within=_restriction(vendor, asked.model) if vendor else None)
    found = None if draws is None else doubt(out, asked, answer, draws)
    compared = compare(out, asked)
    plan = plan_of(answer, asked.model, asked.script.source_sha256)
    if target:
        write_plan(plan, target)
    out.show(*comparison_report(answer, compared, asked.currency), *plan_report(plan, "The plan"))
    out.show(*ended_text(answer), *restricted_text(answer))
    out.show(*by_reach_text(answer), *contest_report(answer, asked.currency))
    out.show(*changes_table(answer, asked.currency))
    out.show(frontier_table(answer, asked.currency))
    if found is not None:
        out.show(*uncertainty_report(found, asked.currency))
    out.show(f"Written: {target}" if target else "Not written: name a file by --plan to keep the plan.")
    out.document(
        {
            "plan": codec.encode(plan),
            "frontier": frontier_json(answer.frontier),
            "compared": compared_json(compared),
            "contest": contest_json(answer.contest),
            "runner_ups": changes_json(answer),
            "one_chain": answer.one_chain,
            "uncertainty": None if found is None else uncertainty_json(found),
        }
    )


def _restriction(vendor: str, model: Model) -> Restriction:
    from cascadesim.cli.vendor import restriction_of
    from cascadesim.senders import sender_for

    return restriction_of(sender_for(vendor).capability, model)
