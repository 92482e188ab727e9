"""Who can express what: vendors that run a cascade themselves, beside the channels and rules of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, get_args

from rich.console import RenderableType
from rich.text import Text

from cascadesim.model.rates import State
from cascadesim.reports import tables
from cascadesim.senders.capabilities import Capability, Kind, VendorChannel

_ANY = "any"
_UNTIL: dict[State, str] = {"delivered": "arrives", "opened": "read", "replied": "reply"}
_YES = {True: "yes", False: "no"}


def matrix_report(capabilities: Iterable[Capability]) -> Iterator[RenderableType]:
    """Two tables: each channel at each vendor, and what a cascade can be there."""
    all_of_them = tuple(capabilities)
    names = tuple(capability.vendor for capability in all_of_them)
    channels = tables.table("channel", *names, left=1 + len(names))
    for kind in get_args(Kind):
        channels.add_row(kind, *(_cell(capability, kind) for capability in all_of_them))
    yield tables.titled("Until when a message on a channel is waited for", channels)
    rules = tables.table(
        "vendor", "time-out", "a channel twice", "two at once", "if, split", "earlier messages", left=6
    )
    for one in all_of_them:
        heard = "all the while" if one.hears_late else "in their own wait"
        rules.add_row(
            one.vendor, _waits(one), _YES[one.repeats], _YES[one.parallel], _YES[one.structure], f"count {heard}"
        )
    yield tables.titled("What a cascade can be", rules)
    yield Text(
        "`last`: it can only be the last step. `-`: not there, or a request has no field for its people. "
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


def _cell(one: Capability, kind: Kind) -> str:
    if one.structure:
        return _ANY
    there = one.channels.get(kind)
    if there is None or there.address is None:
        return "-"
    until = _until(one, there)
    return "last" if not there.waits else "-" if until is None else _UNTIL[until]


def _waits(one: Capability) -> str:
    if one.structure:
        return _ANY
    bounds = [one.bounds(there) for there in one.channels.values() if there.address and there.waits]
    return f"{min(low for low, _ in bounds)} to {max(high for _, high in bounds)}"
