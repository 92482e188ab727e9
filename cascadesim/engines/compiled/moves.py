"""The rules of a cascade, compiled: what `cascadesim.cascade` says, for one person at a time (S5, S10, S11).

A message's fate is drawn as soon as its slot is known (`messages`), so all that follows is known then, up to the wait's
end: `walk` goes on to it and leaves it in `w.out`, or goes on past it where nobody else matters (`alone`). What is
reported counts from its instant on: facts and stops keep when, and decisions compare.
"""

from __future__ import annotations

from cascadesim.engines.compiled.fates import counter_of, entry_of, lasting, leaving, pair, zone_of
from cascadesim.engines.compiled.layout import (
    END,
    FACT,
    HOURS,
    NEVER,
    PAUSE,
    REACH,
    SEND,
    SPLIT,
    People,
    Row,
    Tables,
    Work,
)
from cascadesim.engines.compiled.messages import DEFERRED, DROPPED, dispatch, join, put
from cascadesim.engines.jit import called, inlined


@inlined
def enter(t: Tables, p: People, w: Work, i: int) -> int:
    """Somebody enters: what they will do unprompted is known; the operation to begin at."""
    state, entry = w.state[i], entry_of(p, i)
    state.stop = state.cover = NEVER
    state.cost = 0
    state.cover_slot = -1
    state.messages = state.duplicates = 0
    for fact in range(len(t.facts)):
        w.facts[i, fact] = t.facts[fact]
    route = t.routes[p.who[i].route]
    for number in range(route.leave, route.leave + route.leaves):
        leave = t.leaves[number]
        whether, when = pair(leave.k0, leave.k1, counter_of(t, p, i), t.replication, 0)
        at = entry + lasting(t, leave, when)
        if whether < leave.share and at <= entry + t.horizon:
            if leave.stops:
                state.stop = min(state.stop, at)
            if leave.covers:
                state.cover = min(state.cover, at)
    return route.start


@inlined
def walk(t: Tables, p: People, w: Work, i: int, at: int, now: int, back: int, alone: bool) -> None:
    """Goes on from operation `at` to the next wait, queue or end; `back` is a slot whose message queues anew, or -1."""
    state, limit = w.state[i], entry_of(p, i) + t.horizon
    while True:
        op = t.operations[at]
        kind = op.kind
        if kind == SEND:
            if back < 0 and not begin(t, p, w, i, op, now):
                at = op.next  # skipped at once, with its wait, at no cost
                continue
            since, slot = messages(t, p, w, i, op, now, back, alone)
            back = -1
            if since < 0 or t.operations[op.next].kind == END:
                return
            due, ring = wait_end(t, w, i, op, since)
            ring += t.slots[slot].ring if ring >= 0 else 0
        elif kind == PAUSE:
            due, ring = now + op.lasting, op.ring
            if op.until >= 0 and w.facts[i, op.until] <= due:
                due, ring = max(now, w.facts[i, op.until]), -1
        elif kind == END:
            return
        elif kind == FACT:
            at = op.next if w.facts[i, op.fact] <= now else op.other
            continue
        elif kind == REACH:
            at = op.next if p.who[i].reach & op.reach else op.other
            continue
        elif kind == HOURS:
            at = op.next if leaving(t, op.table, zone_of(p, i), now) != now else op.other
            continue
        elif kind == SPLIT:
            at = arm(t, p, i, op)
            continue
        else:
            due, ring = leaving(t, op.table, zone_of(p, i), now), op.ring + zone_of(p, i)
        if state.stop <= due or due >= limit:
            return
        at = op.next
        if due > now and not alone:
            put(w, due, at, ring)
            return
        now = due


@called
def arm(t: Tables, p: People, i: int, op: Row) -> int:
    """Where a split sends the person."""
    route = t.routes[p.who[i].route]
    drawn, _ = pair(route.k0, route.k1, counter_of(t, p, i), t.replication, op.fact)
    for number in range(op.table, op.table + op.arms):
        if drawn < t.arms[number].upper:
            return t.arms[number].next
    return op.next


# A step


@inlined
def begin(t: Tables, p: People, w: Work, i: int, op: Row, now: int) -> bool:
    """The step is reached: what is known of the last one is no longer of the last. Whether a channel reaches them."""
    for fact in t.last:
        w.facts[i, fact] = NEVER
    w.state[i].joined = now
    return p.who[i].reach & op.reach != 0


@inlined
def messages(t: Tables, p: People, w: Work, i: int, op: Row, now: int, back: int, alone: bool) -> tuple[int, int]:
    """When the step's last message is out, and its slot; -1 if one was dropped or some still queue."""
    if op.slots > 1:
        return several(t, p, w, i, op, now, back, alone)
    sent_at = join(t, p, w, i, op.slot, now, alone)
    if sent_at >= 0:
        state = w.state[i]
        state.duplicates += state.cover <= sent_at
        state.stop = min(state.stop, dispatch(t, p, w, i, op.slot, sent_at, alone))
    return sent_at, op.slot


@called
def several(t: Tables, p: People, w: Work, i: int, op: Row, now: int, back: int, alone: bool) -> tuple[int, int]:
    """As `messages`, of a parallel send: its messages do not stop each other, so their stops count at the end."""
    step = w.parallel[i]
    if back < 0:
        step.stop, step.since, step.slot, step.pending, step.over = NEVER, -1, op.slot, 0, False
    else:
        step.pending -= 1
    first, last = (op.slot, op.slot + op.slots) if back < 0 else (back, back + 1)
    for slot in range(first, last):
        if not p.who[i].reach >> t.slots[slot].channel & 1:
            continue
        sent_at = join(t, p, w, i, slot, now, alone)
        if sent_at >= 0:
            w.facts[i, t.slots[slot].sent_at] = sent_at
            step.stop = min(step.stop, dispatch(t, p, w, i, slot, sent_at, alone))
            if sent_at > step.since:
                step.since, step.slot = sent_at, slot
        elif sent_at == DEFERRED:
            step.pending += 1
        else:
            step.over = True
    if step.pending:
        return DEFERRED, op.slot
    state = w.state[i]
    for slot in range(op.slot, op.slot + op.slots):
        sent_at = w.facts[i, t.slots[slot].sent_at]
        state.duplicates += state.cover <= sent_at < NEVER
    state.stop = min(state.stop, step.stop)
    return DROPPED if step.over else step.since, step.slot


@inlined
def wait_end(t: Tables, w: Work, i: int, op: Row, since: int) -> tuple[int, int]:
    """When the step's wait is over (S10), and of which ring that is: 0 and 1 are the slot's first, -1 is none."""
    if op.lasting < 0:
        return since, 0
    due, ring = since + op.lasting, 0
    if 0 <= op.early < op.lasting and w.facts[i, op.fact] > since + op.early:
        due, ring = since + op.early, 1
    if op.until >= 0 and w.facts[i, op.until] <= due:
        due, ring = max(since, w.facts[i, op.until]), -1
    return due, ring
