"""`optimize`: a question in, the best plan with its certificate out."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from cascadesim.errors import InputError, QuestionError
from cascadesim.model.model import Model
from cascadesim.model.question import Objective, Question
from cascadesim.optimizer.answer import Answer, FrontierPoint, SegmentPlan, Totals, chain_of
from cascadesim.optimizer.candidates import Candidates
from cascadesim.optimizer.choice import Choice
from cascadesim.optimizer.contest import Contest, compete
from cascadesim.optimizer.diagnosis import infeasible
from cascadesim.optimizer.explain import RunnerUp, runner_ups
from cascadesim.optimizer.frontier import frontier
from cascadesim.optimizer.ideal import clock_rules, idealised
from cascadesim.optimizer.limits import Limit, in_units, limits_of, objective_ratio
from cascadesim.optimizer.master import Master
from cascadesim.optimizer.polish import polished
from cascadesim.optimizer.quantities import COST, COVERED, MESSAGES, PEOPLE, Form, Quantity, Ratio
from cascadesim.optimizer.restriction import Restriction
from cascadesim.optimizer.search import Chosen, whole
from cascadesim.optimizer.shortlist import short_list
from cascadesim.optimizer.task import People, Progress, Task, quantities_of
from cascadesim.units import BILLION, Share

EXPLAINED = 12
"""Up to how many audiences the answer tells what a change of a step would cost."""

PROVEN = 1e-9
"""Up to which gap, as a share of the value, a plan is proven best (S16)."""


def optimize(
    model: Model,
    question: Question,
    people: People | None = None,
    restriction: Restriction | None = None,
    progress: Progress | None = None,
    stop: Callable[[], bool] = lambda: False,
    plan_alone: bool = False,
) -> Answer:
    """The best plan for each segment, or each reach pattern, within the question's limits.

    `people` has the contacts of the segments that take them from a file. Throughput is set aside, and clock rules where
    people do not enter together; the answer says so. Then the plans that are best without them compete on simulated
    people, and the answer is the one that wins there (`contest`); its figures are the closed form's all the same.
    With `plan_alone` there is neither contest nor frontier, which take longer than the plan.

    RefusedError for what is not in the closed form's scope. QuestionError where no plan keeps the limits (C401, C402),
    none is allowed (C403, C404), a limit speaks of a foreign segment (C406), there is nobody to write to (C407), no
    plan that keeps the limits was found in time (C408), there are too many different times (C405) or channels (C410),
    or a plan's figures cannot be calculated (C409). The search ends when its time does (`search for`), or when `stop`
    says so, with the best plan it has found; the answer then says how far from the best it may be.
    """
    question, restricted = restriction.narrow(question) if restriction else (question, ())
    segments = model.segments_of(question.segments)
    by_clock = clock_rules(model, question, segments) or False
    ideal, aside = idealised(model, question.channels, segments, by_clock)
    limits = limits_of(ideal, question, segments)
    best = objective_ratio(ideal, question.objective, segments)
    task = Task(ideal, question, people or {}, quantities_of(best, limits), by_clock, progress, stop)
    with task.calculating():
        chosen = task.search.best(best, [limit.row for limit in limits])
        missed = task.missed()
        if progress is not None:
            progress(task.size, task.size)
        if chosen is None:
            raise _too_late(question, missed) if missed else infeasible(task.search, limits)
        known = () if plan_alone else task.search.for_frontier()
        if known and chosen.bound < chosen.value and _is_whole(chosen) and len(task.audiences) <= EXPLAINED:
            chosen = polished(task.audiences, chosen, known, task.charged, best, limits)
        contest = None
        if aside and not plan_alone:
            contest, chosen = _confirmed(model, question, people or {}, task, chosen, best, limits)
        value, bound, gap = _claim(question.objective, chosen, is_whole=not aside)
        total = _totals(Master(chosen.candidates, task.charged), chosen)
        return Answer(
            question=question,
            plans=_plans(task, chosen),
            objective_value=value,
            bound=bound,
            gap=gap,
            nodes=task.search.nodes,
            status="proven" if gap is not None and gap <= PROVEN else "gap",
            set_aside=aside + (missed if bound is None else ()),
            stopped=task.stopped,
            restricted=restricted,
            frontier=_frontier(task, known, chosen, total) if known else (),
            total=total,
            contest=contest,
            runner_ups=() if plan_alone else _runner_ups(task, chosen, best, limits),
            one_chain=_one_chain(model, question, people, stop) if question.by_reach and not plan_alone else None,
        )


def _too_late(question: Question, missed: tuple[str, ...]) -> InputError:
    message = f"no plan that keeps the limits was found in the time given; not looked at: {missed[0]}"
    return QuestionError.of("C408", message, "give it more time, or fewer steps, waits or channels", question.span)


def _confirmed(
    model: Model, question: Question, people: People, task: Task, chosen: Chosen, best: Ratio, limits: Sequence[Limit]
) -> tuple[Contest | None, Chosen]:
    """The contest of the choice and those near it, and the choice that came out of it: one plan for each segment."""
    if question.by_reach or not _is_whole(chosen):
        return None, chosen
    master = Master(chosen.candidates, task.charged)
    choice = Choice(chosen.picks, chosen.value, chosen.value)
    listed = short_list(master, chosen.candidates, choice, best, limits)
    contest = compete(model, question, people, listed, best, limits)
    if contest is None or contest.chosen is None:
        return contest, chosen
    won = listed[contest.chosen]
    return contest, Chosen(chosen.candidates, whole(chosen.candidates, won.picks), won.value, won.value)


def _is_whole(chosen: Chosen) -> bool:
    """Whether everybody of an audience gets the same plan."""
    return all(share.max() == 1.0 for share in chosen.shares)


def _frontier(task: Task, candidates: Sequence[Candidates], chosen: Chosen, total: Totals) -> tuple[FrontierPoint, ...]:
    """The frontier, with the choice made if it gives everybody of an audience the same plan."""
    plans = {c.name: c.plans[k] for c, k in zip(chosen.candidates, chosen.picks, strict=True)}
    also = [FrontierPoint(total.coverage, total.cost_per_person, plans)] if _is_whole(chosen) else []
    return frontier(Master(candidates, task.charged), candidates, also)


def _runner_ups(task: Task, chosen: Chosen, best: Ratio, limits: Sequence[Limit]) -> tuple[RunnerUp, ...]:
    """What a change of one step would cost, where each audience has one plan and they are few enough to be shown."""
    if len(task.audiences) > EXPLAINED or not _is_whole(chosen):
        return ()
    steps = [c.plans[k] for c, k in zip(chosen.candidates, chosen.picks, strict=True)]
    return runner_ups(task.audiences, steps, task.charged, best, limits)


def _one_chain(model: Model, question: Question, people: People | None, stop: Callable[[], bool]) -> float | None:
    """The objective of the best plan with one chain a segment; None where no such plan keeps the limits."""
    try:
        return optimize(model, replace(question, by_reach=False), people, stop=stop, plan_alone=True).objective_value
    except QuestionError:
        return None


def _plans(task: Task, chosen: Chosen) -> dict[str, tuple[SegmentPlan, ...]]:
    """The plans that anybody gets, by segment; shares are of the segment's people."""
    plans: dict[str, tuple[SegmentPlan, ...]] = {}
    for audience, candidates, shares in zip(task.audiences, chosen.candidates, chosen.shares, strict=True):
        for k in np.flatnonzero(shares):
            steps = candidates.plans[k]
            name = audience.segment
            chain = chain_of(task.question, name, steps)
            plan = SegmentPlan(Share(float(shares[k])), chain, steps, audience.measures(steps), audience.reach)
            plans[name] = (*plans.get(name, ()), plan)
    return plans


def _claim(objective: Objective, chosen: Chosen, is_whole: bool) -> tuple[float | None, float | None, float | None]:
    """Value, bound and gap; the last two are unknown unless the whole of the model was searched."""
    value = in_units(objective, chosen.value)
    if chosen.bound == chosen.value:
        return (value, value, 0.0) if is_whole else (value, None, None)
    bound = in_units(objective, chosen.bound) if is_whole and math.isfinite(chosen.bound) else None
    gap = abs(value - bound) / abs(value) if value and bound is not None else None
    return value, bound, gap


def _totals(master: Master, chosen: Chosen) -> Totals:
    over = frozenset(c.segment for c in chosen.candidates)

    def total(quantity: Quantity, fees: float = 0.0) -> float:
        return master.mixed(Form({quantity: 1.0}, over, fees), chosen.shares)

    people, covered = total(PEOPLE), total(COVERED)
    cost = total(COST, fees=1.0) / BILLION
    return Totals(
        people=people,
        coverage=covered / people,
        cost=cost,
        cost_per_person=cost / people,
        cost_per_covered=cost / covered if covered > 0 else None,
        messages_per_person=total(MESSAGES) / people,
    )
