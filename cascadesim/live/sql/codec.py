"""Rows of the tables to the values of `cascadesim.live.rows`, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from cascadesim.cascade import Journey, Lane, Phase
from cascadesim.live.rows import (
    Appointment,
    Queue,
    Receipt,
    Recipient,
    Report,
    decode_journey,
    encode_journey,
)
from cascadesim.model.person import Person

Values = tuple[Any, ...]
"""A row's values in the order of its columns, as a statement takes them."""

_STATES = {phase: phase.name.lower() for phase in Phase}
_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_data = json.JSONDecoder().decode


MOVING = ("state", "step", "due_at", "queued_at", "due", "since", "journey", "appointments")
"""The columns that change while a recipient is on their way; the first three are there to be looked for."""


def moving(recipient: Recipient) -> Values:
    """Their values."""
    journey, appointments = recipient.journey, recipient.appointments
    shape = _shape_text(journey[:2] + journey[4:])
    return (
        _STATES[journey.phase], journey.last, recipient.due_at, recipient.queued_at, journey.due, journey.since, shape,
        _text(appointments) if appointments else "[]",
    )  # fmt: skip


def row_of(campaign: int, recipient: Recipient) -> Values:
    """The whole row of somebody who is new, whom nobody has claimed."""
    state, step, due_at, *rest = moving(recipient)
    key, person, route = recipient.key, recipient.person, recipient.route
    return campaign, key, person.place, route, state, step, due_at, 0, *rest, _person_text(person), person.id


def recipient_of(row: Sequence[Any], known: Mapping[str, tuple[Values, Recipient]]) -> Recipient:
    """The recipient of a row: the very one that is `known` to have had these columns, where there is one."""
    key, route, queued_at, due, since, shape, appointments, person = row
    found = known.get(key)
    if found is not None and found[0] == (queued_at, due, since, shape, appointments):
        return found[1]
    at, phase, *rest = _shape(shape)
    return Recipient(
        key,
        _person(person) if found is None else found[1].person,
        route,
        Journey(at, phase, due, since, *rest),
        queued_at,
        () if appointments == "[]" else tuple(Appointment(*each) for each in _data(appointments)),
    )


def queue_row(campaign: int, queue: Queue) -> Values:
    """A queue's row."""
    return campaign, queue.channel, *queue.lane, queue.head, queue.gone, queue.entered


def queue_of(row: Sequence[Any]) -> Queue:
    """The queue of a row."""
    channel, began, used, head, gone, entered = row
    return Queue(channel, Lane(began, used), head, gone, entered)


def event_row(campaign: int, report: Report) -> Values:
    """A report's row: a receipt is of an attempt, an outside event of a recipient."""
    if isinstance(report, Receipt):
        return campaign, report.id, report.message, None, report.state, report.at
    return campaign, report.id, None, report.recipient, report.event, report.at


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
