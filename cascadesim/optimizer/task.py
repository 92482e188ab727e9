"""A question made ready to be searched: its people, its space and what must be known of every plan."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from cascadesim.contacts import Contact
from cascadesim.engines.exact import Evaluator, Measures, Prefix
from cascadesim.engines.exact.classes import headcount
from cascadesim.errors import QuestionError
from cascadesim.model.model import Model
from cascadesim.model.prices import CampaignFee, campaign_fee
from cascadesim.model.question import Question
from cascadesim.optimizer.quantities import COST, COVERED, MESSAGES, PEOPLE, Quantity
from cascadesim.optimizer.restriction import listed
from cascadesim.optimizer.search import Candidates, Search
from cascadesim.optimizer.space import Space, Steps
from cascadesim.units import SECOND

MOST_PLANS = 1_000_000
"""How many plans a question may allow; with `search for`, how many are looked at for each segment at most."""

People = Mapping[str, Sequence[Contact]]
Progress = Callable[[int, int], None]
"""Told how many plans have been looked at, and how many there are."""


class Task:
    """Searches each segment of a question on a model without clock rules and limits.

    `charged` is what the channels that charge for the campaign cost once. QuestionError: nobody to write to
    (C407), no plan allowed (C403), too many of them (C405), or, here or in the search, figures that cannot be
    calculated (C409).
    """

    def __init__(self, model: Model, question: Question, people: People, wanted: Iterable[Quantity]) -> None:
        self.question = question
        self.segments = model.segments_of(question.segments)
        self.space = Space.of(model, question)
        self._size = self._checked_size()
        with self._calculating():
            self._roots = {name: self._root(model, name, people) for name in self.segments}
        self._counts = {name: headcount(model, name, people.get(name)) for name in self.segments}
        self._check_people()
        fees = {c: campaign_fee(model, c) for c in self.space.channels}
        self.charged = {c: fee for c, fee in fees.items() if fee != CampaignFee()}
        quantities = {PEOPLE, COVERED, COST, MESSAGES, *wanted, *(Quantity("cost", c) for c in self.charged)}
        self._quantities = tuple(sorted(quantities, key=lambda q: (q.kind, q.channel or "", q.at or 0)))

    def _check_people(self) -> None:
        if not sum(self._counts.values()):
            message = f"there is nobody to write to in {listed(self.segments)}"
            raise QuestionError.of("C407", message, "give the segments people", self.question.span)

    def _checked_size(self) -> int:
        space, span = self.space, self.question.span
        size = space.size()
        if not size:
            message = f"no plan of {space.min_steps} to {space.max_steps} steps on {listed(space.channels)} is allowed"
            hint = "look at `steps`, `waits`, `repeat`, `start with`, `end with` and `never`"
            raise QuestionError.of("C403", message, hint, span)
        total = size * len(self.segments)
        if total > MOST_PLANS and self.question.search_for is None:
            message = f"the question allows {total:,} plans; up to {MOST_PLANS:,} are looked at"
            hint = "give fewer `steps`, `waits` or channels, say what to `start with`, or how long to `search for`"
            raise QuestionError.of("C405", message, hint, span)
        return size

    def search(self, progress: Progress | None) -> tuple[Candidates, ...]:
        """Every segment's plans; where the question limits the time, each has an equal share of what is left."""
        total, done = self._size * len(self.segments), 0

        def tick() -> None:
            nonlocal done
            done += 1
            if progress is not None:
                progress(done, total)

        budget = self.question.search_for
        end = None if budget is None else time.monotonic() + budget / SECOND
        found = []
        for left, name in zip(range(len(self.segments), 0, -1), self.segments, strict=True):
            now = time.monotonic()
            until = None if end is None else now + (end - now) / left
            search = Search(self._roots[name], self.space, frozenset(self.charged), MOST_PLANS, until, tick)
            with self._calculating():
                found.append(search.run(name, self._counts[name], self._quantities))
        if progress is not None:
            progress(total, total)
        return tuple(found)

    def missed(self, found: Sequence[Candidates]) -> tuple[str, ...]:
        """What the search did not get to, as a phrase; nothing where every plan was looked at."""
        if all(c.complete for c in found):
            return ()
        seen, total = sum(len(c.plans) for c in found), self._size * len(self.segments)
        return (f"all but {seen:,} of the {total:,} plans",)

    def measures(self, segment: str, steps: Steps) -> Measures:
        """What the closed form says of one plan, for one person."""
        prefix = self._roots[segment]
        for step in steps:
            prefix = prefix.then(step.channel, step.wait, step.undelivered_after)
        return prefix.measures()

    def _root(self, model: Model, segment: str, people: People) -> Prefix:
        question, horizon = self.question, model.scenario.horizon
        evaluator = Evaluator(
            model,
            segment,
            cover=question.goal_events,
            within=horizon if question.within is None else min(question.within, horizon),
            stop=question.stop_events,
            people=people.get(segment),
            saying=question.saying,
            channels=self.space.channels,
        )
        return evaluator.root()

    @contextlib.contextmanager
    def _calculating(self) -> Iterator[None]:
        """What the closed form cannot calculate with, such as a text that lacks a contact's cell, as a diagnostic."""
        try:
            yield
        except ValueError as error:
            raise QuestionError.of("C409", f"the plans cannot be compared: {error}", span=self.question.span) from error
