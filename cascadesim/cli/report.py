"""`cascadesim report`: the page of a plan, for those who decide."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from cascadesim.cli import codes
from cascadesim.cli.job import Job
from cascadesim.cli.options import PATH, plan_file
from cascadesim.cli.output import Output, Progress


@click.command(cls=Job)
@plan_file
@click.option("--out", "target", type=PATH, metavar="PAGE", help="Where to; default: beside the plan, as .html.")
@click.option(
    "--script", "source", type=PATH, metavar="FILE", help="The script it was made of, to be shown as written."
)
@click.option("--contacts", type=PATH, metavar="FILE", help="The people of segments that come from a file.")
@click.option("--quick", is_flag=True, help="Without moving each rate, which takes a while for many rates.")
@click.pass_obj
def report(
    out: Output, plan: Path, target: Path | None, source: Path | None, contacts: Path | None, quick: bool
) -> None:
    """Write a page about a plan. It is one HTML file that needs nothing else, for a screen and for paper.

    The question, the answer in one sentence, the plan step by step, the frontier, the runners-up, what is uncertain,
    how it will be run, and the script. What the plan file does not hold is worked out from the model in it.
    """
    from cascadesim.cli.plans import contacts_of
    from cascadesim.language import read
    from cascadesim.plan import changed_since, read_plan
    from cascadesim.plan.writing import check_writable, replacing
    from cascadesim.reports.page.dossier import gather
    from cascadesim.reports.page.write import page, sentence

    document = read_plan(plan)
    target = plan.with_suffix(".html") if target is None else target
    check_writable(target)
    people = contacts_of(out, document, plan, contacts)
    script = None if source is None else read(source)
    if script is not None and changed_since(document, script.source_sha256):
        message = f"{source} has changed since {plan} was made: the page shows it as it is now"
        out.warn(codes.CHANGED, message, "make the plan anew if it is to be the best one of this script")
    with ExitStack() as bars:

        def stage(doing: str) -> Progress | None:
            bars.close()
            return bars.enter_context(out.progress(doing))

        found = gather(document, people, stage, quick)
    text = page(found, None if script is None else script.sources[str(source)])
    with replacing(target) as file:
        file.write(text)
    out.show(sentence(found), f"Written: {target}")
    total = found.simulated.total
    out.document(
        {
            "page": str(target),
            "bytes": len(text.encode()),
            "answer": sentence(found),
            "coverage": total.coverage.mean,
            "cost_per_person": total.cost_per_person.mean,
        }
    )
