"""`.plot` of results: each picture with what it shows at hand. Every method takes `ax` and returns it.

People are followed one by one where a picture needs their ways; that is done once for a result, when first asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from cascadesim.contacts import Contact
from cascadesim.engines.case import Case
from cascadesim.engines.outcome import ChainOutcome
from cascadesim.model.model import Model
from cascadesim.optimizer.uncertainty import RateName, Swing
from cascadesim.optimizer.uncertainty import swings as find_swings
from cascadesim.optimizer.uncertainty import switches as find_switches
from cascadesim.reports.following import Flow, Followed, follow
from cascadesim.reports.progress import bars

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from cascadesim.reports.beside import Line
    from cascadesim.reports.results.answer import Answer
    from cascadesim.reports.results.comparison import Comparison
    from cascadesim.reports.results.outcome import Outcome
    from cascadesim.reports.results.plan import Plan


class Ways:
    """The pictures of people's ways through cases, and of the times at which messages go out."""

    def __init__(self, model: Model, cases: Sequence[Case], contacts: Mapping[str, Sequence[Contact]]) -> None:
        self._model, self._cases, self._contacts = model, {case.name: case for case in cases}, contacts
        self._known: dict[str, Followed] = {}

    def flow(self, chain: str | None = None, segment: str | None = None, ax: Axes | None = None) -> Axes:
        """How many go on, stop or are skipped at each step. ValueError, with the names, where several may be meant."""
        from cascadesim.reports.pictures.flow import flow

        return flow(self._way(chain, segment), ax, currency=self._model.scenario.currency)

    def coverage(self, *chains: str, ax: Axes | None = None) -> Axes:
        """Coverage over time of these chains; of all, if none is named."""
        from cascadesim.reports.pictures.coverage import coverage

        return coverage([self._followed(name).curve() for name in chains or self._cases], ax)

    def sends(self, chain: str | None = None, ax: Axes | None = None) -> Axes:
        """What goes out in each hour, channel by channel, against the channels' limits."""
        from cascadesim.reports.pictures.sends import sends

        return sends(self._followed(self._named(chain)).sendings(), self._model.scenario, ax)

    def _way(self, chain: str | None, segment: str | None) -> Flow:
        flows = {flow.name: flow for flow in self._followed(self._named(chain)).flows()}
        if segment is None and len(flows) == 1:
            return next(iter(flows.values()))
        if segment not in flows:
            raise ValueError(f"name the segment: {', '.join(flows)}")
        return flows[segment]

    def _named(self, chain: str | None) -> str:
        if chain is None and len(self._cases) == 1:
            return next(iter(self._cases))
        if chain not in self._cases:
            raise ValueError(f"name the chain: {', '.join(self._cases)}")
        return chain

    def _followed(self, name: str) -> Followed:
        if name not in self._known:
            with bars("following", None) as told:
                self._known[name] = follow(self._model, self._cases[name], self._contacts, progress=told)
        return self._known[name]


class OutcomePictures(Ways):
    """The pictures of an outcome."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.model, outcome.cases, outcome.contacts)
        self._outcome = outcome

    def cost(self, *chains: str, ax: Axes | None = None) -> Axes:
        """What each channel costs in these chains; in all, if none is named."""
        from cascadesim.reports.pictures.cost import cost

        chosen = [self._outcome.chain(name) for name in chains] or self._outcome.chains
        return cost(chosen, ax, currency=self._model.scenario.currency)


class PlanPictures(Ways):
    """The pictures of a plan. Its people come from a file as `contacts` say; of such a plan make them by `of`."""

    def __init__(self, plan: Plan, contacts: Mapping[str, Sequence[Contact]] | None = None) -> None:
        super().__init__(plan.model, [Case("plan", plan.routes())], contacts or {})
        self._plan = plan

    def of(self, contacts: Mapping[str, Sequence[Contact]]) -> PlanPictures:
        """The same with the people of segments that come from a file (`load_segments`)."""
        return PlanPictures(self._plan, contacts)

    def live(self, counts: Sequence[Line], ax: Axes | None = None) -> Axes:
        """The forecast beside what is known of a running campaign, as `reports.beside` counts it."""
        from cascadesim.reports.pictures.live import live

        return live(counts, ax)


class AnswerPictures:
    """The pictures of an answer."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def frontier(self, compared: Sequence[ChainOutcome] = (), ax: Axes | None = None) -> Axes:
        """What coverage costs; `compared` are the chains of an outcome."""
        from cascadesim.reports.pictures.frontier import frontier

        return frontier(self._answer, compared, ax, currency=self._answer.model.scenario.currency)

    def tornado(self, ax: Axes | None = None) -> Axes:
        """How far one rate moves the optimum, rate by rate. RefusedError where a segment has several plans."""
        from cascadesim.reports.pictures.swings import tornado

        it = self._answer
        value, currency = it.objective_value, it.model.scenario.currency
        return tornado(self._swings, value or 0.0, it.question.objective, ax, currency=currency)

    def switches(self, channel: str, verb: str = "opens", segment: str | None = None, ax: Axes | None = None) -> Axes:
        """Which plan is best as one rate moves: `switches("sms", "opens", "loyal")` is the segment's own.

        ValueError, with the rates there are, where this is none; RefusedError where a segment has several plans.
        """
        from cascadesim.reports.pictures.swings import switches

        it = self._answer
        rates = {(s.name.channel, s.name.verb, s.name.segment): s.name for s in self._swings if not s.name.resend}
        name = next((rate for key, rate in rates.items() if key == (channel, verb, segment)), None)
        if name is None:
            raise ValueError(f"name a rate: {', '.join(map(str, rates.values()))}")
        found = self._along(name)
        return switches(found, sorted(it.plans), it.question.objective, ax, currency=it.model.scenario.currency)

    def _along(self, name: RateName) -> Swing:
        with bars("moving", None) as told:
            count = None if told is None else lambda done, total: told("a rate", done, total)
            return find_switches(self._answer.model, self._answer, name, self._answer.people, progress=count)

    @cached_property
    def _swings(self) -> tuple[Swing, ...]:
        with bars("moving", None) as told:
            count = None if told is None else lambda done, total: told("rates", done, total)
            return find_swings(self._answer.model, self._answer, self._answer.people, count)


class ComparisonPictures:
    """The picture of a comparison."""

    def __init__(self, found: Comparison) -> None:
        self._found = found

    def difference(self, figure: str = "coverage", ax: Axes | None = None) -> Axes:
        """B less A with 95% intervals, by segment; KeyError for a figure that is none of the comparison's."""
        from cascadesim.reports.pictures.difference import difference

        return difference(self._found, ax, figure=figure, currency=self._found.currency)
