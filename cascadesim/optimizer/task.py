"""A question made ready to be searched: who gets one plan each, the space, and what must be known of every plan."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from cascadesim.contacts import Contact
from cascadesim.engines.exact import Evaluator
from cascadesim.engines.exact.classes import Classes, headcount
from cascadesim.errors import QuestionError
from cascadesim.model.model import Model
from cascadesim.model.prices import CampaignFee, campaign_fee
from cascadesim.model.question import Question
from cascadesim.model.segment import Contacts
from cascadesim.optimizer.audience import Audience
from cascadesim.optimizer.board import TooManyInstantsError
from cascadesim.optimizer.limits import Limit
from cascadesim.optimizer.quantities import COST, COVERED, MESSAGES, PEOPLE, Quantity, Ratio
from cascadesim.optimizer.restriction import listed
from cascadesim.optimizer.search import Search
from cascadesim.optimizer.space import Space
from cascadesim.units import SECOND

_PARTLY, _CHANNELS = 12, 62

People = Mapping[str, Sequence[Contact]]
Progress = Callable[[int, int], None]
"""Told how many plans have been looked at, and how many there are."""


class Task:
    """The audiences of a question on a model without limits, and without clock rules unless `by_clock`.

    `charged` is what the channels that charge for the campaign cost once. QuestionError: nobody to write to
    (C407), no plan allowed (C403), too many channels (C410), or, here or in the search, waits that sum up to too
    many instants (C405) or figures that cannot be calculated (C409). The search ends early when `stop` says so.
    """

    def __init__(
        self,
        model: Model,
        question: Question,
        people: People,
        wanted: Iterable[Quantity],
        by_clock: bool,
        progress: Progress | None,
        stop: Callable[[], bool],
    ) -> None:
        self.question, self._model, self._people, self._by_clock = question, model, people, by_clock
        self._progress, self._stop = progress, stop
        self.segments = model.segments_of(question.segments)
        self.space = Space.of(model, question)
        plans = self._checked_size()
        fees = {c: campaign_fee(model, c) for c in self.space.channels}
        self.charged = {c: fee for c, fee in fees.items() if fee != CampaignFee()}
        quantities = {PEOPLE, COVERED, COST, MESSAGES, *wanted, *(Quantity("cost", c) for c in self.charged)}
        self._quantities = tuple(sorted(quantities, key=lambda q: (q.kind, q.channel or "", q.at or 0)))
        budget = question.search_for
        self._end = None if budget is None else time.monotonic() + budget / SECOND
        self.stopped = False
        self._check_kinds_of_people()
        with self.calculating():
            self._counts = {name: headcount(model, name, people.get(name)) for name in self.segments}
            self.audiences = tuple(a for name in self.segments for a in self._audiences(name))
        self._check_people()
        self.size = plans * len(self.audiences)
        self.search = Search(self.audiences, plans, self.charged, self._going, question.may_split)

    def _check_people(self) -> None:
        if not sum(self._counts.values()):
            message = f"there is nobody to write to in {listed(self.segments)}"
            raise QuestionError.of("C407", message, "give the segments people", self.question.span)

    def _checked_size(self) -> int:
        space, size = self.space, self.space.size()
        if not size:
            message = f"no plan of {space.min_steps} to {space.max_steps} steps on {listed(space.channels)} is allowed"
            hint = "look at `steps`, `waits`, `repeat`, `start with`, `end with` and `never`"
            raise QuestionError.of("C403", message, hint, self.question.span)
        return size

    def _check_kinds_of_people(self) -> None:
        """Each channel that reaches only some doubles the kinds of people there are."""
        for name in self.segments:
            who = self._model.segment(name).people
            rates = {c: self._model.rate(name, c, "reaches") for c in self.space.channels}
            some = [c for c, rate in rates.items() if rate is not None and 0 < rate.low < 1]
            if len(some) > _PARTLY and not isinstance(who, Contacts):
                message = f"{len(some)} of the channels reach only some of {name}: too many kinds of people to look at"
                hint = f"choose from fewer channels, up to {_PARTLY} of them that reach only some"
                raise QuestionError.of("C410", message, hint, self.question.span)
        if len(self.space.channels) > _CHANNELS:
            message = f"the question chooses from {len(self.space.channels)} channels; up to {_CHANNELS} are looked at"
            raise QuestionError.of("C410", message, "choose from fewer channels", self.question.span)

    def missed(self) -> tuple[str, ...]:
        """What the search did not get to, as a phrase; nothing where it got through."""
        return (f"all but {self.search.nodes:,} of the {self.size:,} plans",) if self.stopped else ()

    def _going(self, nodes: int) -> bool:
        """Whether there is time left; asked every few milliseconds."""
        if self._progress is not None and self.search.is_listed:
            self._progress(min(nodes, self.size), self.size)
        late = self._end is not None and time.monotonic() > self._end
        self.stopped = self.stopped or late or self._stop()
        return not self.stopped

    def _audiences(self, segment: str) -> Iterator[Audience]:
        """The segment's people; by reach, those of each reach pattern there is."""
        charged = frozenset(self.charged)
        if not self.question.by_reach:
            yield Audience(
                segment, self._counts[segment], self._evaluator(segment, {}), self.space, self._quantities, charged
            )
            return
        channels = self.space.channels
        classes = Classes(self._model, segment, channels, self._people.get(segment), {})
        for reach, weight in zip(classes.patterns, classes.weights, strict=True):
            evaluator = self._evaluator(segment, {c: c in reach for c in channels})
            count = self._counts[segment] * float(weight)
            yield Audience(segment, count, evaluator, self.space, self._quantities, charged, reach)

    def _evaluator(self, segment: str, given: Mapping[str, bool]) -> Evaluator:
        question, horizon = self.question, self._model.scenario.horizon
        return Evaluator(
            self._model,
            segment,
            cover=question.goal_events,
            within=horizon if question.within is None else min(question.within, horizon),
            stop=question.stop_events,
            people=self._people.get(segment),
            saying=question.saying,
            channels=self.space.channels,
            given=given,
            by_clock=self._by_clock,
        )

    @contextlib.contextmanager
    def calculating(self) -> Iterator[None]:
        """What the closed form cannot calculate with, such as a text that lacks a contact's cell, as a diagnostic."""
        try:
            yield
        except TooManyInstantsError:
            message = "the waits add up to more different times than can be looked at"
            hint = "give fewer waits, rounder ones such as 30 min, 1 h and 2 h, or fewer `steps`"
            raise QuestionError.of("C405", message, hint, self.question.span) from None
        except ValueError as error:
            raise QuestionError.of("C409", f"the plans cannot be compared: {error}", span=self.question.span) from error


def quantities_of(best: Ratio, limits: Sequence[Limit]) -> list[Quantity]:
    """What must be known of a plan for the objective and the limits."""
    return [quantity for ratio in (best, *(limit.ratio for limit in limits)) for quantity in ratio.quantities]
