"""One contact: an id and cells, and what the model reads from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cascadesim.model.model import Model

ID = "id"
SEGMENT = "segment"
ZONE = "time_zone"


class Cells(Mapping[str, str]):
    """One row's cells by column. The rows of a file share the columns, so a million of them fit in memory."""

    __slots__ = ("_places", "_values")

    def __init__(self, places: Mapping[str, int], values: tuple[str, ...]) -> None:
        self._places = places
        self._values = values

    def __getitem__(self, column: str) -> str:
        return self._values[self._places[column]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __repr__(self) -> str:
        return repr(dict(self))


@dataclass(frozen=True, slots=True)
class Contact:
    """A person of a contacts file: the id, and every column of the file with its cell.

    Cells are stripped of surrounding spaces; one that is missing or empty is "".
    """

    id: str
    cells: Mapping[str, str]


def reach_of(model: Model, contact: Contact) -> frozenset[str]:
    """The channels that reach the contact: those in whose column there is an address (S2)."""
    cells = contact.cells
    return frozenset(channel.name for channel in model.channels if cells.get(channel.column))


def zone_of(model: Model, segment: str, contact: Contact) -> str:
    """The contact's time zone: the one in their cell, else the segment's, else the scenario's (S1)."""
    return contact.cells.get(ZONE) or model.zone_of(segment)
