"""When steps come: not after people are followed, and no wait that quiet hours make meaningless.

Both rules follow a chain with somebody who never reacts. Times are those of the earliest such recipient.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cascadesim.language.rules.case import Case
from cascadesim.language.rules.events import waits
from cascadesim.language.statements import place
from cascadesim.model import chain as m
from cascadesim.model.calendar import Clock
from cascadesim.model.segment import Arrivals
from cascadesim.units import Duration


def check(case: Case) -> None:
    """Notes steps that come too late, and waits within quiet hours."""
    for chain in case.model.chains:
        _check_lateness(case, chain)
        if case.model.scenario.starts is not None:
            for segment in case.model.segments_of(chain.segments):
                if not isinstance(case.model.segment(segment).people, Arrivals):
                    _Walk(case, Clock(case.model.scenario), segment).check(chain.body)


# ---- steps beyond the horizon


def _check_lateness(case: Case, chain: m.Chain) -> None:
    """Notes the first step that cannot come before people are no longer followed; single waits have a rule."""
    horizon = case.model.scenario.horizon
    if any(wait.lasting > horizon for wait, _, _ in waits(chain)):
        return
    for node, after in _earliest(chain.body, 0, []):
        if isinstance(node, m.Send) and after >= horizon:
            message = (
                f"this step comes {Duration(after)} after entry at the earliest; people are followed for {horizon}"
            )
            hint = f"make the waits before it shorter, or say `runs for` more than {Duration(after)} in the scenario"
            case.faults.warn("C079", node.span, message, hint)
            return


def _earliest(body: tuple[m.Node, ...], now: int, ends: list[int]) -> Iterator[tuple[m.Node, int]]:
    """The nodes with the earliest time at which they can come; the time at the end of the body goes into `ends`.

    Only waits that nothing ends early count in full. A body that ends by `stop` has no end.
    """
    for node in body:
        yield node, now
        if isinstance(node, m.Send | m.Pause) and node.wait is not None:
            wait = node.wait
            now += 0 if wait.until else int(wait.undelivered_after or wait.lasting)
        elif isinstance(node, m.If | m.Split):
            inner: list[int] = []
            for way in m.ways(node):
                yield from _earliest(way, now, inner)
            if not inner:
                return
            now = min(inner)
        elif isinstance(node, m.Stop):
            return
    ends.append(now)


# ---- quiet hours


@dataclass(slots=True)
class _Walk:
    """Somebody of a segment who enters at the start, is reached everywhere and never reacts.

    `since` is when the last wait began; None where that is not one moment (after branches that take different times).
    """

    case: Case
    clock: Clock
    segment: str

    def check(self, body: tuple[m.Node, ...]) -> None:
        """Notes the waits that lie within quiet hours of what they wait for."""
        self._body(body, 0, None)

    def _body(self, body: tuple[m.Node, ...], now: int | None, waited: tuple[m.Wait, int] | None) -> int | None:
        """Follows a body; returns when it is over, None where that cannot be said."""
        zone = self.case.model.zone_of(self.segment)
        for node in body:
            if now is None:
                return None
            if isinstance(node, m.Send):
                now = self._sent(node, now, waited)
                if now is not None and node.wait is not None:
                    waited, now = (node.wait, now), now + node.wait.lasting
                else:
                    waited = None
            elif isinstance(node, m.Pause):
                waited, now = (node.wait, now), now + node.wait.lasting
            elif isinstance(node, m.WaitUntil):
                waited, now = None, self.clock.next_reading(node.at, node.day, zone, now)
            elif isinstance(node, m.If | m.Split):
                ends = {self._body(way, now, waited) for way in m.ways(node)}
                now, waited = ends.pop() if len(ends) == 1 else None, None
            else:
                return None
        return now

    def _sent(self, send: m.Send, now: int, waited: tuple[m.Wait, int] | None) -> int | None:
        """When the step goes out on its last channel."""
        latest: int | None = now
        for name in send.channels:
            end = self.clock.goes_out(self.case.model, self.segment, name, now)
            if waited is not None and now < self.case.model.scenario.horizon:
                at_first = self.clock.goes_out(self.case.model, self.segment, name, waited[1])
                self._check_swallowed(name, waited, now, end, at_first)
            latest = None if end is None or latest is None else max(latest, end)
        return latest

    def _check_swallowed(
        self, channel: str, waited: tuple[m.Wait, int], now: int, end: int | None, end_at_first: int | None
    ) -> None:
        """Notes a wait that begins and is over within the same quiet hours of the channel that comes next."""
        wait, since = waited
        if end is None or end == now or end != end_at_first or since == end:
            return
        zone = self.case.model.zone_of(self.segment)
        when = f"{self.clock.local(end, zone):%H:%M}"
        message = f"{channel} is quiet during the whole wait: it goes out at {when}, {Duration(end - since)} later"
        hint = "this wait changes nothing there; start earlier in the day, or wait for longer"
        self.case.faults.warn("C095", place(wait.lasting), message, hint)
