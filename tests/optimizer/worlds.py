"""A question and the naive sums of all its plans: every choice of plans together, and what each comes to."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from cascadesim.model.model import Model
from cascadesim.model.question import EACH, Keep, Question
from cascadesim.units import BILLION, Money
from tests.optimizer.naive import Naive, Plan, Sums, naive_reach

CLOSE = 1e-9
Group = tuple[str, frozenset[str] | None]
"""Who gets one plan: a segment or, by reach, those of it with one reach pattern."""


def all_plans(model: Model, question: Question) -> Iterator[Plan]:
    """Every plan allowed, by throwing away what is not."""
    times = dict.fromkeys(question.channels, 1) | {r.channel: r.times for r in question.repeats}
    for length in range(question.min_steps, min(question.max_steps, question.never_more or 99) + 1):
        for names in itertools.product(sorted(question.channels), repeat=length):
            if (
                any(names.count(c) > times[c] for c in names)
                or (question.start_with and names[0] not in question.start_with)
                or (question.end_with and names[-1] not in question.end_with)
                or any(n.channel in names[i + 1 :] for n in question.never for i, c in enumerate(names) if c == n.after)
            ):
                continue
            for waits in itertools.product(question.waits, repeat=length - 1):
                yield tuple((c, w, early(model, question, c, w)) for c, w in zip(names, (*waits, None), strict=True))


def early(model: Model, question: Question, channel: str, wait: int | None) -> int | None:
    """`but .. if undelivered`: of waits that are longer, on channels that report delivery (S10)."""
    end = question.undelivered_after
    is_early = end is not None and wait is not None and wait > end
    return end if is_early and model.channel(channel).reports_state("delivered") else None


@dataclass
class World:
    """The naive sums of all plans of all groups; a figure is an array over all choices of one plan a group."""

    model: Model
    question: Question
    instants: tuple[int, ...]

    def __post_init__(self):
        self.segments = sorted(s.name for s in self.model.segments)
        self.groups: list[Group] = [g for s in self.segments for g in self._groups(s)]
        self.plans = list(all_plans(self.model, self.question))
        self.people = [self.model.segment(s).people.count * self._share(s, reach) for s, reach in self.groups]
        self.sums: list[list[Sums]] = []
        for segment, reach in self.groups:
            naive = Naive(self.model, self.question, segment, self.instants, reach)
            self.sums.append([naive.sums(plan) for plan in self.plans])
        grid = np.meshgrid(*[np.arange(len(self.plans))] * len(self.groups), indexing="ij")
        self.choices = [picks.ravel() for picks in grid]

    def _reach(self, segment: str) -> list[tuple[frozenset[str], float]]:
        return [(r, w) for r, w in naive_reach(self.model, segment, self.question.channels) if w > 0]

    def _groups(self, segment: str) -> list[Group]:
        return [(segment, r) for r, _ in self._reach(segment)] if self.question.by_reach else [(segment, None)]

    def _share(self, segment: str, reach: frozenset[str] | None) -> float:
        return math.fsum(w for r, w in self._reach(segment) if reach in (None, r))

    def of_plans(self, of: str | None, what: Callable[[Sums], float]) -> list[np.ndarray]:
        """A sum over the people of a segment (None: all) for each group's plans."""
        found = []
        for (segment, _), people, sums in zip(self.groups, self.people, self.sums, strict=True):
            found.append(np.array([people * what(s) if of in (None, segment) else 0.0 for s in sums]))
        return found

    def measure(self, of: str | None, what: Callable[[Sums], float]) -> np.ndarray:
        """The same for each choice."""
        return sum(values[picks] for values, picks in zip(self.of_plans(of, what), self.choices, strict=True))

    def cost(self, of: str | None = None) -> np.ndarray:
        """In billionths; what is paid for the campaign counts in totals only (S13)."""
        total = np.zeros(len(self.choices[0]))
        for channel in self.question.channels:
            spent = self.measure(of, lambda s, c=channel: s.cost.get(c, 0.0))
            once = [p for p in self.model.channel(channel).costs if p.basis == "campaign"]
            if once and of is None:
                has = np.array([any(step[0] == channel for step in plan) for plan in self.plans])
                used = np.any([has[picks] for picks in self.choices], axis=0)
                fee = sum(p.amount.billionths for p in once if not p.at_least)
                least = max([0, *(p.amount.billionths for p in once if p.at_least)])
                spent = np.where(used, np.maximum(spent + fee, least), spent)
            total += spent
        return total

    def figure(self, keep: Keep, of: str | None) -> np.ndarray:
        """What a limit speaks of, in the limit's unit."""
        above, below = self.ratio(keep, of)
        return np.divide(above, below, out=np.full_like(above, np.inf), where=below > 0)

    def ratio(self, keep: Keep, of: str | None) -> tuple[np.ndarray, np.ndarray]:
        """What stands above and below."""
        people, covered = self.measure(of, lambda s: 1.0), self.measure(of, lambda s: s.covered)
        messages = self.measure(of, lambda s: sum(n for c, n in s.messages.items() if keep.channel in (None, c)))
        horizon = int(self.model.scenario.horizon)
        match keep.measure:
            case "coverage":
                return covered, people
            case "total cost":
                return self.cost(of), np.ones(len(people))
            case "cost per person":
                return self.cost(of), people
            case "cost per covered person":
                return self.cost(of), covered
            case "messages per person":
                return messages, people
            case "messages":
                return messages, np.ones(len(people))
            case "time to open":
                by = int(keep.value) - (keep.bound == "under")
                return self.measure(of, lambda s: s.opened(by)), self.measure(of, lambda s: s.opened(horizon))
        raise AssertionError(keep.measure)

    def scopes(self, keep: Keep) -> list[str | None]:
        return list(self.segments) if keep.of == EACH else [keep.of]

    def keeps(self, keep: Keep) -> np.ndarray:
        """Which choices keep a limit."""
        bound, wants_more = bound_of(keep)
        kept = np.ones(len(self.choices[0]), dtype=bool)
        for of in self.scopes(keep):
            figure = self.figure(keep, of)
            kept &= figure >= bound * (1 - CLOSE) if wants_more else figure <= bound * (1 + CLOSE)
        return kept

    def value(self) -> np.ndarray:
        """The objective, in the unit that people read."""
        people, covered = self.measure(None, lambda s: 1.0), self.measure(None, lambda s: s.covered)
        cost = self.cost() / BILLION
        objective = self.question.objective
        match objective.goal:
            case "cost per person":
                return cost / people
            case "coverage":
                return covered / people
            case "coverage per cost":
                return np.divide(covered, cost, out=np.full_like(cost, np.inf), where=cost > 0)
            case "profit":
                return covered * objective.value.billionths / BILLION - cost
            case "time to open":
                return self.measure(None, lambda s: s.time) / people / 1e6
        raise AssertionError(objective.goal)

    def best(self, keeps) -> tuple[float, int] | None:
        """(value, number) of the best choice that keeps these limits; None if there is none."""
        sign = 1 if self.question.objective.maximizes else -1
        kept = np.flatnonzero(np.all([self.keeps(k) for k in keeps], axis=0)) if keeps else np.arange(self.size)
        if not len(kept):
            return None
        values = self.value()[kept]
        at = int(np.argmax(sign * values))
        return float(values[at]), int(kept[at])

    @property
    def size(self) -> int:
        """How many choices there are."""
        return len(self.choices[0])

    def chosen(self, plans) -> int:
        """The number of the choice that an answer's plans, by segment, are."""
        numbers = []
        for segment, reach in self.groups:
            (own,) = [p for p in plans[segment] if p.reach == reach]
            steps = tuple((s.channel, s.wait, s.undelivered_after) for s in own.steps)
            numbers.append(self.plans.index(steps))
        return int(np.ravel_multi_index(numbers, [len(self.plans)] * len(self.groups)))


def bound_of(keep: Keep) -> tuple[float, bool]:
    """A limit's bound as a number, and whether more is wanted; of openers, a share of them by then."""
    bound = keep.openers if keep.openers is not None else keep.value
    wants_more = keep.bound in ("at least", "over") if keep.openers is None else True
    return (bound.billionths if isinstance(bound, Money) else float(bound)), wants_more
