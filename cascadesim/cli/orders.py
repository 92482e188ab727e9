"""What `cascadesim send` is asked to do, and what is read of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascadesim.cli.output import Output
from cascadesim.cli.stores import ids_in

if TYPE_CHECKING:
    from cascadesim.live import Caps
    from cascadesim.live.entering import Door
    from cascadesim.live.roll import Roll
    from cascadesim.live.senders import Reachable, SendersFile
    from cascadesim.plan import Plan


@dataclass(frozen=True)
class Order:
    """What is asked for, and what is read of it."""

    plan_file: Path
    contacts: Path | None
    senders_file: Path
    store: str
    campaign: str | None
    first: int | None
    only: Path | None
    is_confirmed: bool
    caps_asked: tuple[int | None, str | None, int | None]
    suppress: tuple[Path, ...]
    replaces: bool
    is_machine: bool

    @cached_property
    def plan(self) -> Plan:
        """The plan."""
        from cascadesim.plan import read_plan

        return read_plan(self.plan_file)

    @cached_property
    def senders(self) -> SendersFile:
        """How each channel is sent: all that the plan uses have a sender."""
        from cascadesim.live.senders import read_senders_file

        used = {channel for route in self.plan.routes() for channel in route.chain.channels}
        return read_senders_file(self.senders_file, self.plan.model, used)

    @property
    def name(self) -> str:
        """The campaign's name: the one given, else the scenario's, else the plan file's."""
        return self.campaign or self.plan.model.scenario.title or self.plan_file.stem

    def caps(self, before: Caps) -> Caps:
        """The caps that are asked for; what is not asked stays as it was."""
        from cascadesim.live import Caps

        messages, cost, a_week = self.caps_asked
        billionths = None if cost is None else _billionths(cost, self.plan.model.scenario.currency)
        asked = Caps(messages, billionths, a_week)
        return Caps(*(new if new is not None else old for new, old in zip(asked, before, strict=True)))

    def caps_now(self) -> Caps:
        """The caps that are asked for."""
        from cascadesim.live import Caps

        return self.caps(Caps())

    @cached_property
    def reachable(self) -> Reachable:
        """Whom each channel can write to."""
        from cascadesim.live.senders import Reachable, addressing_of

        channels = [c for c in self.plan.model.channels if c.name in self.senders.channels]
        return Reachable(addressing_of(channel, self.senders.channels[channel.name]) for channel in channels)

    def roll(self, door: Door, now: int) -> Roll | None:
        """The people of the contacts file who are to enter; None if none is given."""
        from cascadesim.live.roll import Roll

        if self.contacts is None:
            return None
        only = None if self.only is None else ids_in(self.only)
        return Roll(self.contacts, door, now, first=self.first, only=only)

    @cached_property
    def excluded(self) -> dict[str, frozenset[str]]:
        """Who has opted out, by segment: the plan's `except` files lie beside the contacts."""
        from cascadesim.cli.plans import excluded_of

        return excluded_of(self.plan, (self.contacts or self.plan_file).parent)

    def door(self, out: Output) -> Door:
        """Where people enter; warns if the contacts are not those of the plan."""
        from cascadesim.cli.plans import tell_changes
        from cascadesim.live.assembly import door_of

        if self.contacts is not None:
            tell_changes(out, self.plan, self.contacts.parent, self.contacts)
        return door_of(self.plan, self.excluded, self.reachable.person)


def _billionths(amount: str, currency: str) -> int:
    from cascadesim.units import Money

    try:
        money = Money.parse(amount if not amount.replace(".", "").isdigit() else f"{amount} {currency}")
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--cap-cost") from None
    if money.currency != currency:
        raise click.BadParameter(f"the plan counts in {currency}, not in {money.currency}", param_hint="--cap-cost")
    return money.billionths
