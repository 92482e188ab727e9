"""`cascadesim rehearse`: a plan run as it would be run live, on a virtual clock, with drawn people."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import click

from cascadesim.cli.job import Job
from cascadesim.cli.options import PATH, plan_file, records, seed
from cascadesim.cli.output import Output


@click.command(cls=Job)
@plan_file
@click.option("--contacts", type=PATH, metavar="FILE", help="The people of segments that come from a file.")
@seed
@records
@click.option("--show", type=click.IntRange(min=0), default=0, metavar="N", help="Print the first N messages.")
@click.pass_obj
def rehearse(out: Output, plan: Path, contacts: Path | None, seed: int | None, records: Path | None, show: int) -> None:
    """Run a plan on a virtual clock, with drawn people.

    It is the runner that would run it live. Nobody is contacted.
    """
    from cascadesim.cli.plans import contacts_of
    from cascadesim.draws.people import draw_people
    from cascadesim.engines.records import RecordWriter
    from cascadesim.plan import read_plan
    from cascadesim.rehearsal import rehearse
    from cascadesim.reports.rehearsals import rehearsal_json, rehearsal_report

    read = read_plan(plan)
    model = read.model
    if seed is not None:
        model = replace(model, scenario=replace(model.scenario, seed=seed))
        read = replace(read, model=model)
    people = draw_people(model, read.names, 0, contacts_of(out, read, plan, contacts))
    stream = sys.stderr if out.as_json else sys.stdout
    with RecordWriter(records) if records else nullcontext() as writer:
        with out.progress() as progress:
            told = None if progress is None else lambda done: progress("rehearsing", done, len(people))
            rehearsal = rehearse(read, people, progress=told, show=show, stream=stream)
        if writer is not None:
            writer.write(rehearsal.records())
    if show:
        out.say("")
    out.show(*rehearsal_report(rehearsal))
    out.document(rehearsal_json(rehearsal))
