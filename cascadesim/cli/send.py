"""`cascadesim send`: a plan run live, after it has said whom it will contact and what that can cost at most."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from cascadesim.cli.job import Job
from cascadesim.cli.options import PATH, plan_file
from cascadesim.cli.output import Output
from cascadesim.cli.stores import store_options


@click.command(cls=Job)
@plan_file
@click.option("--contacts", type=PATH, metavar="FILE", help="The people; not needed to go on with those there are.")
@click.option("--senders", required=True, type=PATH, metavar="FILE", help="senders.toml: how each channel is sent.")
@store_options
@click.option("--first", type=click.IntRange(min=1), metavar="N", help="A pilot: the first N of the file.")
@click.option("--only", type=PATH, metavar="FILE", help="A pilot: the people with these ids, one a line.")
@click.option("--dry-run", is_flag=True, help="Render every message and send nothing.")
@click.option("--yes", is_flag=True, help="Do not ask; needs a cap.")
@click.option("--cap-cost", metavar="AMOUNT", help='Spend no more than this, as in "500 EUR".')
@click.option("--cap-messages", type=click.IntRange(min=1), metavar="N", help="Send no more than N messages.")
@click.option("--a-week", type=click.IntRange(min=1), metavar="N", help="At most N messages a week to a person.")
@click.option("--suppress", multiple=True, type=PATH, metavar="FILE", help="Addresses that get nothing, one a line.")
@click.option("--replace", is_flag=True, help="Apply this plan to those of a running campaign who have not started.")
@click.option("--machines", is_flag=True, help="Take part as one of several machines (PostgreSQL and DBOS).")
@click.pass_obj
def send(
    out: Output,
    plan: Path,
    contacts: Path | None,
    senders: Path,
    store: str,
    name: str | None,
    first: int | None,
    only: Path | None,
    dry_run: bool,
    yes: bool,
    cap_cost: str | None,
    cap_messages: int | None,
    a_week: int | None,
    suppress: Sequence[Path],
    replace: bool,
    machines: bool,
) -> None:
    """Run a plan live. It writes to real people, step by step, as their receipts come in.

    Says first whom it will contact and what that can cost at most, and waits for a yes. What it does is in the store:
    stop it with Ctrl-C, or let it be killed, and the same command goes on where it was. Whoever is in the store is not
    entered again, so the rest of a pilot's file may follow.
    """
    from cascadesim.cli.orders import Order
    from cascadesim.cli.sending import dry, live

    if out.as_json and not (yes or dry_run):
        raise click.UsageError("--json asks nobody: give --yes (and a cap), or --dry-run")
    if first is not None and only is not None:
        raise click.UsageError("--first and --only exclude each other")
    caps = (cap_messages, cap_cost, a_week)
    order = Order(plan, contacts, senders, store, name, first, only, yes, caps, tuple(suppress), replace, machines)
    (dry if dry_run else live)(out, order)
