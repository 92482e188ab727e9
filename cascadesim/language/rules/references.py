"""Every name that is mentioned must be defined."""

from __future__ import annotations

import dataclasses

from cascadesim.errors import Diagnostic
from cascadesim.language.mentions import mentions
from cascadesim.language.names import undefined
from cascadesim.language.resolve import Campaign
from cascadesim.language.statements import Faults, Kind
from cascadesim.model import chain as m
from cascadesim.model.channel import Channel
from cascadesim.model.message import Message
from cascadesim.model.model import Model
from cascadesim.model.rates import STATE_OF, VERB_OF, Rate
from cascadesim.model.segment import Headcount, Segment
from cascadesim.units import Share

_CODES: dict[Kind, str] = {"channel": "C030", "segment": "C020", "message": "C021", "chain": "C022"}
_FIRST: dict[Kind, str] = {
    "channel": "write a block for it: `channel` and its name, below it what it costs and how many open it",
    "segment": "write a block for it: `segment` and its name, below it how many people it has",
    "message": "write a block for it: `message` and its name, below it the `text`",
    "chain": "write a block for it: `chain` and its name, below it the steps",
}
"""What helps where nothing of the kind is defined."""


def with_stand_ins(model: Model, campaign: Campaign, faults: Faults) -> Model:
    """Notes the names that nothing defines; returns the model with a harmless stand-in for each."""
    unknown: dict[tuple[Kind, str], None] = {}
    for kind, name in mentions(model):
        if name not in campaign.defined[kind]:
            unknown[kind, name] = None
            faults.found.append(_undefined(campaign, kind, name))
    return dataclasses.replace(
        model,
        channels=model.channels + tuple(_channel(name) for kind, name in unknown if kind == "channel"),
        segments=model.segments + tuple(Segment(name, Headcount(1)) for kind, name in unknown if kind == "segment"),
        messages=model.messages + tuple(Message(name) for kind, name in unknown if kind == "message"),
        chains=model.chains + tuple(m.Chain(name, ()) for kind, name in unknown if kind == "chain"),
    )


def _undefined(campaign: Campaign, kind: Kind, name: str) -> Diagnostic:
    message, known = f"there is no {kind} {name}", campaign.defined[kind]
    file = campaign.elsewhere.get(name) if kind == "channel" else None
    if file is not None:
        return undefined("C024", name, message, known, f"{file} defines it: add it to the names in `use`")
    return undefined(_CODES[kind], name, message, known, None if known else _FIRST[kind])


def _channel(name: str) -> Channel:
    none = Share(0.0)
    return Channel(name, rates=tuple(Rate(verb, none, none) for verb in STATE_OF), reports=tuple(VERB_OF))
