"""Linear plans evaluated step by step (S15): what a depth-first search over orders and waits needs, fast.

A `Prefix` is the beginning of a plan. Its rows are the classes of people: reach patterns, and which waits `but ..
if undelivered` ended early; within a class the times of dispatch are fixed. Whether one more step is sent, what
it costs and what is covered then are products of S and G (or J) that its `Tables` hold.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cascadesim.contacts import Contact
from cascadesim.engines.exact.memo import Ints
from cascadesim.engines.exact.quadrature import Floats
from cascadesim.engines.exact.rows import Point, Rows
from cascadesim.engines.exact.schedule import Schedule, uncovered_terms
from cascadesim.engines.exact.tables import SKIPPED, UNPROMPTED, Tables
from cascadesim.model.chain import Event, Saying, WaitUntil
from cascadesim.model.model import Model


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a plan: its channel, and the wait that later steps count from (S10), in microseconds."""

    channel: str
    wait: int | None = None
    undelivered_after: int | None = None
    saying: Saying | None = None


class Evaluator:
    """Evaluates linear plans for one segment of a model. The model's limits do not count.

    Its clock rules only count `by_clock`; then everybody enters at the campaign's start.

    `cover` are the covering events and `within` their deadline from entry in microseconds, `stop` the stop
    events, `people` the contacts of a segment that takes them from a file, `saying` what every step says. Plans
    use these `channels` (None: all of the model) and no others: classes differ in them alone. With `given` a
    plan is for the people whom its channels reach, or do not, as it says, and figures are means over those.
    `channels` has the names in order.

    ValueError, here or when a step is added: a delay or a joint reach that nothing fits, contacts that are not
    given, a placeholder that a contact has nothing for.
    """

    def __init__(
        self,
        model: Model,
        segment: str,
        cover: tuple[Event, ...],
        within: int,
        stop: tuple[Event, ...],
        people: Sequence[Contact] | None = None,
        saying: Saying | None = None,
        *,
        channels: Sequence[str] | None = None,
        given: Mapping[str, bool] | None = None,
        by_clock: bool = False,
    ) -> None:
        self.channels = tuple(sorted({c.name for c in model.channels} if channels is None else set(channels)))
        self.tables = Tables(model, segment, cover, stop, people, saying, self.channels, given or {}, by_clock)
        self.within = min(int(within), self.tables.horizon)

    def root(self) -> Prefix:
        """The plan without a step."""
        classes = self.tables.classes
        patterns = np.arange(len(classes.patterns))
        row = np.zeros((1, len(patterns)), dtype=np.intp)
        return Prefix(self, Rows(patterns, np.outer(classes.weights, classes.shares), row + UNPROMPTED, row))


class Prefix:
    """The beginning of a plan, or all of it: immutable. `messages` and `cost` are means over the people.

    `cost` is in billionths of the currency's unit, without campaign fees. Both only grow with further steps, and
    so does what is covered. `last_messages` and `last_cost` are the last step's part of them, `before` is the
    plan without that step, `departure` when each class gets its message, skipped or not. `rows` are the classes, as
    far as the steps tell them apart.
    """

    def __init__(self, evaluator: Evaluator, rows: Rows) -> None:
        """The plan without a step; others come from `then`."""
        self.evaluator = evaluator
        self.rows = rows
        self.before: Prefix | None = None
        self.departure: Point | None = None
        self.steps: tuple[Step, ...] = ()
        self.messages = self.cost = self.last_messages = self.last_cost = 0.0
        self._tables = evaluator.tables
        self._implied = self._tables.implies_cover(UNPROMPTED)

    def then(
        self,
        channel: str,
        wait: int | None = None,
        undelivered_after: int | None = None,
        saying: Saying | None = None,
    ) -> Prefix:
        """The plan with one more step; its wait, in microseconds, only shifts those that follow.

        KeyError for a channel that the evaluator was not made for.
        """
        tables, departure = self._tables, self._departure(channel)
        rows, now, unstopped = departure
        goes = tables.reached(channel)[rows.pattern] & (now != tables.times.end)
        response = tables.number(channel, self._has(channel))
        sent = unstopped * goes[:, None]
        answer = tables.sent(response, rows.pattern, now)
        price = tables.sending(channel, saying)[rows.pattern, None] + tables.billed(answer, now)
        longer = Prefix(self.evaluator, rows.longer(answer * goes, now))
        longer.before, longer.departure = self, departure
        longer.steps = (*self.steps, Step(channel, wait, undelivered_after, saying))
        longer._implied = self._implied and tables.implies_cover(response)
        longer.last_messages, longer.last_cost = rows.mean(sent), rows.mean(sent * price)
        longer.messages, longer.cost = self.messages + longer.last_messages, self.cost + longer.last_cost
        return longer

    def until(self, node: WaitUntil) -> Prefix:
        """The plan that goes on at a reading of the clock, after the last wait; clock rules must count."""
        rows, now, _ = self.point
        later = copy.copy(self)
        later.__dict__["point"] = self._at(rows, self._tables.readings(node, rows.pattern, now))
        return later

    def measures(self) -> Measures:
        """What the plan comes to, if it ends here."""
        return Measures(self)

    @functools.cached_property
    def covered(self) -> float:
        """The probability of a covering event by the deadline."""
        return self.covered_by(self.evaluator.within)

    def covered_by(self, deadline: int) -> float:
        """The probability of a covering event at or before a time from entry, in microseconds."""
        rows, tables = self.rows, self._tables

        def joint(m: int, k: int) -> Floats:
            """The product of J over the messages up to m, at the time of message k."""
            responses, starts = rows.responses[: m + 1], rows.starts[: m + 1]
            factors: Floats
            if self._implied:
                factors = tables.cover(deadline)(responses, starts)
            else:
                factors = tables.joint(deadline)(responses, starts, tables.times.between(rows.starts[k], starts))
            product: Floats = factors.prod(axis=0)
            return product

        terms = uncovered_terms(len(self.steps), self._implied, joint)
        uncovered = sum((sign * product for sign, product in terms), np.zeros(1))
        return max(0.0, rows.mean(1.0 - uncovered))

    @functools.cached_property
    def point(self) -> Point:
        """The decision point that follows."""
        return self._at(*self._waited())

    def _at(self, rows: Rows, now: Ints) -> Point:
        ages = self._tables.times.between(now, rows.starts)
        return Point(rows, now, self._tables.unstopped(rows.responses, ages).prod(axis=0))

    def _departure(self, channel: str) -> Point:
        """The decision point; people in quiet hours, whom the channel reaches, go on when these end (S6)."""
        if not self._tables.by_clock:
            return self.point
        rows, now, _ = self.point
        reached = self._tables.reached(channel)[rows.pattern]
        return self._at(rows, np.where(reached, self._tables.dispatches(channel, rows.pattern, now), now))

    def schedules(self) -> list[tuple[float, tuple[int, ...], Schedule]]:
        """The classes' schedules: (probability, the numbers of the steps with a message, all of these messages).

        The number 0 is for what people do unprompted.
        """
        both = np.concatenate([self.rows.responses, self.rows.starts])
        columns, which = np.unique(both, axis=1, return_inverse=True)
        weights = np.bincount(which.ravel(), self.rows.weight.sum(axis=1), columns.shape[1])
        found = []
        for weight, responses, starts in zip(weights, *np.split(columns.T, 2, axis=1), strict=True):
            sent = tuple(int(number) for number in np.flatnonzero(responses != SKIPPED))
            messages = tuple((int(responses[number]), int(starts[number])) for number in sent)
            found.append((float(weight), sent, self._tables.schedule(messages)))
        return found

    def _has(self, channel: str) -> bool:
        return any(step.channel == channel for step in self.steps)

    def _waited(self) -> tuple[Rows, Ints]:
        """The classes after the last step's wait, and when it ends for each; who was skipped does not wait (S5)."""
        now = self.rows.starts[-1]
        sent = self.rows.responses[-1] != SKIPPED
        if self.before is None or not sent.any():
            return self.rows, now
        step, later = self.steps[-1], self._tables.times.later
        wait, early = step.wait or 0, step.undelivered_after
        if early is None or early >= wait:
            return self.rows, np.where(sent, later(now, wait), now)
        if not self._tables.reports_delivery(step.channel):
            return self.rows, np.where(sent, later(now, early), now)  # no delivery is ever reported
        return self._split(self.before._has(step.channel), wait, early)

    def _split(self, resend: bool, wait: int, early: int) -> tuple[Rows, Ints]:
        """Each class once for messages delivered in time, and once for those that are not, whose wait ends early."""
        sent = self.rows.responses[-1] != SKIPPED
        parts = [self.rows.taken(np.flatnonzero(~sent))]
        nows = [parts[0].starts[-1]]
        for is_delivered, chance, response in self._tables.outcomes(self.steps[-1].channel, resend, early):
            part = self.rows.taken(np.flatnonzero(sent))
            part.responses[-1] = self._tables.sent(response, part.pattern, part.starts[-1])
            parts.append(part._replace(weight=part.weight * chance))
            nows.append(self._tables.times.later(part.starts[-1], wait if is_delivered else early))
        pattern, weight, responses, starts = zip(*parts, strict=True)
        rows = Rows(
            np.concatenate(pattern),
            np.concatenate(weight),
            np.concatenate(responses, axis=1),
            np.concatenate(starts, axis=1),
        )
        likely = np.flatnonzero(rows.weight.any(axis=1))
        return rows.taken(likely), np.concatenate(nows)[likely]


class Measures:
    """What a plan comes to, as means over the people of the segment; some of it is calculated when asked for."""

    def __init__(self, plan: Prefix) -> None:
        self._plan = plan

    @property
    def covered(self) -> float:
        """The probability of a covering event by the deadline (S12)."""
        return self._plan.covered

    @property
    def cost(self) -> float:
        """The cost in billionths, without what is paid once a campaign (S13)."""
        return self._plan.cost

    @property
    def messages(self) -> float:
        """The number of messages."""
        return self._plan.messages

    @property
    def messages_on(self) -> dict[str, float]:
        """The number of messages on each channel with a step."""
        return self._by_channel(lambda plan: plan.last_messages)

    @property
    def cost_on(self) -> dict[str, float]:
        """The cost of each channel with a step, in billionths."""
        return self._by_channel(lambda plan: plan.last_cost)

    @functools.cached_property
    def restricted_time(self) -> float:
        """The time to the first covering event, or to the horizon for who has none by then, in microseconds."""
        shares = self._plan.evaluator.tables.classes.shares
        return float(sum(weight * (schedule.mean_time @ shares) for weight, _, schedule in self._plan.schedules()))

    def opened_by(self, time: int) -> float:
        """The probability of a covering event at or before a time from entry, in microseconds."""
        return self._plan.covered_by(min(time, self._plan.evaluator.tables.horizon))

    def _by_channel(self, part: Callable[[Prefix], float]) -> dict[str, float]:
        totals: dict[str, float] = {}
        plan = self._plan
        while plan.before is not None:
            channel = plan.steps[-1].channel
            totals[channel] = part(plan) + totals.get(channel, 0.0)
            plan = plan.before
        return totals
