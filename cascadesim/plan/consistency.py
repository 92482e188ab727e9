"""What a plan of the right shape may still get wrong: names that lead nowhere, shares that do not add up."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from cascadesim.model.calendar import known_zone
from cascadesim.model.chain import (
    Chain,
    Condition,
    Event,
    Hole,
    If,
    InSegment,
    Pause,
    Reachable,
    Reported,
    Saying,
    Send,
    Undelivered,
    leaves,
)
from cascadesim.model.model import Model
from cascadesim.plan.document import Plan, PlanSegment, steps_of

_SHA256 = re.compile("[0-9a-f]{64}")
_Name = tuple[str, str]  # (what it names: channel, segment or message; the name)


def contradictions(plan: Plan) -> Iterator[str]:
    """Every contradiction, a sentence each, with its place as a JSON path."""
    if not _SHA256.fullmatch(plan.source_sha256):
        yield "$.source_sha256: not the hash of a script (64 hexadecimal digits)"
    yield from _of_model(plan.model)
    known = _names_of(plan.model)
    for kind, name in sorted(set(_in_events(plan.model.goal[0]))):
        if name not in known[kind]:
            yield f"$.model.questions[0].covered_when: the model has no {kind} {name!r}"
    for number, entry in enumerate(plan.segments):
        for fault in _of_entry(entry, known):
            yield f"$.segments[{number}]{fault}"
    yield from _of_shares(plan)


def _of_model(model: Model) -> Iterator[str]:
    for key in ("channels", "segments", "messages", "chains"):
        counts = Counter(thing.name for thing in getattr(model, key))
        yield from (f"$.model.{key}: {name} is there {n} times" for name, n in counts.items() if n > 1)
    zones = {"$.model.scenario.zone": model.scenario.zone}
    zones |= {f"$.model.segments[{i}].zone": s.zone for i, s in enumerate(model.segments) if s.zone is not None}
    yield from (f"{path}: there is no time zone {zone!r}" for path, zone in zones.items() if not known_zone(zone))


def _names_of(model: Model) -> dict[str, frozenset[str]]:
    return {
        "channel": frozenset(c.name for c in model.channels),
        "segment": frozenset(s.name for s in model.segments),
        "message": frozenset(m.name for m in model.messages),
    }


def _of_entry(entry: PlanSegment, known: dict[str, frozenset[str]]) -> Iterator[str]:
    if entry.segment not in known["segment"]:
        yield f".segment: the model has no segment {entry.segment!r}"
    for channel in sorted(set(entry.reach or ()) - known["channel"]):
        yield f".reach: the model has no channel {channel!r}"
    for kind, name in sorted(set(_names_in(entry.chain))):
        if name not in known[kind]:
            yield f".chain: the model has no {kind} {name!r}"
    if any(isinstance(node, Hole) for node in entry.chain.nodes):
        yield ".chain: it has a hole, which nobody can send"
    if entry.steps != steps_of(entry.chain):
        yield ".steps: the summary says something else than the chain; the chain is what counts"


def _of_shares(plan: Plan) -> Iterator[str]:
    if not plan.segments:
        yield "$.segments: the plan is for nobody"
    for name in plan.names:
        entries = plan.entries(name)
        patterns = {None if e.reach is None else frozenset(e.reach) for e in entries}
        if None in patterns and len(patterns) > 1:
            yield f"$.segments: {name} has entries with and without a reach pattern"
        for pattern in patterns:
            total = math.fsum(e.share for e in entries if (None if e.reach is None else frozenset(e.reach)) == pattern)
            if not math.isclose(total, 1.0, abs_tol=1e-9):
                yield f"$.segments: the shares of {name} add up to {total:.6g} instead of 1"


def _names_in(chain: Chain) -> Iterator[_Name]:
    """All that a chain refers to by name."""
    yield from (("segment", name) for name in chain.segments or ())
    yield from _in_saying(chain.saying)
    yield from _in_events(chain.stop_when)
    for node in chain.nodes:
        if isinstance(node, Send):
            yield from (("channel", name) for name in node.channels)
            yield from _in_saying(node.saying)
        if isinstance(node, Send | Pause) and node.wait is not None:
            yield from _in_events(node.wait.until)
        if isinstance(node, If):
            yield from (name for branch in node.branches for name in _in_condition(branch.condition))


def _in_saying(saying: Saying | None) -> Iterator[_Name]:
    if saying is not None and saying.message is not None:
        yield "message", saying.message


def _in_events(events: tuple[Event, ...]) -> Iterator[_Name]:
    yield from (("channel", event.channel) for event in events if event.channel is not None)


def _in_condition(condition: Condition) -> Iterator[_Name]:
    for leaf in leaves(condition):
        if isinstance(leaf, InSegment):
            yield from (("segment", name) for name in leaf.names)
        elif isinstance(leaf, Reachable | Reported | Undelivered) and leaf.channel is not None:
            yield "channel", leaf.channel
