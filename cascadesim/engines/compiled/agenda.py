"""The agenda of the compiled engine: what is due next, by time and then by place.

Decision points come nearly in order: waits are constants and channels are first in, first out, so those who wait for
the same reason form a *ring*, a queue into which nobody pushes in. A heap holds the head of each ring, and whatever
comes out of order: ends of waits at a random instant, crowds that queue anew when the quiet hours are over. Rings
share a pool of chunks, so that all of them together take the space of who is in them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cascadesim.engines.compiled.layout import Array, Row, carved
from cascadesim.engines.jit import called, inlined

_CHUNK = 256
_STRAGGLER = -1

DUE = np.dtype([("time", np.int64), ("place", np.int32), ("code", np.int32), ("ring", np.int32)], align=True)
"""Something that is due to the person at a place; `ring` is the one whose head it is, or -1."""

_RING = np.dtype(
    [
        ("time", np.int64),  # the last that came
        ("place", np.int32),
        ("code", np.int32),  # what is due to everybody in the ring
        ("first", np.int64),  # where in the pool the next is, once the head is gone
        ("beyond", np.int64),  # where the next one to come will be put
        ("behind", np.int64),  # how many are behind the head; -1: there is no head
    ],
    align=True,
)
_WAITING = np.dtype([("time", np.int64), ("place", np.int32)], align=False)


class Agenda(NamedTuple):
    """`sizes` has the heap's size, the first free chunk, and the first chunk that was never used."""

    heap: Array
    rings: Array
    pool: Array
    follows: Array
    """The chunk after this one, in its ring or among the free."""
    sizes: Array


def agenda(rings: int, most: int) -> Agenda:
    """An empty agenda for so many rings and for `most` things due at a time."""
    chunks = most // _CHUNK + 2 * rings + 2
    made = np.zeros(rings, _RING)
    made["behind"] = -1
    large = carved(
        heap=(most + rings + 1, DUE), pool=(chunks * _CHUNK, _WAITING), follows=(chunks, np.dtype(np.int32))
    )  # fmt: skip
    return Agenda(**large, rings=made, sizes=np.array([0, -1, 0], np.int64))


@inlined
def add(a: Agenda, time: int, place: int, code: int, ring: int) -> None:
    """Puts something into the agenda."""
    if ring >= 0:
        r = a.rings[ring]
        if r.behind < 0:
            r.time, r.place, r.code, r.behind = time, place, code, 0
            rise(a, time, place, code, ring)
            return
        if time > r.time or (time == r.time and place > r.place):
            append(a, r, time, place)
            return
    rise(a, time, place, code, _STRAGGLER)


@inlined
def advance(a: Agenda) -> None:
    """Takes out what is due next: in its place comes the next of its ring, or the heap's last."""
    top = a.heap[0]
    ring = top.ring
    if ring >= 0:
        r = a.rings[ring]
        r.behind -= 1
        if r.behind >= 0:
            head = a.pool[r.first]
            time, place = head.time, head.place
            r.first += 1
            if r.first % _CHUNK == 0:
                leave_chunk(a, r)
            sink(a, time, place, r.code, ring)
            return
    a.sizes[0] -= 1
    last = a.heap[a.sizes[0]]
    sink(a, last.time, last.place, last.code, last.ring)


@inlined
def rise(a: Agenda, time: int, place: int, code: int, ring: int) -> None:
    """Puts into the heap what is new, from the bottom up."""
    at = a.sizes[0]
    a.sizes[0] += 1
    while at > 0:
        above = (at - 1) // 2
        other = a.heap[above]
        if other.time < time or (other.time == time and other.place < place):
            break
        move(a, above, at)
        at = above
    put(a, at, time, place, code, ring)


@inlined
def sink(a: Agenda, time: int, place: int, code: int, ring: int) -> None:
    """Puts something in the place of the heap's top, from the top down."""
    at, size = 0, a.sizes[0]
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        it = a.heap[below]
        if below + 1 < size:
            other = a.heap[below + 1]
            if other.time < it.time or (other.time == it.time and other.place < it.place):
                below += 1
                it = a.heap[below]
        if time < it.time or (time == it.time and place < it.place):
            break
        move(a, below, at)
        at = below
    put(a, at, time, place, code, ring)


@inlined
def move(a: Agenda, source: int, target: int) -> None:
    """Copies within the heap."""
    it = a.heap[source]
    put(a, target, it.time, it.place, it.code, it.ring)


@inlined
def put(a: Agenda, at: int, time: int, place: int, code: int, ring: int) -> None:
    """Writes into the heap."""
    it = a.heap[at]
    it.time = time
    it.place = place
    it.code = code
    it.ring = ring


@inlined
def append(a: Agenda, r: Row, time: int, place: int) -> None:
    """Puts somebody behind the others of a ring."""
    if r.behind == 0 and r.first % _CHUNK == 0 and r.beyond % _CHUNK == 0:
        r.first = r.beyond = new_chunk(a) * _CHUNK
    elif r.beyond % _CHUNK == 0:
        chunk = new_chunk(a)
        a.follows[r.beyond // _CHUNK - 1] = chunk
        r.beyond = chunk * _CHUNK
    it = a.pool[r.beyond]
    it.time = time
    it.place = place
    r.time, r.place = time, place
    r.behind += 1
    r.beyond += 1


@called
def new_chunk(a: Agenda) -> int:
    """A chunk that is free."""
    if a.sizes[1] >= 0:
        chunk = a.sizes[1]
        a.sizes[1] = a.follows[chunk]
        return chunk
    a.sizes[2] += 1
    return a.sizes[2] - 1


@called
def leave_chunk(a: Agenda, r: Row) -> None:
    """A ring's first chunk is empty: it is free for others, and the ring goes on in its next one."""
    left = r.first // _CHUNK - 1
    if r.behind > 0:
        r.first = a.follows[left] * _CHUNK
    else:
        r.first = r.beyond = 0
    a.follows[left] = a.sizes[1]
    a.sizes[1] = left
