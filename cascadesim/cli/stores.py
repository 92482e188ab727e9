"""What commands need of a campaign in a store: options that name it, the store opened, the campaign put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cascadesim.errors import OutsideError

if TYPE_CHECKING:
    from cascadesim.live import Campaign
    from cascadesim.live.clock import HostClock
    from cascadesim.live.entering import Door
    from cascadesim.live.intake import Intake
    from cascadesim.live.senders import SendersFile
    from cascadesim.live.sql import Office, SqlStore
    from cascadesim.plan import Plan

store_option = click.option(
    "--store", default="campaign.db", show_default=True, metavar="STORE",
    help="The campaign's state: a file, or the URL of a PostgreSQL database.",
)  # fmt: skip
campaign_option = click.option("--campaign", "name", metavar="NAME", help="Which campaign of the store.")


def store_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--store` and `--campaign`."""
    return store_option(campaign_option(command))


@contextmanager
def opened(where: str, name: str | None) -> Iterator[tuple[SqlStore, Office]]:
    """The store of a campaign that is there, and its office."""
    from cascadesim.live.sql import Office, find_store

    store = find_store(where, name)
    try:
        yield store, Office(store)
    finally:
        store.close()


@dataclass(frozen=True)
class Held:
    """A campaign of a store, put together: its plans (the one in force last), and what drives it."""

    store: SqlStore
    office: Office
    plans: tuple[Plan, ...]
    began: int
    campaign: Campaign
    clock: HostClock

    @cached_property
    def plan(self) -> Plan:
        """The plan in force, as it is run: with the instant at which the campaign really began."""
        from cascadesim.live.assembly import dated

        return dated(self.plans[-1], self.began)

    def intake(self) -> Intake:
        """Where what comes in is taken."""
        from cascadesim.live.intake import Intake

        return Intake(self.campaign, self.store, self.clock)

    def door(self, excluded: Mapping[str, frozenset[str]] | None = None, senders: SendersFile | None = None) -> Door:
        """Where people enter; with the senders, whoever cannot be written to on a channel is not reached there."""
        from cascadesim.live.assembly import door_of
        from cascadesim.live.senders import Reachable, addressing_of

        tables = {} if senders is None else senders.channels
        channels = [c for c in self.plan.model.channels if c.name in tables]
        reachable = Reachable(addressing_of(channel, tables[channel.name]) for channel in channels)
        return door_of(self.plan, excluded, reachable.person)


def held(store: SqlStore, office: Office) -> Held:
    """The campaign of the store as it is now; one that has not begun, as it would be if it began now."""
    from cascadesim.live.assembly import campaign_of, start_of
    from cascadesim.live.clock import HostClock, unix_now
    from cascadesim.plan import parse_plan

    about = office.about()
    plans = tuple(parse_plan(document) for document in office.documents())
    began = about.began or start_of(plans[-1].model, unix_now())
    campaign = campaign_of(about.name, plans, began, about.plan)
    return Held(store, office, plans, began, campaign, HostClock(began, office.latest()))


def ids_in(path: Path) -> list[str]:
    """The ids in a file, one a line; OutsideError if it cannot be read."""
    try:
        return [line.strip() for line in path.read_text("utf-8-sig").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise OutsideError(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is not text'}") from error
