"""How a campaign stands, read from its store, beside the forecast for this moment."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascadesim.cli.job import Job
from cascadesim.cli.options import PATH
from cascadesim.cli.output import Output, is_watched
from cascadesim.cli.stores import Held, held, opened, store_options
from cascadesim.errors import CascadeError

if TYPE_CHECKING:
    from cascadesim.reports.beside import Forecast
    from cascadesim.reports.standing import Standing

_AGAIN = 5.0  # seconds between two looks


@click.command(cls=Job)
@store_options
@click.option("--watch", is_flag=True, help="Look again every few seconds, until Ctrl-C.")
@click.option("--quick", is_flag=True, help="Without the forecast, which takes a while for many people.")
@click.pass_obj
def status(out: Output, store: str, name: str | None, watch: bool, quick: bool) -> None:
    """Show a campaign beside the forecast for this very moment.

    A figure that has left what the plan's rates allow for is marked: then the rates are not what was believed.
    """
    if watch and (out.as_json or not is_watched(sys.stdout)):
        raise click.UsageError("--watch is for a terminal")
    while True:
        show_standing(out, store, name, "still", quick)
        if not watch:
            return
        time.sleep(_AGAIN)
        click.clear()


@click.command(cls=Job)
@store_options
@click.argument("target", type=PATH)
@click.pass_obj
def records(out: Output, store: str, name: str | None, target: Path) -> None:
    """Write a campaign's messages to a Parquet file. Its columns are those of `simulate --records`.

    What has not been reported is empty: of a channel without read receipts nobody knows who has opened.
    """
    from cascadesim.engines.records import RecordWriter
    from cascadesim.reports.live_records import live_records

    with opened(store, name) as (rows, office):
        one = held(rows, office)
        written = live_records(one.campaign, rows)
        with RecordWriter(target) as writer:
            writer.write(written)
    out.say(f"Written: {target}, {len(written):,} messages.")
    out.document({"records": len(written), "file": str(target)})


def show_standing(out: Output, store: str, name: str | None, ended: str | None, quick: bool = False) -> None:
    """Prints how the campaign stands; `ended` is why a run of it has just ended."""
    from cascadesim.reports.standing import standing_report

    with opened(store, name) as (rows, office):
        standing = _standing(held(rows, office), quick)
    out.show(*standing_report(standing, ended))
    out.document(standing.to_json() | ({} if ended == "still" else {"ended": ended or "finished"}))


def _standing(one: Held, quick: bool) -> Standing:
    from cascadesim.live.sql.history import counts
    from cascadesim.reports.beside import lines_of
    from cascadesim.reports.standing import Standing

    now, why, forecast = one.clock.now(), None, None
    if not quick:
        try:
            forecast = _forecast(one, now)
        except CascadeError as error:
            why = f"There is no forecast: {error}"
    first = sum(len(plan.routes()) for plan in one.plans[:-1])
    lines = lines_of(one.plan, counts(one.store), first, forecast)
    cost = one.campaign.total(one.store.spent())
    people, reports, log = one.office.counts(), one.store.reports, tuple(one.office.log())
    return Standing(one.office.about(), one.plan, now, people, lines, cost, reports, log, why)


def _forecast(one: Held, now: int) -> Forecast:
    from cascadesim.reports.beside import forecast_now

    mine = sum(len(plan.routes()) for plan in one.plans[:-1])
    people = (row.person for row in one.store.everybody() if row.route >= mine)
    return forecast_now(one.plan, people, now)
