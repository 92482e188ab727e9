"""Rows of the tables to the values of `cascadesim.live.rows`, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cascadesim.cascade import Lane
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

_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_data = json.JSONDecoder().decode


def standing_of(recipient: Recipient) -> Values:
    """What changes in a recipient's row while they are on their way."""
    journey = recipient.journey
    return {
        "state": journey.phase.name.lower(),
        "step": journey.last,
        "due_at": recipient.due_at,
        "queued_at": recipient.queued_at,
        "journey": _text(encode_journey(journey)),
        "appointments": _text(recipient.appointments) if recipient.appointments else "[]",
    }


def row_of(campaign: int, recipient: Recipient) -> Values:
    """The whole row of somebody who is new."""
    return {
        "campaign": campaign,
        "key": recipient.key,
        "place": recipient.person.place,
        "route": recipient.route,
        "person": _person_text(recipient.person),
        **standing_of(recipient),
    }


def recipient_of(row: Sequence[Any], known: Mapping[str, tuple[Any, Recipient]]) -> Recipient:
    """The recipient of a row: the very one that is `known` to have had these columns, where there is one."""
    key, route, queued_at, journey, appointments, person = row
    found = known.get(key)
    if found is not None and found[0] == (queued_at, journey, appointments):
        return found[1]
    return Recipient(
        key,
        _person(person) if found is None else found[1].person,
        route,
        decode_journey(_data(journey)),
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
