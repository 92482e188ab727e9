"""Which names a value of the model mentions."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from cascadesim.language.statements import Kind
from cascadesim.model import chain as m
from cascadesim.model.message import Content
from cascadesim.model.question import EACH, Keep, NeverAfter, Question, Repeat
from cascadesim.model.segment import Both, OwnPrice, OwnRate

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
