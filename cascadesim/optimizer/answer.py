"""The optimizer's answer: a plan for each segment, what it comes to, and what the certificate may say (S16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cascadesim.engines.exact import Measures
from cascadesim.model.chain import Chain, Route, Send, Wait
from cascadesim.model.question import Question
from cascadesim.optimizer.candidates import audience_name
from cascadesim.optimizer.contest import Contest
from cascadesim.optimizer.explain import RunnerUp
from cascadesim.optimizer.space import Steps
from cascadesim.units import Share


@dataclass(frozen=True, slots=True)
class SegmentPlan:
    """What a share of a segment gets: the chain, its steps, and what the closed form says of it for one person.

    With `reach` it is for the segment's people with just these channels, and its figures are theirs.
    """

    share: Share
    chain: Chain
    steps: Steps
    measures: Measures
    reach: frozenset[str] | None = None

    def name(self, segment: str) -> str:
        """Whose plan it is: the segment, and by reach the channels that these people of it have."""
        return audience_name(segment, self.reach)


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """A choice of plans (`steps` by segment) that no other beats in coverage and in cost per person, both.

    Coverage is a share, the cost in units of the scenario's currency, campaign fees included. `next_percent` is how
    much more the cheapest point costs, per person, that covers at least a percent of the people more; None if none.
    """

    coverage: float
    cost_per_person: float
    steps: Mapping[str, Steps]
    next_percent: float | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """What the plan comes to over all its people (expected numbers): shares, and money in currency units."""

    people: float
    coverage: float
    cost: float
    cost_per_person: float
    cost_per_covered: float | None
    messages_per_person: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The best plan found, by segment.

    `objective_value` and `bound` are in the objective's unit: money in the currency, a share, covered people per
    unit of currency, or seconds (None: no value, as coverage per cost of what is free). `gap` is their distance
    as a share of the value. `status` is `proven` when no better plan exists on the channels, waits and touches
    stated; else `gap`, with bound and gap where they are known. `set_aside` says what the closed form left out
    of the model or the search out of the space, `stopped` whether the search ended before it was done, `restricted`
    what a restriction took out of the question.
    `nodes` counts the plans looked at and the beginnings cut off. Where the model has what was set aside, `contest`
    says how the plan was chosen from those that are best without it; None where there was no contest. `runner_ups` are
    the best plans that a change of one step makes. By reach, `one_chain` is the objective of the best plan that gives
    each segment one chain.
    """

    question: Question
    plans: Mapping[str, tuple[SegmentPlan, ...]]
    objective_value: float | None
    bound: float | None
    gap: float | None
    nodes: int
    status: Literal["proven", "gap"]
    set_aside: tuple[str, ...]
    stopped: bool
    restricted: tuple[str, ...]
    frontier: tuple[FrontierPoint, ...]
    total: Totals
    contest: Contest | None = None
    runner_ups: tuple[RunnerUp, ...] = ()
    one_chain: float | None = None

    def routes(self) -> tuple[Route, ...]:
        """Who follows which chain, by segment and reach."""
        return tuple(
            Route(name, plan.chain, plan.share, None if plan.reach is None else tuple(sorted(plan.reach)))
            for name in sorted(self.plans)
            for plan in self.plans[name]
        )


def chain_of(question: Question, segment: str, steps: Steps) -> Chain:
    """The plan as a chain, `plan for SEGMENT`, that stops and speaks as the question says."""
    body = tuple(Send((s.channel,), wait=None if s.wait is None else Wait(s.wait, s.undelivered_after)) for s in steps)
    return Chain(
        f"plan for {segment}", body, segments=(segment,), saying=question.saying, stop_when=question.stop_events
    )
