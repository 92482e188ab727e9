"""One contact: an id and cells, and what the model reads from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cascadesim.model.model import Model

ID = "id"
SEGMENT = "segment"
ZONE = "time_zone"

_POOL = 10_000  # different texts of a column


class Cells(Mapping[str, str]):
    """One row's cells by column. The rows of a file share the columns, so that a million of them fit in memory."""

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


class Pool:
    """Keeps the texts that recur in a column once, not once a row: towns and tiers, in rows that stay in memory.

    A column with too many different texts (addresses) is given up: it would fill the pool for nothing.
    """

    def __init__(self, columns: int) -> None:
        self._known: dict[int, dict[str, str]] = {place: {} for place in range(columns)}

    def shared(self, values: tuple[str, ...]) -> tuple[str, ...]:
        """The same texts; those that came before in their column are the same objects."""
        texts, full = list(values), None
        for place, known in self._known.items():
            texts[place] = known.setdefault(texts[place], texts[place])
            if len(known) > _POOL:
                full = place
        if full is not None:
            del self._known[full]
        return tuple(texts)


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
