"""Orders to a campaign that runs: pause, resume, cancel, enter, stop, forget, and hearing receipts alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascadesim.cli.job import Job
from cascadesim.cli.options import PATH
from cascadesim.cli.output import Output
from cascadesim.cli.stores import held, opened, store_options
from cascadesim.errors import RefusedError

if TYPE_CHECKING:
    from cascadesim.live.control import Course


@click.command(cls=Job)
@store_options
@click.pass_obj
def pause(out: Output, store: str, name: str | None) -> None:
    """Pause a campaign. Nothing more goes out until it is resumed; receipts are heard."""
    _steer(out, store, name, "paused", "paused: at most a batch that was in hand still goes out")


@click.command(cls=Job)
@store_options
@click.pass_obj
def resume(out: Output, store: str, name: str | None) -> None:
    """Let a paused campaign go on."""
    _steer(out, store, name, "running", "running again: `cascadesim send` works on it, if it does not already")


@click.command(cls=Job)
@store_options
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def cancel(out: Output, store: str, name: str | None, yes: bool) -> None:
    """Cancel a campaign for good. Nothing more goes out, ever."""
    if not yes:
        answer = click.prompt("Type yes to cancel it for good", default="no", show_default=False)
        if str(answer).strip().lower() != "yes":
            raise RefusedError("nothing was changed: it takes the word yes")
    _steer(out, store, name, "cancelled", "cancelled: at most a batch that was in hand still goes out")


@click.command(cls=Job)
@click.argument("file", type=PATH)
@store_options
@click.option("--senders", type=PATH, metavar="FILE", help="senders.toml, to see which addresses can be.")
@click.pass_obj
def enter(out: Output, file: Path, store: str, name: str | None, senders: Path | None) -> None:
    """Enter people into a campaign. The file has the columns id, chain, event, and those of contacts."""
    from cascadesim.cli.plans import excluded_of
    from cascadesim.live.order_files import carry_out, read_entries
    from cascadesim.live.senders import read_senders_file

    with opened(store, name) as (rows, office):
        one = held(rows, office)
        how = None if senders is None else read_senders_file(senders, one.plan.model)
        door = one.door(excluded_of(one.plan, file.parent), how)
        entries = read_entries(file, door, max(0, one.clock.now()))
        taken = carry_out(one.intake(), entries)
        office.note(f"{taken['new']} people entered")
    out.say(f"{taken['new']:,} entered; {taken['known']:,} were there before.")
    out.document({"entered": taken["new"], "known": taken["known"], "unknown": taken["unknown"]})


@click.command(cls=Job)
@click.argument("file", type=PATH)
@store_options
@click.pass_obj
def stop(out: Output, file: Path, store: str, name: str | None) -> None:
    """Stop people. The file has the columns id and reason (converted, unsubscribed); they get nothing more."""
    from cascadesim.live.order_files import carry_out, read_stops

    with opened(store, name) as (rows, office):
        one = held(rows, office)
        taken = carry_out(one.intake(), read_stops(file, max(0, one.clock.now())))
        office.note(f"{taken['new']} people stopped")
    out.say(
        f"{taken['new']:,} stopped; {taken['known']:,} had been stopped before; {taken['unknown']:,} are not in the"
        " campaign, and would be stopped if they came."
    )
    out.document({"stopped": taken["new"], "known": taken["known"], "unknown": taken["unknown"]})


@click.command(cls=Job)
@click.argument("mails", type=PATH)
@click.option("--channel", default="email", show_default=True, metavar="NAME", help="The channel of the mails.")
@store_options
@click.pass_obj
def bounces(out: Output, mails: Path, channel: str, store: str, name: str | None) -> None:
    """Read the mails that came back. MAILS is a Maildir, an mbox file, or .eml files; they count as failed.

    May be done again and again over the same mails: each bounce counts once.
    """
    from cascadesim.live.order_files import carry_out
    from cascadesim.live.receipts.bounces import read_bounces

    with opened(store, name) as (rows, office):
        one = held(rows, office)
        taken = carry_out(one.intake(), read_bounces(mails, channel, max(0, one.clock.now())))
    out.say(
        f"{taken['new']:,} bounces; {taken['known']:,} were known; {taken['unknown']:,} of no message of the campaign."
    )
    out.document({"bounces": taken["new"], "known": taken["known"], "unknown": taken["unknown"]})


@click.command(cls=Job)
@click.argument("person")
@store_options
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def forget(out: Output, person: str, store: str, name: str | None, yes: bool) -> None:
    """Erase a person, by id. Addresses, messages and receipts go, in all campaigns of the store, for ever."""
    from cascadesim.live.intake import Stop
    from cascadesim.live.sql import Office, SqlStore
    from cascadesim.live.sql.forgetting import forget as erase

    if not yes:
        answer = click.prompt(f"Type yes to erase {person} for good", default="no", show_default=False)
        if str(answer).strip().lower() != "yes":
            raise RefusedError("nothing was changed: it takes the word yes")
    with opened(store, name) as (rows, _):
        for campaign, _, _ in rows.everywhere(person):
            there = SqlStore(rows.engine, rows.place, campaign)
            one = held(there, Office(there))
            one.intake().take([Stop(person, "unsubscribed", max(0, one.clock.now()))])  # nobody waits behind them
        campaigns = erase(rows, person)
    if not campaigns:
        out.say("There is nobody with this id; should somebody come, they are not entered.")
    else:
        out.say(f"Erased, from {campaigns:,} {'campaign' if campaigns == 1 else 'campaigns'}.")
    out.document({"campaigns": campaigns})


@click.command(cls=Job)
@click.option("--senders", required=True, type=PATH, metavar="FILE", help="senders.toml, with a table [listen].")
@store_options
@click.pass_obj
def listen(out: Output, senders: Path, store: str, name: str | None) -> None:
    """Hear what comes in, and send nothing. For several senders, or after the last message.

    Runs until Ctrl-C.
    """
    from cascadesim.cli.hearing import hear

    hear(out, senders, store, name)


def _steer(out: Output, store: str, name: str | None, course: Course, said: str) -> None:
    with opened(store, name) as (_, office):
        before = office.steer(course)
        about = office.about()
    if before == "cancelled" != course:
        raise RefusedError(f"the campaign {about.name} has been cancelled, and stays so")
    out.say(f"The campaign {about.name} is {said}.")
    out.document({"campaign": about.name, "course": about.course, "before": before})
