"""The people of a case, drawn in bulk: as `cascadesim.draws.people` draws them, as arrays (S2, S3, S4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, groupby
from typing import Any

import numpy as np

from cascadesim.contacts import Contact, zone_of
from cascadesim.draws.kinds import kinds
from cascadesim.draws.reach import Reach
from cascadesim.draws.streams import id_counter, key
from cascadesim.engines.compiled.crowds import arrive, draw_kind, draw_lots, draw_reach, merge
from cascadesim.engines.compiled.layout import PERSON, Array, People
from cascadesim.model.chain import If, Reachable, Route, leaves
from cascadesim.model.content import parts_of
from cascadesim.model.model import Model
from cascadesim.model.segment import Contacts, Headcount

_TIED = np.dtype([("k0", np.int64), ("k1", np.int64), ("bit", np.int64)], align=True)
_Key = tuple[int, int]
Personal = Sequence[tuple[Route, int, str]]
"""(route, step, channel) of the texts whose parts depend on the contact."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """How one segment's people of a case are drawn, any range of them by itself.

    `size` is their number, None for arrivals, of whom each replication has its own. `groups` are channels tied
    together with their chances, `ladder` the upper ends of the kinds, `routes` (place, reach as bits or None, share) of
    each that the segment's people may follow, `columns` how many of parts there are. What is known of contacts is in
    arrays, one entry a contact.
    """

    segment: int
    segments: int
    size: int | None
    zone: int
    kind: _Key
    ladder: Array
    lot: _Key
    routes: tuple[tuple[int, int | None, float], ...]
    columns: int
    groups: tuple[tuple[Array, Array], ...] = ()
    arrival: tuple[int, int, float, int] | None = None
    counters: Array | None = None
    reach: Array | None = None
    zones: Array | None = None
    parts: Array | None = None

    def entries(self, replication: int) -> Array:
        """When each person enters; empty if all do at the start."""
        if self.arrival is None:
            return np.empty(0, np.int64)
        k0, k1, mean, lasting = self.arrival
        found, number = np.empty(1024, np.int64), 0
        while number == 0 or found[number - 1] < lasting:
            found = np.concatenate((found[:number], np.empty(2 * number + 1024, np.int64)))
            number = arrive(k0, k1, replication, mean, lasting, found, number)
        return found[: number - 1]

    def count(self, entries: Array) -> int:
        """How many people there are, whose entries these are."""
        return len(entries) if self.size is None else self.size

    def draw(self, first: int, beyond: int, replication: int, entries: Array, who: Array | None = None) -> People:
        """The people from number `first` up to `beyond`, in `who` if it is given; `entries` is of all of them."""
        many, part = beyond - first, slice(first, beyond)
        counters = np.empty(0, np.int64) if self.counters is None else self.counters[part]
        shift = np.zeros(self.segments, np.int64)
        shift[self.segment] = first
        reach = np.zeros(many, np.int64) if self.reach is None else self.reach[part]
        for channels, chances in self.groups if self.reach is None else ():
            draw_reach(channels, chances, counters, first, replication, reach)
        kind = np.zeros(many if len(self.ladder) > 1 else 0, np.int16)
        if len(kind):
            draw_kind(*self.kind, self.ladder, counters, first, replication, kind)
        who = np.empty(many, PERSON) if who is None else who
        who["reach"], who["route"] = reach, self._routes(reach, counters, first, replication)
        who["zone"] = self.zone if self.zones is None else self.zones[part]
        who["kind"] = kind if len(kind) else 0
        parts = np.zeros((many, self.columns), np.int32) if self.parts is None else self.parts[part]
        return People(who, entries[part], counters, parts, shift)

    def _routes(self, reach: Array, counters: Array, first: int, replication: int) -> Array:
        """Which route each follows (`cascadesim.cascade.choose`); -1 is none."""
        found = np.full(len(reach), -1, np.int32)
        named = 0
        for _, mask, _ in self.routes:
            named |= mask or 0
        patterns = reach & named
        for pattern in np.unique(patterns).tolist() if named else [0]:
            here = patterns == pattern if named else slice(None)
            fitting = [(place, share) for place, mask, share in self.routes if mask is None or mask == pattern]
            if len(fitting) == 1:
                found[here] = fitting[0][0]
            elif fitting:
                lots = np.empty(len(reach), np.float64)
                draw_lots(*self.lot, counters, first, replication, lots)
                ends = np.array(list(accumulate(share for _, share in fitting)))
                chosen = np.minimum(np.searchsorted(ends, lots[here], side="right"), len(fitting) - 1)
                found[here] = np.array([place for place, _ in fitting], np.int32)[chosen]
        return found


def crowds(
    model: Model,
    routes: Sequence[Route],
    bits: Mapping[str, int],
    zones: Sequence[str],
    personal: Personal,
    contacts: Mapping[str, Sequence[Contact]],
) -> Iterator[Crowd]:
    """The crowds of a case's segments, by name; `bits` are the channels', `personal` the columns of contacts' parts."""
    places = sorted(range(len(routes)), key=lambda place: routes[place].segment)
    by_segment = [list(some) for _, some in groupby(places, key=lambda place: routes[place].segment)]
    for number, mine in enumerate(by_segment):
        name = routes[mine[0]].segment
        segment, seed = model.segment(name), model.scenario.seed
        about: dict[str, Any] = {
            "segment": number,
            "segments": len(by_segment),
            "zone": zones.index(model.zone_of(name)),
            "kind": key(seed, segment.scope, "", "kind"),
            "ladder": np.array(list(accumulate(share for _, share, _ in kinds(segment)))),
            "lot": key(seed, segment.scope, "", "plan"),
            "routes": tuple((place, _mask(routes[place].reach, bits), float(routes[place].share)) for place in mine),
            "columns": len(personal),
        }
        if isinstance(segment.people, Contacts):
            yield Crowd(**about, **_known(model, name, contacts[name], bits, zones, personal))
            continue
        about["groups"] = tuple(_groups(model, name, bits, set(_asked(routes[place] for place in mine))))
        if isinstance(segment.people, Headcount):
            yield Crowd(**about, size=segment.people.count)
        else:
            mean = segment.people.per / segment.people.count
            stream = key(seed, segment.scope, "", "arrival")
            yield Crowd(**about, size=None, arrival=(*stream, mean, int(segment.people.lasting)))


def _mask(reach: Sequence[str] | None, bits: Mapping[str, int]) -> int | None:
    return None if reach is None else sum(bits[c] for c in reach)


def everybody(crowds: Sequence[Crowd], replication: int) -> tuple[People, Array, Array]:
    """The people of all crowds, one after the other; their order by place, and how many there are of each.

    The order (S2) has indices into all; it is empty where that is how they come.
    """
    entries = [crowd.entries(replication) for crowd in crowds]
    sizes = np.array([crowd.count(mine) for crowd, mine in zip(crowds, entries, strict=True)])
    begins = np.concatenate(([0], np.cumsum(sizes)))
    who = np.empty(begins[-1], PERSON)
    drawn = [
        crowd.draw(0, end - begin, replication, mine, who[begin:end])
        for crowd, mine, begin, end in zip(crowds, entries, begins[:-1], begins[1:], strict=True)
    ]
    entry = _joined(drawn, "entry", sizes)
    p = People(
        who, entry, _joined(drawn, "counters", sizes, numbered=True),
        np.concatenate([one.parts for one in drawn]), sum(one.shift for one in drawn) - begins[:-1],
    )  # fmt: skip
    order = np.empty(len(who) if len(crowds) > 1 else 0, np.int32)
    together = np.array([crowd.arrival is None for crowd in crowds])
    merge(begins, begins[:-1].copy(), together, entry, np.empty((len(crowds), 2)), order)
    return p, order, sizes


def _joined(drawn: Sequence[People], name: str, sizes: Array, numbered: bool = False) -> Array:
    """One array of all, with zeros or numbers for those who have none; empty if nobody has any."""
    arrays = [getattr(one, name) for one in drawn]
    if not any(map(len, arrays)):
        return np.empty(0, np.int64)
    default = np.arange if numbered else partial(np.zeros, dtype=np.int64)
    return np.concatenate([a if len(a) else default(size) for a, size in zip(arrays, sizes, strict=True)])


def _groups(model: Model, name: str, bits: Mapping[str, int], asked: set[str]) -> Iterator[tuple[Array, Array]]:
    """The channels tied together, as far as anybody asks, and their chances by what of those before reaches."""
    scope, seed = model.segment(name).scope, model.scenario.seed
    for group in Reach(model, name).groups:
        last = max((place for place, channel in enumerate(group.names) if channel in asked), default=-1)
        names = group.names[: last + 1]
        if names:
            chances = [group.given(known, place) for place in range(len(names)) for known in range(1 << place)]
            yield np.array([(*key(seed, scope, c, "reach"), bits[c]) for c in names], _TIED), np.array(chances)


def _known(
    model: Model,
    name: str,
    people: Sequence[Contact],
    bits: Mapping[str, int],
    zones: Sequence[str],
    personal: Personal,
) -> dict[str, Any]:
    """What is known of contacts: their numbers by the hash of the id, their addresses, zones, and parts of texts."""
    counters = np.array([id_counter(c.id) for c in people], np.uint64).view(np.int64)
    reach = np.zeros(len(people), np.int64)
    for channel in model.channels:
        has = np.array([bool(c.cells.get(channel.column)) for c in people], bool)
        reach |= np.where(has, bits[channel.name], 0)
    zone = np.array([zones.index(zone_of(model, name, c)) for c in people], np.int16)
    parts = np.zeros((len(people), len(personal)), np.int32)
    for column, (route, step, channel_name) in enumerate(personal):
        if route.segment == name:
            send = route.chain.sends[step - 1]
            parts[:, column] = [parts_of(model, route.chain, send, channel_name, c.cells) for c in people]
    return {"size": len(people), "counters": counters, "reach": reach, "zones": zone, "parts": parts}


def _asked(routes: Iterable[Route]) -> Iterator[str]:
    """The channels of which it matters whether they reach somebody."""
    for route in routes:
        yield from route.reach or ()
        yield from route.chain.channels
        for node in route.chain.nodes:
            for branch in node.branches if isinstance(node, If) else ():
                yield from (c.channel for c in leaves(branch.condition) if isinstance(c, Reachable))
