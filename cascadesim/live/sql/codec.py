"""Rows of the tables to the values of `cascadesim.live.rows`, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from cascadesim.cascade import Journey, Lane, Phase
from cascadesim.live.rows import (
    Appointment,
    Message,
    Queue,
    Receipt,
    Recipient,
    Report,
    decode_journey,
    encode_journey,
)
from cascadesim.model.person import Person

Values = dict[str, Any]
"""A row's values by their columns, as a statement takes them."""

_STATES = {phase: phase.name.lower() for phase in Phase}
_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_data = json.JSONDecoder().decode


def standing_of(recipient: Recipient) -> Values:
    """What changes in a recipient's row while they are on their way."""
    journey = recipient.journey
    return {
        "state": _STATES[journey.phase],
        "step": journey.last,
        "due_at": recipient.due_at,
        "queued_at": recipient.queued_at,
        "due": journey.due,
        "since": journey.since,
        "journey": _shape_text(journey[:2] + journey[4:]),
        "appointments": _text(recipient.appointments) if recipient.appointments else "[]",
    }


MOVING = ("queued_at", "due", "since", "journey", "appointments")
"""The columns that a recipient on their way is made of."""


def row_of(campaign: int, recipient: Recipient) -> Values:
    """The whole row of somebody who is new."""
    return {
        "campaign": campaign,
        "key": recipient.key,
        "place": recipient.person.place,
        "route": recipient.route,
        "person": _person_text(recipient.person),
        "lease_until": 0,
        **standing_of(recipient),
    }


def recipient_of(row: Sequence[Any], known: Mapping[str, tuple[list[Any], Recipient]]) -> Recipient:
    """The recipient of a row: the very one that is `known` to have had these columns, where there is one."""
    key, route, *columns, person = row
    found = known.get(key)
    if found is not None and found[0] == columns:
        return found[1]
    queued_at, due, since, shape, appointments = columns
    at, phase, *rest = _shape(shape)
    return Recipient(
        key,
        _person(person) if found is None else found[1].person,
        route,
        Journey(at, phase, due, since, *rest),
        queued_at,
        () if appointments == "[]" else tuple(Appointment(*each) for each in _data(appointments)),
    )


def message_values(campaign: int, message: Message) -> Values:
    """An attempt's row."""
    return {
        "campaign": campaign, "key": message.key, "recipient": message.recipient, "step": message.step,
        "channel": message.channel, "attempt": message.attempt, "queued_at": message.queued_at,
        "sent_at": message.sent_at, "state": message.state, "reference": message.reference,
    }  # fmt: skip


def queue_values(campaign: int, queue: Queue) -> Values:
    """A queue's row."""
    values = {"campaign": campaign, **queue._asdict(), **queue.lane._asdict()}
    del values["lane"]
    return values


def queue_of(row: Sequence[Any]) -> Queue:
    """The queue of a row."""
    channel, began, used, head, gone, entered = row
    return Queue(channel, Lane(began, used), head, gone, entered)


def event_values(campaign: int, report: Report) -> Values:
    """A report's row: a receipt is of an attempt, an outside event of a recipient."""
    if isinstance(report, Receipt):
        of = {"attempt": report.message, "recipient": None, "what": report.state}
    else:
        of = {"attempt": None, "recipient": report.recipient, "what": report.event}
    return {"campaign": campaign, "id": report.id, "at": report.at, **of}


# Many people are at the same place of the same chain and have been told the same: their journeys differ in instants.


@lru_cache(maxsize=10_000)
def _shape_text(shape: tuple[Any, ...]) -> str:
    at, phase, *rest = shape
    data = encode_journey(Journey(at, phase, None, 0, *rest))
    return _text({name: value for name, value in data.items() if name not in ("due", "since")})


@lru_cache(maxsize=10_000)
def _shape(text: str) -> tuple[Any, ...]:
    journey = decode_journey({**_data(text), "due": None, "since": 0})
    return journey[:2] + journey[4:]


def _person_text(person: Person) -> str:
    return _text(
        [
            person.segment, person.number, person.id, person.scope, person.counter, person.entry, person.place,
            person.zone, sorted(person.reach), person.factor, dict(person.columns),
        ]
    )  # fmt: skip


def _person(text: str) -> Person:
    segment, number, id_, scope, counter, entry, place, zone, reach, factor, columns = _data(text)
    return Person(segment, number, id_, scope, counter, entry, place, zone, frozenset(reach), factor, columns)
