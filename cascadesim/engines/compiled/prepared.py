"""A case made ready for the compiled engine, and its runs: of everybody together, or of ranges of people alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

import numpy as np

from cascadesim.contacts import Contact, zone_of
from cascadesim.engines.compiled import layout as lay
from cascadesim.engines.compiled import people as drawn
from cascadesim.engines.compiled import runs
from cascadesim.engines.compiled.agenda import agenda
from cascadesim.engines.compiled.layout import Array, People, Tables, Work
from cascadesim.engines.compiled.people import Crowd, crowds
from cascadesim.engines.compiled.tables import Written
from cascadesim.engines.tally import COST, COVERED, DUPLICATES, MESSAGES, ONE
from cascadesim.model.chain import Route
from cascadesim.model.model import Model
from cascadesim.model.segment import Arrivals, Contacts

BLOCK = 32_768
"""People who are added up at a time, and who go through their chains alone in one piece of memory."""
_AHEAD = 24  # stages of which numbers are drawn ahead
_STEP = 250_000  # people who enter between two reports of progress

Keep = Literal["nothing", "records", "people"]
Span = tuple[int, int, int]
"""A crowd, and some of its people: from this number up to that."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A case as tables and crowds.

    `slots` has (segment, step, channel) of each slot, `owners` the number of its crowd, `names` the crowds' segments.
    """

    tables: Tables
    crowds: tuple[Crowd, ...]
    names: tuple[str, ...]
    slots: tuple[tuple[str, int, str], ...]
    owners: Array


@dataclass(slots=True)
class Part:
    """What some people of a case came to, in whole numbers: parts add up to a replication (`gather`).

    `products` are a list of `runs.add_up`'s for each crowd, `covers` too; `delays` are of each slot that has any.
    `people`, rows of (1, covered, cost, messages, duplicates), and `records`, (crowd, its people's), are there if they
    were to be kept. `process` is who did the work.
    """

    counts: Array
    parts: Array
    parts_squared: Array
    firsts: Array
    products: dict[int, list[Array]] = field(default_factory=dict)
    covers: dict[int, list[Array]] = field(default_factory=dict)
    delays: dict[int, list[Array]] = field(default_factory=dict)
    people: dict[int, list[Array]] = field(default_factory=dict)
    records: list[tuple[int, Array]] = field(default_factory=list)
    process: int = field(default_factory=os.getpid)

    @classmethod
    def of(cls, t: Tables, w: Work) -> Part:
        """Of work that is about to begin."""
        return cls(w.counts, w.parts, w.parts_squared, np.zeros(len(t.slots), np.int64))

    def add(self, crowd: int, t: Tables, p: People, w: Work, first: int, beyond: int, rows: bool) -> None:
        """Adds a crowd's people, who are through."""
        person, covers, number = np.empty(runs.QUANTITIES, np.int64), np.empty(beyond - first, np.int64), 0
        for begin in range(first, beyond, BLOCK):
            end = min(begin + BLOCK, beyond)
            products = np.zeros((runs.QUANTITIES, runs.QUANTITIES), np.int64)
            number += runs.add_up(t, p, w, begin, end, person, products, self.firsts, covers[number:])
            self.products.setdefault(crowd, []).append(products)
            if rows:
                self.people.setdefault(crowd, []).append(_rows(t, p, w, begin, end))
        self.covers.setdefault(crowd, []).append(covers[:number])

    def add_delays(self, w: Work, last: bool) -> None:
        """Adds queueing delays; unless this is the last time, `w` forgets them."""
        for slot in np.flatnonzero(w.delayed > w.delays_at).tolist():
            delays = w.delays[w.delays_at[slot] : w.delayed[slot]]
            self.delays.setdefault(slot, []).append(delays if last else delays.copy())
        w.delayed[:] = w.delays_at


def prepare(model: Model, routes: Sequence[Route], contacts: Mapping[str, Sequence[Contact]]) -> Prepared:
    """The case of these routes; KeyError for a segment whose contacts are missing."""
    names = sorted({r.segment for r in routes})
    zones, last = {model.zone_of(name) for name in names}, 0
    for name in names:
        people = model.segment(name).people
        if isinstance(people, Contacts):
            zones |= {zone_of(model, name, c) for c in contacts[name]}
        elif isinstance(people, Arrivals):
            last = max(last, int(people.lasting))
    ordered = sorted(zones)
    written = Written(model, routes, ordered, last + int(model.scenario.horizon))
    found = crowds(model, routes, written.bits, ordered, written.personal, contacts)
    numbers = {name: number for number, name in enumerate(names)}
    owners = np.array([numbers[segment] for segment, _, _ in written.slots], np.int64)
    return Prepared(written.tables, tuple(found), tuple(names), tuple(written.slots), owners)


def run_alone(it: Prepared, spans: Sequence[Span], replication: int, entries: Sequence[Array], keep: Keep) -> Part:
    """Some people of some crowds, where no limit ties them to others; `entries` are each crowd's."""
    t = it.tables._replace(replication=replication)
    longest = np.zeros(len(it.crowds), np.int64)
    for crowd, first, beyond in spans:
        longest[crowd] = max(longest[crowd], min(BLOCK, beyond - first))
    many = int(longest.max())
    w = _work(it, many, longest[it.owners], many if keep == "records" else 0)
    part = Part.of(t, w)
    for crowd, first, beyond in spans:
        for begin in range(first, beyond, BLOCK):
            end = min(begin + BLOCK, beyond)
            p = it.crowds[crowd].draw(begin, end, replication, entries[crowd])
            runs.alone(t, p, w)
            part.add(crowd, t, p, w, 0, end - begin, keep == "people")
            part.add_delays(w, last=False)
            if keep == "records":
                part.records.append((crowd, _recorded(w, -begin)))
    return part


def run_together(
    it: Prepared,
    replication: int,
    keep: Keep,
    first: int = 0,
    beyond: int = 0,
    passed: Callable[[int, int], None] | None = None,
) -> Part:
    """Everybody; records are kept of the people from `first` up to `beyond`, who are numbered through all crowds.

    All runs are the same, so only that which begins with the first person's records adds up what people came to.
    """
    t = it.tables._replace(replication=replication, lanes=it.tables.lanes.copy())
    p, order, sizes = drawn.everybody(it.crowds, replication)
    many = len(p.who)
    w = _work(it, many, sizes[it.owners], min(beyond, many) - first if keep == "records" else 0)
    w.wanted[:] += first
    part = Part.of(t, w)
    a = agenda(t.rings, many * len(w.out))
    for entered in range(0, many, _STEP):
        runs.together(t, p, w, a, order, entered, min(entered + _STEP, many))
        if passed is not None:
            passed(min(entered + _STEP, many), many)
    del a
    begins = [0, *np.cumsum(sizes).tolist()]
    records = _recorded(w)
    for crowd, (begin, end) in enumerate(pairwise(begins)):
        if first == 0:
            part.add(crowd, t, p, w, begin, end, keep == "people")
        if keep == "records":
            here = slice(*np.searchsorted(records["person"], (begin, end)))
            records["person"][here] -= begin
            part.records.append((crowd, records[here]))
    if first == 0:
        part.add_delays(w, last=True)
    return part


def _work(it: Prepared, many: int, sizes: Array, recorded: int) -> Work:
    """Work for so many people: a slot has at most `sizes[slot]` messages, and `recorded` people's are kept."""
    t = it.tables
    ends = np.concatenate(([0], np.cumsum(np.where(t.slots["queues"], sizes, 0))))
    widest = int(t.operations["slots"].max(initial=1))
    most = int(np.bincount(it.owners, minlength=1).max())
    large = lay.carved(
        state=(many, lay.STATE),
        parallel=(many if widest > 1 else 0, lay.PARALLEL),
        facts=((many, len(t.facts)), np.int64),
        delays=(int(ends[-1]), np.int64),
        records=(recorded * most, lay.RECORD),
    )
    return Work(
        **large,
        counts=np.zeros((len(t.slots), lay.PATTERNS), np.int64),
        parts=np.zeros((len(t.slots), lay.PATTERNS), np.int64),
        parts_squared=np.zeros(len(t.slots), np.int64),
        delays_at=ends[:-1],
        delayed=ends[:-1].copy(),
        wanted=np.array([0, recorded]),
        recorded=np.zeros(1, np.int64),
        whether=np.empty((_AHEAD, runs.AHEAD)),
        when=np.empty((_AHEAD, runs.AHEAD)),
        ahead=np.zeros(3, np.int64),
        fate=np.empty(lay.STATES, np.int64),
        out=np.empty(widest, lay.OUT),
        outs=np.zeros(1, np.int64),
    )


def _recorded(w: Work, begin: int = 0) -> Array:
    """The records kept, which `w` forgets, by person and slot; persons count from `begin`."""
    records = w.records[: w.recorded[0]]
    records = records[np.lexsort((records["slot"], records["person"]))]
    records["person"] -= begin
    w.recorded[0] = 0
    return records


def _rows(t: Tables, p: People, w: Work, first: int, beyond: int) -> Array:
    """A row a person, zeros for whom the plan is not for."""
    state = w.state[first:beyond]
    on = p.who["route"][first:beyond] >= 0
    entry = p.entry[first:beyond] if len(p.entry) else 0
    rows = np.zeros((beyond - first, 5), np.int64)
    rows[on, ONE] = 1
    rows[on, COVERED] = (state["cover"] <= entry + t.within)[on]
    for column, name in ((COST, "cost"), (MESSAGES, "messages"), (DUPLICATES, "duplicates")):
        rows[on, column] = state[name][on]
    return rows
