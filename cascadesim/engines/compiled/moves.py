"""The rules of a cascade, compiled: what `cascadesim.cascade` says, for one person at a time (S5 to S13).

A message's fate is drawn as soon as its slot is known, so all that follows is known then, up to the wait's end: `walk`
goes on to it and leaves it in `w.out`, or goes on past it where nobody else matters (`alone`). What is reported counts
from its instant on: facts and stops keep when, and decisions compare.
"""

from __future__ import annotations

from cascadesim.draws.quantiles import AT_ONCE
from cascadesim.engines.compiled.fates import lasting, leaving, pair
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
from cascadesim.engines.jit import called, inlined

_DROPPED = -1
_DEFERRED = -2
_IN_TIME = -1
"""When something happens of which nobody asks when, only whether it does by the horizon."""
_STATES_ALL = 6
_STATES = 4
"""The first of them, delivered, opened, clicked, replied, are what counts and prices go by."""


@inlined
def entry_of(p: People, i: int) -> int:
    """When the person enters; all at the start where nobody arrives later."""
    return p.entry[i] if len(p.entry) else 0


@inlined
def counter_of(t: Tables, p: People, i: int) -> int:
    """What the person's random numbers are drawn by."""
    return p.counters[i] if len(p.counters) else i + p.shift[t.routes[p.who[i].route].segment]


@inlined
def zone_of(p: People, i: int) -> int:
    """The person's time zone, by number."""
    return p.who[i].zone


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


@inlined
def put(w: Work, time: int, code: int, ring: int) -> None:
    """Leaves what is still to come of the person in hand."""
    out = w.out[w.outs[0]]
    out.time = time
    out.code = code
    out.ring = ring
    w.outs[0] += 1


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
        elif sent_at == _DEFERRED:
            step.pending += 1
        else:
            step.over = True
    if step.pending:
        return _DEFERRED, op.slot
    state = w.state[i]
    for slot in range(op.slot, op.slot + op.slots):
        sent_at = w.facts[i, t.slots[slot].sent_at]
        state.duplicates += state.cover <= sent_at < NEVER
    state.stop = min(state.stop, step.stop)
    return _DROPPED if step.over else step.since, step.slot


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


# A message


@inlined
def join(t: Tables, p: People, w: Work, i: int, slot: int, now: int, alone: bool) -> int:
    """When the message that comes to its channel now leaves (S6); _DROPPED: never; _DEFERRED: it will queue anew."""
    s, stop, limit = t.slots[slot], w.state[i].stop, entry_of(p, i) + t.horizon
    at, over = now, 0
    if s.lane >= 0:
        lane = t.lanes[s.lane]
        if lane.at > now or (lane.at == now and lane.over > 0):  # the last slot is not over
            at, over = lane.at, lane.over
    if at >= limit or stop <= at:
        return _DROPPED
    if s.quiet >= 0:
        end = leaving(t, s.quiet, zone_of(p, i), at)
        if end > at:
            if end >= limit or stop <= end:
                return _DROPPED
            if alone:
                return end
            put(w, end, len(t.operations) + slot, s.ring + 2 + zone_of(p, i))
            return _DEFERRED
    if s.lane >= 0:
        take(t.lanes[s.lane], at, over)
    return at


@inlined
def take(lane: Row, at: int, over: int) -> None:
    """The slot at `at`, and `over` count-ths of a microsecond, is taken: the next one follows."""
    over += lane.rest
    carry = over >= lane.count
    lane.at = at + lane.whole + carry
    lane.over = over - lane.count if carry else over


@inlined
def dispatch(t: Tables, p: People, w: Work, i: int, slot: int, sent_at: int, alone: bool) -> int:
    """A message goes out: its fate is drawn, and all that comes of it. When it stops the chain, if it is to."""
    s, state, fate = t.slots[slot], w.state[i], w.fate
    attempt, stage, beyond = 0, s.stage, s.stage + s.stages
    if s.attempt >= 0:
        attempt = w.facts[i, s.attempt]
        w.facts[i, s.attempt] += 1
        if attempt:
            stage, beyond = s.again, s.again + s.agains
    for place in range(_STATES_ALL):
        fate[place] = NEVER
    stop, pattern, cost = NEVER, 0, s.cost
    last = entry_of(p, i) + t.horizon
    is_early, is_kept = sent_at <= last - t.horizon // 2, w.wanted[0] <= i < w.wanted[1]
    delivery, delivery_at = 0, 0.0
    for number in range(stage, beyond):
        it = t.stages[number]
        since = sent_at if it.base < 0 else fate[it.base]
        if since == NEVER:
            continue
        share, delay = it.share, 1
        if it.by_kind:
            share *= t.factors[t.routes[p.who[i].route].segment, p.who[i].kind]
        if share < 1.0 or it.shape != AT_ONCE:
            whether, when = draw(t, p, w, i, it, number, attempt, alone)
            if whether >= share:
                continue
            if when <= it.sure and is_early and not is_kept:
                delay, delivery, delivery_at = _IN_TIME, number, when
            else:
                delay = lasting(t, it, when)
        if since == _IN_TIME:  # now somebody asks when
            since = fate[it.base] = sent_at + lasting(t, t.stages[delivery], delivery_at)
        at = since + delay if delay > 0 else _IN_TIME
        if it.moves and at <= last:
            at = leaving(t, t.routes[p.who[i].route].reacts, zone_of(p, i), at)
        if at > last:
            continue
        fate[it.state] = at
        cost += it.cost
        if it.state < _STATES:
            pattern |= 1 << it.state
        if it.stops:
            stop = min(stop, at)
        if it.covers and (at < state.cover or (at == state.cover and slot < state.cover_slot)):
            state.cover, state.cover_slot = at, slot
    for number in range(s.feed, s.feed + s.feeds):
        feed = t.feeds[number]
        told = sent_at if feed.state < 0 else fate[feed.state]
        w.facts[i, feed.fact] = min(w.facts[i, feed.fact], told)
    w.counts[slot, pattern] += 1
    if s.parts >= 0:
        parts = p.parts[i, s.parts]
        cost += s.part * parts
        w.parts[slot, pattern] += parts
        w.parts_squared[slot] += parts * parts
    state.messages += 1
    state.cost += cost
    if s.queues:
        w.delays[w.delayed[slot]] = sent_at - state.joined
        w.delayed[slot] += 1
    if is_kept:
        record(w, i, slot, attempt, sent_at, cost)
    return stop


@inlined
def draw(t: Tables, p: People, w: Work, i: int, it: Row, number: int, attempt: int, alone: bool) -> tuple[float, float]:
    """The numbers of a stage for a message: drawn ahead if they are of a first message, where that is done."""
    if alone and attempt == 0:
        place = number - w.ahead[1]
        if 0 <= place < w.ahead[0]:
            return w.whether[place, i - w.ahead[2]], w.when[place, i - w.ahead[2]]
    return pair(it.k0, it.k1, counter_of(t, p, i), t.replication, attempt)


@called
def record(w: Work, i: int, slot: int, attempt: int, sent_at: int, cost: int) -> None:
    """Keeps the message in hand."""
    row = w.records[w.recorded[0]]
    row.person, row.slot, row.attempt, row.queued, row.sent, row.cost = (
        i,
        slot,
        attempt,
        w.state[i].joined,
        sent_at,
        cost,
    )
    row.delivered, row.opened, row.clicked, row.replied = w.fate[0], w.fate[1], w.fate[2], w.fate[3]
    w.recorded[0] += 1
