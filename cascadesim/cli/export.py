"""`cascadesim export`: a plan as the requests of a vendor."""

from __future__ import annotations

from pathlib import Path

import click

from cascadesim.cli.job import Job
from cascadesim.cli.options import PATH, plan_file
from cascadesim.cli.output import Output


@click.command(cls=Job)
@plan_file
@click.option("--to", "vendor", required=True, metavar="VENDOR", help="Whose requests, such as 8x8.")
@click.option("--contacts", required=True, type=PATH, metavar="FILE", help="The people to write to.")
@click.option("--out", "target", required=True, type=PATH, metavar="FILE", help="Where to: one request a line.")
@click.option("--account", metavar="NAME", help="Your account at the vendor (8x8: the subaccount's id).")
@click.option("--language", metavar="CODE", help="The language of registered templates, such as en.")
@click.pass_obj
def export(
    out: Output, plan: Path, vendor: str, contacts: Path, target: Path, account: str | None, language: str | None
) -> None:
    """Write a plan as a vendor's requests, one for each contact. Nothing is sent."""
    from cascadesim.cli.plans import excluded_of, tell_changes
    from cascadesim.contacts import read_contacts
    from cascadesim.plan import read_plan
    from cascadesim.reports.exports import export_report
    from cascadesim.senders import Settings, export

    read = read_plan(plan)
    tell_changes(out, read, contacts.parent, contacts)
    excluded = excluded_of(read, contacts.parent)
    report = export(read, vendor, read_contacts(contacts), target, Settings(account, language), excluded)
    out.show(*export_report(report, vendor, target))
    out.document(report.to_json())
