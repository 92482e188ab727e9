"""Random chains over all that the language can say, for `campaigns`: every node, condition, wait and event."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import time

from hypothesis import strategies as st

from cascadesim.model.chain import (
    And,
    Arm,
    Branch,
    Chain,
    Condition,
    DayIs,
    Event,
    If,
    InSegment,
    Node,
    Not,
    Or,
    Pause,
    Reachable,
    Reported,
    Saying,
    Send,
    Split,
    Stop,
    TimeBetween,
    Undelivered,
    Wait,
    WaitUntil,
)
from cascadesim.model.channel import Hours
from cascadesim.units import MINUTE, Duration, Share

CHANNELS = ("call", "push", "sms", "viber")
SEGMENTS = ("a", "b", "c")
OUTSIDE = ("bought", "left")
MESSAGE = "note"
DURATIONS = st.sampled_from([1, 5, 10, 30, 60, 60, 240, 600]).map(lambda minutes: Duration(minutes * MINUTE))
HOURS = st.sampled_from([(21, 9), (22, 23), (0, 6), (1, 2), (9, 20)]).map(lambda h: Hours(time(h[0]), time(h[1], 30)))

STATES = st.sampled_from(["delivered", "opened", "opened", "clicked", "replied", "converted", "unsubscribed"])
EVENTS = st.one_of(
    st.just(Event("opened")),
    st.builds(Event, STATES),
    st.builds(Event, STATES, st.sampled_from(CHANNELS)),
    st.just(Event("answered", "call")),
    st.sampled_from(OUTSIDE).map(lambda name: Event(outside=name)),
)
UNTIL = st.one_of(st.just(()), EVENTS.filter(lambda e: e.outside is None).map(lambda e: (e,)))
SAYINGS = st.sampled_from(
    [
        None,
        None,
        Saying(text="Hello {first_name|there}, your basket waits."),
        Saying(text="Dear {first_name|customer}, " + "0123456789" * 13 + " [euro] until {date|Sunday}"),
        Saying(message=MESSAGE),
    ]
)
FACTS: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Reported, st.sampled_from(CHANNELS), STATES, st.sampled_from([None, "clicked", "replied"])),
    st.builds(Reported, st.sampled_from(CHANNELS), st.sampled_from(["delivered", "opened"])),
    st.builds(Undelivered, st.one_of(st.none(), st.sampled_from(CHANNELS))),
    st.builds(Reachable, st.sampled_from(CHANNELS)),
    st.builds(TimeBetween, HOURS),
    st.sampled_from([InSegment(("a",)), InSegment(("b", "c"))]),
    st.sampled_from([DayIs((6,)), DayIs((0, 5))]),
)
CONDITIONS = st.recursive(
    FACTS,
    lambda inner: st.one_of(
        st.builds(Not, inner), st.builds(And, st.tuples(inner, inner)), st.builds(Or, st.tuples(inner, inner))
    ),
    max_leaves=3,
)


PAUSES = st.builds(Wait, DURATIONS, st.none(), UNTIL)
WAITS = st.one_of(PAUSES, st.builds(Wait, DURATIONS, DURATIONS, UNTIL))


SENDS = st.builds(
    Send,
    st.one_of(
        st.sampled_from(CHANNELS).map(lambda name: (name,)),
        st.sampled_from(CHANNELS).map(lambda name: (name,)),
        st.lists(st.sampled_from(CHANNELS), min_size=2, max_size=3, unique=True).map(tuple),
    ),
    SAYINGS,
    st.one_of(st.none(), WAITS, WAITS),
)
SIMPLE: st.SearchStrategy[tuple[Node, ...]] = st.one_of(
    SENDS,
    SENDS,
    SENDS,
    st.builds(Pause, PAUSES),
    st.builds(WaitUntil, st.sampled_from([time(2, 30), time(9), time(20, 30)]), st.sampled_from([None, 6])),
).map(lambda node: (node,))


def sum_up(bodies: Sequence[tuple[Node, ...]]) -> tuple[Node, ...]:
    """The bodies, one after the other."""
    return tuple(node for body in bodies for node in body)


def _blocks(inner: st.SearchStrategy[tuple[Node, ...]]) -> st.SearchStrategy[tuple[Node, ...]]:
    """An `if` or a `split` around bodies."""
    ending = st.one_of(inner, st.just((Stop(),)))
    branches = st.lists(st.builds(Branch, CONDITIONS, inner), min_size=1, max_size=2).map(tuple)
    rest = st.builds(Arm, st.none(), st.just("rest"), ending)
    halves = st.tuples(st.builds(Arm, st.just(Share(0.3)), st.none(), inner), rest)
    thirds = st.tuples(*(st.builds(Arm, st.just(Share(s)), st.none(), inner) for s in (0.5, 0.25, 0.25)))
    return st.one_of(
        st.builds(lambda b, o: (If(b, o),), branches, st.one_of(st.just(()), ending)),
        st.builds(lambda arms: (Split(arms),), st.one_of(halves, thirds)),
    )


NESTED = st.recursive(SIMPLE, lambda inner: _blocks(st.lists(inner, min_size=1, max_size=2).map(sum_up)), max_leaves=4)
STOPS = st.lists(EVENTS, max_size=2, unique=True).map(tuple)
CHAINS = st.builds(
    lambda first, wait, body, saying, stops: Chain(
        "drawn", (replace(first, wait=wait), *sum_up(body)), saying=saying, stop_when=stops
    ),
    SENDS,
    WAITS,
    st.lists(st.one_of(SIMPLE, _blocks(SIMPLE), NESTED), min_size=1, max_size=4),
    SAYINGS,
    STOPS,
)
"""Chains that begin with a send."""

LINEAR_CHAINS = st.builds(
    lambda steps, stops: Chain("drawn", tuple(steps), stop_when=stops),
    st.lists(
        st.builds(
            lambda name, saying, wait: Send((name,), saying, replace(wait, until=())),
            st.sampled_from(CHANNELS),
            SAYINGS,
            WAITS,
        ),
        min_size=1,
        max_size=4,
    ),
    STOPS,
)
"""Chains in the exact engine's scope: one step after the other, each on one channel, with plain waits."""


def audible(chain: Chain, telling: Collection[str]) -> Chain:
    """The chain without the early ends that no channel of their send would report deliveries for (`telling`)."""
    return replace(chain, body=_audible(chain.body, frozenset(telling)))


def _audible(body: tuple[Node, ...], telling: frozenset[str]) -> tuple[Node, ...]:
    found: list[Node] = []
    for node in body:
        if isinstance(node, Send) and node.wait is not None and not telling & set(node.channels):
            node = replace(node, wait=replace(node.wait, undelivered_after=None))
        elif isinstance(node, If):
            branches = tuple(replace(b, body=_audible(b.body, telling)) for b in node.branches)
            node = replace(node, branches=branches, otherwise=_audible(node.otherwise, telling))
        elif isinstance(node, Split):
            node = replace(node, arms=tuple(replace(a, body=_audible(a.body, telling)) for a in node.arms))
        found.append(node)
    return tuple(found)
