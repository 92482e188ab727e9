"""Draws and clocks, compiled: random numbers by name, delays, the windows of clock rules (S1, S3)."""

from __future__ import annotations

from typing import Any

from cascadesim.draws.philox import philox, uniform
from cascadesim.draws.quantiles import CURVE, curve, delay, whole
from cascadesim.engines.compiled.layout import People, Row, Tables
from cascadesim.engines.jit import inlined

_MASK = 0xFFFFFFFF


@inlined
def pair(k0: int, k1: int, counter: int, replication: int, attempt: int) -> tuple[float, float]:
    """The two uniform numbers of a stream: the first says whether, the second when."""
    w0, w1, w2, w3 = philox(k0, k1, counter & _MASK, counter >> 32 & _MASK, replication, attempt)
    return uniform(w0, w1), uniform(w2, w3)


@inlined
def lasting(t: Tables, law: Row, u: float) -> int:
    """The delay at u of a stage's, or of an outside event's, law."""
    if law.shape == CURVE:
        points = slice(law.curve, law.curve + law.points)
        times: Any = t.curve_times[points]
        shares: Any = t.curve_shares[points]
        return whole(curve(times, shares, u))
    return whole(delay(law.shape, law.a, law.b, u))


@inlined
def leaving(t: Tables, table: int, zone: int, at: int) -> int:
    """The first instant from `at` on that lies in none of the clock table's windows."""
    first, low, high = t.places[table, zone, 0], t.places[table, zone, 0], t.places[table, zone, 1]
    while low < high:
        middle = (low + high) // 2
        if t.windows[middle, 0] <= at:
            low = middle + 1
        else:
            high = middle
    if low > first and at < t.windows[low - 1, 1]:
        return t.windows[low - 1, 1]
    return at


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
