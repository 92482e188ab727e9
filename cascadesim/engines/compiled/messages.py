"""How one message leaves, and what comes of it, compiled (S6 to S9, S12, S13)."""

from __future__ import annotations

from cascadesim.draws.quantiles import AT_ONCE
from cascadesim.engines.compiled.fates import counter_of, entry_of, lasting, leaving, pair, zone_of
from cascadesim.engines.compiled.layout import COUNTED, NEVER, STATES, People, Row, Tables, Work
from cascadesim.engines.jit import called, inlined

DROPPED = -1
"""It never leaves."""
DEFERRED = -2
"""It queues anew when the quiet hours are over."""
_IN_TIME = -1
"""When something happens of which nobody asks when, only whether it does by the horizon."""


@inlined
def put(w: Work, time: int, code: int, ring: int) -> None:
    """Leaves what is still to come of the person in hand."""
    out = w.out[w.outs[0]]
    out.time = time
    out.code = code
    out.ring = ring
    w.outs[0] += 1


@inlined
def join(t: Tables, p: People, w: Work, i: int, slot: int, now: int, alone: bool) -> int:
    """When the message that comes to its channel now leaves (S6); DROPPED: never; DEFERRED: it will queue anew."""
    s, stop, limit = t.slots[slot], w.state[i].stop, entry_of(p, i) + t.horizon
    at, over = now, 0
    if s.lane >= 0:
        lane = t.lanes[s.lane]
        if lane.at > now or (lane.at == now and lane.over > 0):  # the last slot is not over
            at, over = lane.at, lane.over
    if at >= limit or stop <= at:
        return DROPPED
    if s.quiet >= 0:
        end = leaving(t, s.quiet, zone_of(p, i), at)
        if end > at:
            if end >= limit or stop <= end:
                return DROPPED
            if alone:
                return end
            put(w, end, len(t.operations) + slot, s.ring + 2 + zone_of(p, i))
            return DEFERRED
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
    for place in range(STATES):
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
        if it.state < COUNTED:
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
    row.person, row.slot, row.attempt = i, slot, attempt
    row.queued, row.sent, row.cost = w.state[i].joined, sent_at, cost
    row.delivered, row.opened, row.clicked, row.replied = w.fate[0], w.fate[1], w.fate[2], w.fate[3]
    w.recorded[0] += 1
