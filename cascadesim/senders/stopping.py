"""When a chain stops (S11), as far as a vendor's own cascade needs to know: by state, by channel, by time."""

from __future__ import annotations

from math import inf

from cascadesim.cascade.program import is_event
from cascadesim.model.chain import Chain
from cascadesim.model.model import Model
from cascadesim.model.rates import VERB_OF, State


def stop_states(model: Model, segment: str, chain: Chain, channel: str) -> tuple[State, ...]:
    """The states of a message on the channel that can be the first to stop the chain (S11).

    They are named as stop events and reported; unsubscribing always stops, where it can happen. A state that comes
    only after another of them is left out: where a delivery stops the chain, an open does not any more.
    """
    there = model.channel(channel)
    stops = tuple(
        state
        for state in there.states
        if there.reports_state(state)
        and (state == "unsubscribed" or any(is_event(e, channel, state, there.is_call) for e in chain.stop_when))
    )
    return tuple(s for s in stops if not set(path_to(model, segment, channel, s)[:-1]) & set(stops))


def outside_stops(chain: Chain) -> tuple[str, ...]:
    """The outside events that stop the chain."""
    return tuple(event.outside for event in chain.stop_when if event.outside is not None)


def path_to(model: Model, segment: str, channel: str, state: State) -> tuple[State, ...]:
    """The states that a message goes through on its way to this one, which is the last of them."""
    path: tuple[State, ...] = (state,)
    while (rate := model.rate(segment, channel, VERB_OF[path[0]])) is not None:
        base = model.base(rate, path[0], channel)
        if base is None:
            break
        path = (base, *path)
    return path


def latest(model: Model, segment: str, channel: str, state: State) -> float:
    """The longest time in microseconds from dispatch to the state, `inf` if there is no bound.

    Only what comes at once, after a fixed time or along a curve is bounded, and only where reactions need not
    wait for the hour (S8).
    """
    total = 0.0
    for stage in path_to(model, segment, channel, state):
        if stage != "delivered" and model.segment(segment).reacts is not None:
            return inf
        rate = model.rate(segment, channel, VERB_OF[stage])
        if rate is None or rate.delay is None:
            total += 1
        elif rate.delay.shape in ("fixed", "curve"):
            total += rate.delay.points[-1][1]
        else:
            return inf
    return total
