"""`cascadesim contacts`: what is in a contacts file, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import click

from cascadesim.cli.job import INPUT, Job
from cascadesim.cli.options import PATH
from cascadesim.cli.output import Output


@click.group()
def contacts() -> None:
    """Look at files of contacts."""


@contacts.command(cls=Job)
@click.argument("file", type=PATH)
@click.option("--script", type=PATH, metavar="SCRIPT", help="Put the people in this script's segments.")
@click.option(
    "--addresses",
    metavar="COLUMNS",
    help="The columns with addresses, separated by commas; by default those named like a common channel.",
)
@click.pass_obj
def check(out: Output, file: Path, script: Path | None, addresses: str | None) -> None:
    """Count the people, and list duplicates, empty cells and unreachable people with examples."""
    from cascadesim.cli.scripts import read_script
    from cascadesim.contacts import check_contacts
    from cascadesim.reports.people import people_report

    if script and addresses:
        raise click.UsageError("--script and --addresses exclude each other: a script says itself where addresses are")
    columns = None if addresses is None else tuple(filter(None, map(str.strip, addresses.split(","))))
    if script:
        read = read_script(out, script)
        report = check_contacts(file, read.model, base=read.base)
    else:
        report = check_contacts(file, addresses=columns)
    out.show(*people_report(report))
    out.document(report.to_json())
    if not report.is_usable:
        raise click.exceptions.Exit(INPUT)
