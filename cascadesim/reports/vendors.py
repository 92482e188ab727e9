"""Who can express what: vendors that run a cascade themselves, beside the channels and rules of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from cascadesim.model.rates import State
from cascadesim.reports import tables
from cascadesim.senders.capabilities import Capability, Kind, VendorChannel

_ANY = "any"
_UNTIL: dict[State, str] = {"opened": "until read", "delivered": "until it arrives", "replied": "until a reply"}
_YES = {True: "yes", False: "no"}


def matrix_report(capabilities: Iterable[Capability]) -> Iterator[RenderableType]:
    """Two tables: the channels that each vendor has, and what a cascade can be there."""
    all_of_them = tuple(capabilities)
    channels = tables.table("vendor", *_UNTIL.values(), "last step only", left=2 + len(_UNTIL))
    for one in all_of_them:
        channels.add_row(one.vendor, *(", ".join(_waited_for(one, until)) or "-" for until in (*_UNTIL, None)))
    rules = tables.table("vendor", "time-out", "a channel twice", "at once", "if, split", "late reports", left=6)
    for one in all_of_them:
        words = (_YES[is_so] for is_so in (one.repeats, one.parallel, one.structure, one.hears_late))
        rules.add_row(one.vendor, _waits(one), *words)
    channels.columns[0].no_wrap = rules.columns[0].no_wrap = True
    yield tables.titled("Until when a message on a channel is waited for", channels)
    yield tables.titled("What a cascade can be", rules)
    yield Text(
        "Late reports: whether an earlier message still stops the cascade in a later wait. "
        "`cascadesim export PLAN --to VENDOR` says what becomes of a plan, step by step, and what it costs.",
        tables.QUIET,
    )


def matrix_json(capabilities: Iterable[Capability]) -> dict[str, Any]:
    """The same as data; durations are in seconds."""
    return {"vendors": [_vendor_json(capability) for capability in capabilities]}


def _vendor_json(one: Capability) -> dict[str, Any]:
    return {
        "vendor": one.vendor,
        "stops_on": list(one.stops_on),
        "shortest_wait": one.shortest_wait.seconds,
        "longest_wait": one.longest_wait.seconds,
        "addresses": one.addressing,
        "repeats": one.repeats,
        "at_once": one.parallel,
        "structure": one.structure,
        "hears_late": one.hears_late,
        "expires": one.expires,
        "channels": [_channel_json(one, kind, there) for kind, there in one.channels.items() if there.address],
    }


def _channel_json(one: Capability, kind: Kind, there: VendorChannel) -> dict[str, Any]:
    shortest, longest = one.bounds(there)
    return {
        "channel": kind,
        "name": there.name,
        "address": there.address,
        "until": None if not there.waits else _until(one, there),
        "shortest_wait": shortest.seconds if there.waits else None,
        "longest_wait": longest.seconds if there.waits else None,
        "carries": sorted(there.carries),
        "longest_text": there.longest_text,
    }


def _until(one: Capability, there: VendorChannel) -> State | None:
    """The latest state that can end a wait on the channel."""
    return next((state for state in reversed(one.stops_on) if state in there.learns), None)


def _waited_for(one: Capability, until: State | None) -> list[str]:
    """The channels on which a message is waited for until it is in the state; None: those that nothing can follow."""
    if one.structure:
        return [_ANY]
    reachable = {kind: there for kind, there in one.channels.items() if there.address}
    return [kind for kind, there in reachable.items() if (_until(one, there) if there.waits else None) == until]


def _waits(one: Capability) -> str:
    if one.structure:
        return _ANY
    bounds = [one.bounds(there) for there in one.channels.values() if there.address and there.waits]
    return f"{min(low for low, _ in bounds)} to {max(high for _, high in bounds)}"
