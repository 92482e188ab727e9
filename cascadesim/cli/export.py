"""`cascadesim export`: a plan as the requests of a vendor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascadesim.cli.job import Job
from cascadesim.cli.options import PATH, plan_file
from cascadesim.cli.output import Output

if TYPE_CHECKING:
    from cascadesim.plan import Plan
    from cascadesim.reports.losses import Losses
    from cascadesim.senders import Settings


def _senders(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """`--from CHANNEL=NAME`, each channel once."""
    found: dict[str, str] = {}
    for text in given:
        channel, equals, name = text.partition("=")
        if not equals or not channel.strip() or not name.strip():
            raise click.BadParameter(f"{text!r} is not CHANNEL=NAME, such as viber=Shop")
        if channel.strip() in found:
            raise click.BadParameter(f"{channel.strip()} is given twice")
        found[channel.strip()] = name.strip()
    return found


@click.command(cls=Job)
@plan_file
@click.option("--to", "vendor", required=True, metavar="VENDOR", help="Whose requests: see `senders matrix`.")
@click.option("--contacts", required=True, type=PATH, metavar="FILE", help="The people to write to.")
@click.option("--out", "target", required=True, type=PATH, metavar="FILE", help="Where to: one request a line.")
@click.option("--account", metavar="NAME", help="Your account at the vendor (8x8: the subaccount's id).")
@click.option("--language", metavar="CODE", help="The language of registered templates, such as en.")
@click.option(
    "--from",
    "senders",
    multiple=True,
    metavar="CHANNEL=NAME",
    callback=_senders,
    help="Whom a channel's messages are from.",
)
@click.pass_obj
def export(
    out: Output,
    plan: Path,
    vendor: str,
    contacts: Path,
    target: Path,
    account: str | None,
    language: str | None,
    senders: dict[str, str],
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
    settings = Settings(account, language, senders)
    report = export(read, vendor, read_contacts(contacts), target, settings, excluded)
    losses = _losses(out, read, vendor, settings, contacts) if report.is_weakened else None
    out.show(*export_report(report, vendor, target, losses, read.model.scenario.currency))
    out.document({**report.to_json(), "price": None if losses is None else losses.to_json()})


def _losses(out: Output, plan: Plan, vendor: str, settings: Settings, contacts: Path) -> Losses | None:
    """What the changes come to for the plan's people: those it counts, and those of the file."""
    from cascadesim.cli import codes
    from cascadesim.cli.plans import people_in
    from cascadesim.errors import ContactsError
    from cascadesim.reports.losses import losses_of
    from cascadesim.senders import compile_plan

    excluded = {name: frozenset[str]() for name in plan.names}
    compiled = compile_plan(plan, vendor, (), settings, excluded)
    try:
        return losses_of(plan, compiled, people_in(plan, contacts))
    except ContactsError as error:
        why = error.diagnostics[0].message
        out.warn(
            codes.NOT_PRICED,
            f"what the changes come to is not worked out: {why}",
            "give a file with people of every segment",
        )
        return None
