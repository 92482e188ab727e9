"""What is said before a campaign sends: whom it will contact, what goes out first, what it can cost at most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.text import Text

from cascadesim.live import Caps
from cascadesim.live.census import Census
from cascadesim.live.rendering import Rendering
from cascadesim.live.senders import SendersFile
from cascadesim.model.prices import campaign_total
from cascadesim.plan import Plan
from cascadesim.reports import tables, words
from cascadesim.units import BILLION

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHOWN = 200


@dataclass(frozen=True)
class Before:
    """What is known before anything goes out: the plan, when it begins (Unix microseconds), who would enter.

    `there` are already in the store, `elsewhere` are in no segment of the plan, `unreachable` counts by channel those
    whose address cannot be one.
    """

    plan: Plan
    began: int
    census: Census
    there: int
    elsewhere: int
    unreachable: Mapping[str, int]
    caps: Caps

    @property
    def most(self) -> float:
        """What the newcomers can cost at most, fees included, in units of the currency."""
        channels = {channel for route in self.plan.routes() for channel in route.chain.channels}
        costs = dict.fromkeys(sorted(channels), 0) | {c: spent.cost for c, spent in self.census.most.items()}
        return campaign_total(self.plan.model, costs) / BILLION

    def reading(self, instant: int) -> str:
        """The wall clock of the scenario's zone at that instant."""
        zone = self.plan.model.scenario.zone
        at = (_EPOCH + timedelta(microseconds=self.began + instant)).astimezone(ZoneInfo(zone))
        return f"{at:%Y-%m-%d %H:%M} {zone}"

    def to_json(self) -> dict[str, Any]:
        """As data."""
        census = self.census
        return {
            "people": census.people,
            "segments": [{"segment": name, "people": count} for name, count in sorted(census.segments.items())],
            "already_there": self.there,
            "in_no_segment": self.elsewhere,
            "unreachable": [{"channel": name, "people": count} for name, count in sorted(self.unreachable.items())],
            "first": [{"channel": name, "people": count} for name, count in sorted(census.first.items())],
            "later": census.later,
            "reached_by_nothing": census.nothing,
            "most_messages": census.most_messages,
            "most_cost": self.most,
        }


def before_report(before: Before, name: str, store: str, senders: SendersFile) -> Iterator[RenderableType]:
    """The page that somebody reads before they type yes."""
    yield Text.assemble((f"The campaign {name}", "bold"), f", kept in {store}")
    yield _facts(before)
    made = tables.table("channel", "sender", "first messages", "at most", "costing at most", left=2)
    currency = before.plan.model.scenario.currency
    for channel, table in senders.channels.items():
        most = before.census.most.get(channel)
        first = before.census.first[channel]
        if most is not None or first:
            figures = (0, 0) if most is None else most
            money = words.money(figures[1] / BILLION, currency)
            made.add_row(channel, table.sender, words.count(first), words.count(figures[0]), money)
    if made.row_count:
        yield tables.titled("What would go out", made)


def dry_report(before: Before, rendering: Rendering) -> Iterator[RenderableType]:
    """The same, with a first text of every step, and whom nothing can be written to."""
    yield Text("A dry run: nothing is sent, and nothing is written to a store.", "bold")
    yield _facts(before)
    for (route, step, channel), rendered in sorted(rendering.steps.items()):
        people = words.plural(rendered.people, "person", "people")
        title = f"{rendering.chain_of(route)}, step {step} on {channel}: {people}"
        subject = "" if rendered.subject is None else f"{rendered.subject}\n"
        said = "nothing could be written" if rendered.text is None else subject + _beginning(rendered.text)
        yield Group(Text(title, "bold"), Text(said))
        if rendered.unwritten.count:
            first = rendered.unwritten.examples[0]
            yield Text(f"{rendered.unwritten.count:,} cannot be written, {first.id} first: {first.detail}", tables.BAD)


def _facts(before: Before) -> Group:
    census, currency = before.census, before.plan.model.scenario.currency
    lines: list[Text] = []

    def say(what: str, said: str, style: str = "") -> None:
        lines.append(Text.assemble((f"{what:<16}", tables.QUIET), (said, style)))

    say("people", _people(before))
    if census.first_at is not None:
        say("first message", f"{before.reading(census.first_at)} at the earliest")
    if census.later:
        say("", f"{census.later:,} of them wait before their first step")
    if census.nothing:
        say("", f"{census.nothing:,} of them are reached by no channel of their chain: nothing is sent")
    for channel, count in sorted(before.unreachable.items()):
        say(
            "unreachable",
            f"{words.plural(count, 'address', 'addresses')} for {channel} that cannot be",
        )
    if census.people:
        say("at most", f"{census.most_messages:,} messages, {words.money(before.most, currency)}", "bold")
        say("", "if nobody ever reacts, each message counted as dear as it can be")
    say("caps", _caps(before.caps, currency))
    return Group(*lines)


def _people(before: Before) -> str:
    census = before.census
    parts = [f"{census.people:,} enter"]
    if len(census.segments) > 1:
        parts[0] += f" ({', '.join(f'{name} {count:,}' for name, count in sorted(census.segments.items()))})"
    if before.there:
        parts.append(f"{before.there:,} are there already and go on")
    if before.elsewhere:
        parts.append(f"{before.elsewhere:,} of the file are in no segment of the plan")
    return "; ".join(parts)


def _caps(caps: Caps, currency: str) -> str:
    said: Sequence[str | None] = (
        None if caps.messages is None else words.plural(caps.messages, "message"),
        None if caps.cost is None else words.money(caps.cost / BILLION, currency),
        None if caps.a_week is None else f"{caps.a_week} a week to one person",
    )
    return ", ".join(filter(None, said)) or "none"


def _beginning(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN].rstrip()} ..."
