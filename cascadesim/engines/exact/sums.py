"""Expected numbers of people, messages and money, and the figures they make (S13, S14)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from cascadesim.engines.exact.evaluator import Prefix
from cascadesim.engines.exact.quadrature import Floats
from cascadesim.engines.exact.rows import Point
from cascadesim.engines.exact.schedule import Schedule
from cascadesim.engines.exact.tables import SKIPPED
from cascadesim.engines.outcome import Estimate, Figures, StepFigures, TimeToOpen
from cascadesim.model.chain import Route
from cascadesim.model.model import Model
from cascadesim.model.prices import campaign_fee
from cascadesim.units import BILLION, SECOND

_FIGURES = 5  # of a step: sent, delivered, opened, opened first, cost
_QUANTILES = (0.5, 0.9, 0.99)
_NOISE = 1e-12  # of a probability: by rounding errors alone nobody is late
_BETWEEN = np.linspace(0.0, 1.0, 26)[1:-1, None]  # where a quantile is looked for within its bounds


@dataclass(slots=True)
class Sums:
    """What some people come to: expected numbers of people and messages, costs in billionths.

    `steps` has, for each step, how many were sent, delivered, opened and opened first, and their cost; `openings`
    how many people follow each schedule, and their shares by kind.
    """

    people: float = 0.0
    covered: float = 0.0
    messages: float = 0.0
    duplicates: float = 0.0
    steps: dict[tuple[int, str], Floats] = field(default_factory=dict)
    openings: list[tuple[float, Floats, Schedule]] = field(default_factory=list)

    @classmethod
    def of(cls, routes: Iterable[Route]) -> Sums:
        """No people yet, but every step of the routes."""
        sums = cls()
        for route in routes:
            for number, send in enumerate(route.chain.sends, 1):
                sums.steps[number, send.channels[0]] = np.zeros(_FIGURES)
        return sums

    def add(self, plan: Prefix, people: float) -> None:
        """Adds so many people who follow the plan."""
        classes = plan.evaluator.tables.classes
        self.people += people
        self.covered += people * plan.covered
        self.messages += people * plan.messages
        first = np.zeros(len(plan.steps) + 1)
        for weight, numbers, schedule in plan.schedules():
            self.openings.append((people * weight, classes.shares, schedule))
            first[list(numbers)] += people * weight * (schedule.first_covers @ classes.shares)
        longer = plan
        while longer.before is not None and longer.departure is not None:
            number = len(longer.steps)
            self._add_step(longer, longer.departure, number, people, float(first[number]))
            longer = longer.before

    def _add_step(self, plan: Prefix, departure: Point, number: int, people: float, first: float) -> None:
        """Adds the last step of a plan, whose messages go out at the departure."""
        rows, now, unstopped = departure
        tables, response = plan.evaluator.tables, plan.rows.responses[-1]
        goes = (response != SKIPPED)[:, None]
        delivered, opened = (
            rows.mean(unstopped * goes * tables.got_to(state)(response, now)) for state in ("delivered", "opened")
        )
        figures = people * np.array([plan.last_messages, delivered, opened, 0.0, plan.last_cost])
        self.steps[number, plan.steps[-1].channel] += figures + np.array([0.0, 0.0, 0.0, first, 0.0])
        fresh = tables.fresh(rows.responses, tables.times.between(now, rows.starts)).prod(axis=0)
        self.duplicates += people * max(0.0, plan.last_messages - rows.mean(fresh * goes))

    @classmethod
    def together(cls, several: Iterable[Sums]) -> Sums:
        """The sums over the people of all of them."""
        total = cls()
        for sums in several:
            total.people += sums.people
            total.covered += sums.covered
            total.messages += sums.messages
            total.duplicates += sums.duplicates
            total.openings += sums.openings
            for key, step in sums.steps.items():
                total.steps[key] = total.steps.get(key, np.zeros(_FIGURES)) + step
        return total

    def figures(self, model: Model, is_total: bool) -> Figures:
        """The figures; campaign fees and minimum commitments are added to a total only."""
        spent = sum(float(step[-1]) for step in self.steps.values())
        cost = (self._campaign_cost(model) if is_total else spent) / BILLION
        return Figures(
            coverage=_ratio(self.covered, self.people),
            cost=Estimate.exact(cost),
            cost_per_person=_ratio(cost, self.people),
            cost_per_covered=_ratio(cost, self.covered),
            messages_per_person=_ratio(self.messages, self.people),
            duplicates_per_person=_ratio(self.duplicates, self.people),
            time_to_open=self._times_to_open(),
            steps=tuple(_step_figures(*key, self.steps[key]) for key in sorted(self.steps)),
        )

    def _campaign_cost(self, model: Model) -> float:
        """With each channel's fee, or its minimum commitment where that is larger."""
        spent: dict[str, float] = {}
        for (_, channel), step in self.steps.items():
            spent[channel] = spent.get(channel, 0.0) + float(step[-1])
        once = {channel: campaign_fee(model, channel) for channel in spent}
        return sum(max(amount + once[channel].fee, once[channel].at_least) for channel, amount in spent.items())

    def _times_to_open(self) -> TimeToOpen:
        """The first whole microseconds by which shares of those who are covered by the horizon are, in seconds."""
        horizon = max((schedule.horizon for _, _, schedule in self.openings), default=0)
        everybody = self.opened(np.array([float(horizon)]))[0]
        if not everybody > 0:
            return TimeToOpen(None, None, None)
        wanted = np.array(_QUANTILES) * (1 - _NOISE) * everybody
        low, high = np.zeros(len(wanted)), np.full(len(wanted), float(horizon))  # not yet by `low`, but by `high`
        while (high - low > 1).any():
            times = np.round(low + (high - low) * _BETWEEN)
            enough = self.opened(times.ravel()).reshape(times.shape) >= wanted
            low, high = np.where(enough, low, times).max(axis=0), np.where(enough, times, high).min(axis=0)
        return TimeToOpen(*(float(time) / SECOND for time in high))

    def opened(self, times: Floats) -> Floats:
        """The expected number of people with a covering event by each of the times."""
        opened = np.zeros(len(times))
        for people, shares, schedule in self.openings:
            opened += people * ((1.0 - schedule.uncovered(times)) @ shares)
        return opened


def _step_figures(number: int, channel: str, figures: Floats) -> StepFigures:
    sent, delivered, opened, first, cost = map(float, figures)
    return StepFigures(
        step=number,
        channel=channel,
        sent=Estimate.exact(sent),
        delivered=Estimate.exact(delivered),
        opened=Estimate.exact(opened),
        first_opens=Estimate.exact(first),
        cost=Estimate.exact(cost / BILLION),
        queue_p90=0.0 if sent else None,
    )


def _ratio(above: float, below: float) -> Estimate:
    return Estimate.exact(above / below) if below else Estimate(None)
