"""What the compiled engine reads and writes: a case as tables of numbers, people and their state as arrays.

Times are microseconds since the campaign's start, NEVER where something does not happen. Money is billionths.
A *slot* is one channel of one step of one route, in the order of step and channel's name; an *operation* is one of
the route's program (`cascadesim.cascade.program`), with every condition taken apart into tests that name what comes
next if they hold and if not. A *fact* is the earliest time at which something that the chain reads was reported of a
person's messages, or a count of messages.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cascadesim.draws.behaviour import FATES

NEVER = 1 << 62
STATES = len(FATES)
COUNTED = 4
"""The first of the states, delivered, opened, clicked and replied, are what counts, prices and records go by."""
PATTERNS = 1 << COUNTED

END, SEND, PAUSE, UNTIL, FACT, REACH, HOURS, SPLIT = range(8)
"""What an operation does; FACT, REACH and HOURS are tests."""

OPERATION = np.dtype(
    [
        ("kind", np.int8),
        ("next", np.int32),  # what follows; of a test that holds
        ("other", np.int32),  # what follows a test that does not hold
        ("slot", np.int32),  # SEND: its first slot
        ("slots", np.int32),
        ("reach", np.int64),  # SEND, REACH: the channels, as bits
        ("lasting", np.int64),  # SEND, PAUSE: the wait; -1 is none
        ("early", np.int64),  # SEND: the wait of the undelivered; -1 is none
        ("until", np.int32),  # SEND, PAUSE: the fact that ends the wait; -1 is none
        ("fact", np.int32),  # FACT: what is read; SEND: when delivered, if there is `early`; SPLIT: its number
        ("table", np.int32),  # UNTIL, HOURS: the clock table; SPLIT: its first arm
        ("arms", np.int32),
        ("ring", np.int32),  # PAUSE, UNTIL: where those who wait are kept
    ],
    align=True,
)

SLOT = np.dtype(
    [
        ("operation", np.int32),
        ("channel", np.int32),
        ("lane", np.int32),  # the channel's limit; -1 is none
        ("quiet", np.int32),  # the clock table of its quiet hours; -1 is none
        ("stage", np.int32),  # the stages of a first message
        ("stages", np.int32),
        ("again", np.int32),  # the stages of a resend
        ("agains", np.int32),
        ("attempt", np.int32),  # the fact that counts its channel's messages; -1: there are no resends
        ("sent_at", np.int32),  # the fact that keeps when it was sent; -1: it is a step's only message
        ("feed", np.int32),  # the facts that it feeds
        ("feeds", np.int32),
        ("cost", np.int64),  # of a message sent
        ("part", np.int64),  # of a part, where everybody's text has its own length
        ("parts", np.int32),  # the column of people's parts; -1: all the same, and within `cost`
        ("queues", np.bool_),  # whether a message may have to wait before it leaves
        ("ring", np.int32),
    ],
    align=True,
)

STAGE = np.dtype(
    [
        ("state", np.int8),  # its place in a fate
        ("base", np.int8),  # what it follows; -1 is the dispatch
        ("shape", np.int8),
        ("by_kind", np.bool_),
        ("moves", np.bool_),  # to the segment's reaction hours
        ("stops", np.bool_),
        ("covers", np.bool_),
        ("share", np.float64),
        ("sure", np.float64),  # up to here the delay is no matter: it is short, and nobody asks; -1 if somebody does
        ("a", np.float64),
        ("b", np.float64),
        ("curve", np.int32),  # the first of the curve's points
        ("points", np.int32),
        ("cost", np.int64),
        ("k0", np.int64),
        ("k1", np.int64),
    ],
    align=True,
)

FEED = np.dtype([("state", np.int32), ("fact", np.int32)], align=True)
"""A state of a slot's messages that is a fact, once reported; state -1: that the message was sent."""

LEAVE = np.dtype(
    [
        ("share", np.float64),
        ("shape", np.int8),
        ("stops", np.bool_),
        ("covers", np.bool_),
        ("a", np.float64),
        ("b", np.float64),
        ("curve", np.int32),
        ("points", np.int32),
        ("k0", np.int64),
        ("k1", np.int64),
    ],
    align=True,
)

ARM = np.dtype([("upper", np.float64), ("next", np.int32)], align=True)

ROUTE = np.dtype(
    [
        ("segment", np.int32),
        ("start", np.int32),  # its first operation
        ("leave", np.int32),
        ("leaves", np.int32),
        ("reacts", np.int32),  # the clock table of the hours without reactions; -1 is none
        ("stage", np.int32),  # the stages of all its messages
        ("stages", np.int32),
        ("k0", np.int64),  # the stream of its splits
        ("k1", np.int64),
    ],
    align=True,
)

LANE = np.dtype(
    [
        ("count", np.int64),
        ("whole", np.int64),  # between two slots lie so many microseconds, and `rest` count-ths of one
        ("rest", np.int64),
        ("at", np.int64),  # the next slot of the busy period: so many microseconds, and `over` count-ths of one
        ("over", np.int64),
    ],
    align=True,
)
"""A channel's limit and its server. Slots b + floor(m x per / count) are added up, which needs no division."""

Array = NDArray[Any]
_CACHE_LINE = 64
Row = Any
"""A row of a structured array: numba reads and writes its fields as attributes."""


class Tables(NamedTuple):
    """A case, ready to be run; what is written is none of it but `lanes`.

    `windows` has the clock tables' windows as rows (start, end), where `places[table, zone]` is the first and one
    past the last; a window holds its start, not its end. `factors[segment, kind]` multiply open and answer rates.
    """

    operations: Array
    slots: Array
    stages: Array
    feeds: Array
    arms: Array
    leaves: Array
    routes: Array
    lanes: Array
    curve_times: Array
    curve_shares: Array
    windows: Array
    places: Array
    factors: Array
    facts: Array
    """What facts begin with: NEVER, or a count of zero."""
    last: Array
    """The facts that are of the step reached last: another step begins them anew."""
    rings: int
    horizon: int
    within: int
    replication: int


PERSON = np.dtype([("reach", np.int64), ("route", np.int32), ("zone", np.int16), ("kind", np.int16)], align=True)
"""Somebody who is simulated: the channels that reach them, as bits; the route is -1 for whom the plan is not for."""


class People(NamedTuple):
    """People of a run, by segment's name and number, or a range of one segment's. Arrays that nobody needs are empty.

    `counters` are what a contact's numbers are drawn by; anybody else's is the index plus `shift`, which has a number
    for each segment. `parts[person, column]` are what texts are billed as.
    """

    who: Array
    entry: Array
    counters: Array
    parts: Array
    shift: Array


STATE = np.dtype(
    [
        ("stop", np.int64),  # the first reported stop event of an earlier step
        ("cover", np.int64),  # the first covering event
        ("cost", np.int64),
        ("joined", np.int64),  # when they came to the last step
        ("cover_slot", np.int32),  # where the covering event comes from; -1 is from outside
        ("messages", np.int16),
        ("duplicates", np.int16),
    ],
    align=True,
)

PARALLEL = np.dtype(
    [("stop", np.int64), ("since", np.int64), ("slot", np.int32), ("pending", np.int16), ("over", np.bool_)],
    align=True,
)
"""A step of several messages in progress: their own stop events, the last dispatch and its slot, who still queues."""

RECORD = np.dtype(
    [
        ("person", np.int32),
        ("slot", np.int32),
        ("attempt", np.int32),
        ("queued", np.int64),
        ("sent", np.int64),
        ("delivered", np.int64),
        ("opened", np.int64),
        ("clicked", np.int64),
        ("replied", np.int64),
        ("cost", np.int64),
    ],
    align=True,
)


class Work(NamedTuple):
    """What a run writes: people's state, counts, and what it keeps of messages.

    `counts[slot, pattern]` counts messages by the states they got to, as bits: delivered, opened, clicked, replied;
    `parts` sums their parts where these differ, `parts_squared[slot]` the squares. `delays` has the queueing delays
    of each slot that can have any, from `delays_at[slot]` up to `delayed[slot]`. Records are kept of people from
    `wanted[0]` up to `wanted[1]`; `recorded[0]` counts them.
    """

    state: Array
    parallel: Array
    facts: Array
    counts: Array
    parts: Array
    parts_squared: Array
    delays: Array
    delays_at: Array
    delayed: Array
    records: Array
    wanted: Array
    recorded: Array
    whether: Array
    """Numbers drawn ahead, of `ahead[0]` stages from stage `ahead[1]` on, of people from `ahead[2]` on; `when` too."""
    when: Array
    ahead: Array
    fate: Array
    """The message in hand: when it got to each state."""
    out: Array
    """What is still to come of the person in hand."""
    outs: Array
    """How many of these there are."""


OUT = np.dtype([("time", np.int64), ("code", np.int32), ("ring", np.int32)], align=True)
"""An operation that is due (`code` is its place), or a slot's message that queues anew (after all operations)."""


def carved(**wanted: tuple[int | tuple[int, int], Any]) -> dict[str, Array]:
    """Arrays of these shapes and types, uninitialised, in one piece of memory.

    NumPy asks for huge pages where an array is large; many middling ones would be handed out page by page, which
    takes a tenth of a run.
    """
    sizes = {name: int(np.prod(shape)) * np.dtype(dtype).itemsize for name, (shape, dtype) in wanted.items()}
    memory = np.empty(sum(size + _CACHE_LINE for size in sizes.values()), np.uint8)
    found, at = {}, -memory.ctypes.data % _CACHE_LINE
    for name, (shape, dtype) in wanted.items():
        found[name] = memory[at : at + sizes[name]].view(dtype).reshape(shape)
        at += sizes[name] + -sizes[name] % _CACHE_LINE
    return found
