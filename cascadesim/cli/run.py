"""`cascadesim run`: the whole offline job, from a script to a plan that is rehearsed and exported."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryFile

import click

from cascadesim.cli import codes
from cascadesim.cli.job import INPUT, Job
from cascadesim.cli.options import PATH, script_file, seed
from cascadesim.cli.output import Output
from cascadesim.errors import InputError


@click.command(cls=Job)
@script_file
@click.option("--to", "vendor", default="8x8", show_default=True, metavar="VENDOR", help="Whom to export to.")
@click.option("--out", "folder", type=PATH, default=".", metavar="DIR", help="Where the files go; default: here.")
@seed
@click.option(
    "--replications", type=click.IntRange(min=2), default=3, show_default=True, help="How often the plan is simulated."
)
@click.pass_obj
def run(out: Output, file: Path, vendor: str, folder: Path, seed: int | None, replications: int) -> None:
    """Do the whole job, from a script to an exported plan.

    Compares chains, finds the best plan, confirms it by simulation, rehearses it and exports it.

    Writes plan.json, the plan for the vendor and its requests. Contacts nobody.
    """
    from cascadesim.cli.asked import ask, compare, compared_json, frontier_json, search
    from cascadesim.cli.confirm import stage
    from cascadesim.cli.vendor import PLAN, hand_over
    from cascadesim.model import codec
    from cascadesim.optimizer import plan_of
    from cascadesim.plan import write_plan
    from cascadesim.reports import answers, confirmation, plans, rehearsals
    from cascadesim.reports.closing import closing
    from cascadesim.reports.handover import handover_report
    from cascadesim.senders import sender_for

    sender_for(vendor)
    _check_folder(folder)
    asked = ask(out, file, seed)
    answer = search(out, asked)
    compared = compare(out, asked)
    plan = plan_of(answer, asked.model, asked.script.source_sha256)
    out.show(*answers.comparison_report(answer, compared, asked.currency), *plans.plan_report(plan, "The plan"))
    out.show(*answers.contest_report(answer, asked.currency))
    with stage(out, asked, plan) as stand:
        confirmed = stand.simulate(answer, replications)
        out.show(*confirmation.confirmation_report(confirmed, asked.currency, answer.set_aside))
        folder.mkdir(parents=True, exist_ok=True)
        write_plan(plan, folder / PLAN)
        rehearsed = stand.rehearse()
    out.show(*rehearsals.rehearsal_report(rehearsed.rehearsal), rehearsals.sameness(rehearsed.is_same))
    handed = hand_over(out, asked, answer, plan, vendor, folder)
    out.show(*handover_report(handed, asked.currency), closing(confirmed, handed, folder / PLAN, asked.currency))
    out.document(
        {
            "scenario": asked.model.scenario.title,
            "seed": asked.model.scenario.seed,
            "compared": compared_json(compared),
            "plan": codec.encode(plan),
            "frontier": frontier_json(answer.frontier),
            "confirmation": confirmed.to_json(),
            "rehearsal": rehearsed.to_json(),
            "export": handed.to_json(),
            "files": {
                "plan": str(folder / PLAN),
                "vendor_plan": str(handed.plan_file) if handed.because and handed.plan_file else None,
                "requests": None if handed.requests is None else str(handed.requests),
            },
        }
    )
    if not rehearsed.is_same:
        raise click.exceptions.Exit(INPUT)


def _check_folder(folder: Path) -> None:
    """InputError, before the long work, if nothing can be written into the folder, or it cannot be made."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    try:
        with TemporaryFile(dir=there):
            pass
    except OSError as error:
        hint = "name a folder that you may write to, by --out"
        raise InputError.of(codes.NOT_A_FOLDER, f"cannot write to {folder}: {error.strerror or error}", hint) from error
