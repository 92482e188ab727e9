"""Every name that is mentioned must be defined."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from cascadesim.language.names import suggestion
from cascadesim.language.resolve import Campaign
from cascadesim.language.statements import Faults, Kind, place
from cascadesim.model import chain as m
from cascadesim.model.channel import Channel
from cascadesim.model.message import Content, Message
from cascadesim.model.model import Model
from cascadesim.model.question import EACH, Keep, NeverAfter, Question, Repeat
from cascadesim.model.rates import STATE_OF, VERB_OF, Rate
from cascadesim.model.segment import Both, Headcount, OwnPrice, OwnRate, Segment
from cascadesim.units import Share

_CHANNELS: dict[type, tuple[str, ...]] = {
    m.Event: ("channel",),
    m.Send: ("channels",),
    m.Reachable: ("channel",),
    m.Reported: ("channel",),
    m.Undelivered: ("channel",),
    Content: ("channel",),
    OwnRate: ("channel",),
    OwnPrice: ("channel",),
    Both: ("one", "other"),
    Question: ("channels", "start_with", "end_with"),
    NeverAfter: ("channel", "after"),
    Repeat: ("channel",),
    Keep: ("channel",),
}
_SEGMENTS: dict[type, tuple[str, ...]] = {
    m.InSegment: ("names",),
    m.Chain: ("segments",),
    Question: ("segments",),
    Keep: ("of",),
}
_MESSAGES: dict[type, tuple[str, ...]] = {m.Saying: ("message",)}
_CHAINS: dict[type, tuple[str, ...]] = {Question: ("compare",)}
_MENTIONS: dict[Kind, dict[type, tuple[str, ...]]] = {
    "channel": _CHANNELS,
    "segment": _SEGMENTS,
    "message": _MESSAGES,
    "chain": _CHAINS,
}
"""The fields of the model that hold names, by what they are names of."""


def with_stand_ins(model: Model, campaign: Campaign, faults: Faults) -> Model:
    """Notes the names that nothing defines; returns the model with a harmless stand-in for each."""
    unknown: dict[tuple[Kind, str], None] = {}
    for kind, name in mentions(model):
        if name not in campaign.defined[kind]:
            unknown[kind, name] = None
            faults.error("C030", place(name), f"there is no {kind} {name}", _hint(campaign, kind, name))
    return dataclasses.replace(
        model,
        channels=model.channels + tuple(_channel(name) for kind, name in unknown if kind == "channel"),
        segments=model.segments + tuple(Segment(name, Headcount(1)) for kind, name in unknown if kind == "segment"),
        messages=model.messages + tuple(Message(name) for kind, name in unknown if kind == "message"),
        chains=model.chains + tuple(m.Chain(name, ()) for kind, name in unknown if kind == "chain"),
    )


def mentions(value: Any) -> Iterator[tuple[Kind, str]]:
    """Every name that a value or anything in it mentions, in order, with what it is a name of."""
    if isinstance(value, tuple):
        for item in value:
            yield from mentions(item)
    elif dataclasses.is_dataclass(value):
        for kind, fields in _MENTIONS.items():
            for name in fields.get(type(value), ()):
                yield from ((kind, found) for found in _names(getattr(value, name)))
        for field in dataclasses.fields(value):
            yield from mentions(getattr(value, field.name))


def _names(value: Any) -> tuple[str, ...]:
    if value is None or value == EACH:
        return ()
    return value if isinstance(value, tuple) else (value,)


def _hint(campaign: Campaign, kind: Kind, name: str) -> str | None:
    file = campaign.elsewhere.get(name) if kind == "channel" else None
    if file is not None:
        return f"{file} defines it: add it to the names in `use`"
    return suggestion(name, campaign.defined[kind])


def _channel(name: str) -> Channel:
    none = Share(0.0)
    return Channel(name, rates=tuple(Rate(verb, none, none) for verb in STATE_OF), reports=tuple(VERB_OF))
