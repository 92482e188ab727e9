"""One recipient, as drawn or as read from the contacts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Person:
    """A recipient of one replication.

    `number` counts the segment's people from 0 (contacts by id), `id` is how records name the person,
    `scope` and `counter` are what their random numbers are drawn by (S3), `entry` is in microseconds since
    the start, `place` ranks everybody (S2): who acts at the same time goes by it. `reach` holds the
    channels that reach them, `factor` multiplies open and answer rates. `columns` are a contact's cells.
    """

    segment: str
    number: int
    id: str
    scope: str
    counter: int
    entry: int
    place: int
    zone: str
    reach: frozenset[str]
    factor: float = 1.0
    columns: Mapping[str, str] = field(default_factory=dict)
