"""`optimize`: a question in, the best plan with its certificate out."""

from __future__ import annotations

import math
from collections.abc import Sequence

from cascadesim.errors import InputError, QuestionError, RefusedError
from cascadesim.model.model import Model
from cascadesim.model.question import Objective, Question
from cascadesim.optimizer.answer import Answer, SegmentPlan, Totals, chain_of
from cascadesim.optimizer.choice import Choice
from cascadesim.optimizer.contest import compete
from cascadesim.optimizer.diagnosis import infeasible
from cascadesim.optimizer.frontier import frontier
from cascadesim.optimizer.ideal import idealised
from cascadesim.optimizer.limits import in_units, limits_of, objective_ratio
from cascadesim.optimizer.master import Master
from cascadesim.optimizer.quantities import COST, COVERED, MESSAGES, PEOPLE, Form, Quantity
from cascadesim.optimizer.restriction import Restriction
from cascadesim.optimizer.search import Candidates
from cascadesim.optimizer.shortlist import short_list
from cascadesim.optimizer.task import People, Progress, Task
from cascadesim.units import BILLION, Share

PROVEN = 1e-9
"""Up to which gap, as a share of the value, a plan is proven best (S16)."""


def optimize(
    model: Model,
    question: Question,
    people: People | None = None,
    restriction: Restriction | None = None,
    progress: Progress | None = None,
) -> Answer:
    """The best plan for each segment within the question's limits, found by looking at every plan allowed.

    `people` has the contacts of the segments that take them from a file. Throughput and clock rules are set
    aside, and the answer says so; then the plans that are best without them compete on simulated people, and the
    answer is the one that wins there (`contest`); its figures are the closed form's all the same. RefusedError for
    what is not searched or not in the closed form's scope. QuestionError where no plan keeps the limits (C401, C402),
    none is allowed (C403, C404), there are too many (C405), a limit speaks of a foreign segment (C406), there is
    nobody to write to (C407), no plan that keeps the limits was found in time (C408), or a plan's figures cannot be
    calculated (C409).
    """
    _refuse_unsearched(question)
    question, restricted = restriction.narrow(question) if restriction else (question, ())
    segments = model.segments_of(question.segments)
    ideal, aside = idealised(model, question.channels, segments)
    limits = limits_of(ideal, question, segments)
    best = objective_ratio(ideal, question.objective, segments)
    wanted = [quantity for ratio in (best, *(limit.ratio for limit in limits)) for quantity in ratio.quantities]
    task = Task(ideal, question, people or {}, wanted)
    candidates = task.search(progress)
    missed = task.missed(candidates)
    master = Master(candidates, task.charged)
    choice = master.best(best, [limit.row for limit in limits]) if all(c.plans for c in candidates) else None
    if choice is None:
        raise _too_late(question, missed) if missed else infeasible(master, limits)
    listed = short_list(master, candidates, choice, best, limits) if aside else ()
    contest = compete(model, question, people or {}, listed, best, limits)
    if contest is not None and contest.chosen is not None:
        won = listed[contest.chosen]
        choice = Choice(won.picks, won.value, won.value)
    value, bound, gap = _claim(question.objective, choice, is_whole=not (aside or missed))
    return Answer(
        question=question,
        plans={c.segment: (_plan(task, c, k),) for c, k in zip(candidates, choice.picks, strict=True)},
        objective_value=value,
        bound=bound,
        gap=gap,
        nodes=sum(c.nodes for c in candidates),
        status="proven" if gap is not None and gap <= PROVEN else "gap",
        set_aside=aside + missed,
        restricted=restricted,
        frontier=frontier(master, candidates, choice.picks),
        total=_totals(master, candidates, choice.picks),
        contest=contest,
    )


def _refuse_unsearched(question: Question) -> None:
    asked = {
        "`by reach`, a chain for each reach pattern": question.by_reach,
        "`may split segments`, two plans in one segment": question.may_split,
    }
    reasons = [f"the optimizer does not search {what}: leave it out" for what, is_asked in asked.items() if is_asked]
    if reasons:
        raise RefusedError(*reasons)


def _too_late(question: Question, missed: tuple[str, ...]) -> InputError:
    message = f"no plan that keeps the limits was found in the time given; not looked at: {missed[0]}"
    return QuestionError.of("C408", message, "give it more time, or fewer steps, waits or channels", question.span)


def _plan(task: Task, candidates: Candidates, pick: int) -> SegmentPlan:
    segment, steps = candidates.segment, candidates.plans[pick]
    return SegmentPlan(Share(1.0), chain_of(task.question, segment, steps), steps, task.measures(segment, steps))


def _claim(objective: Objective, choice: Choice, is_whole: bool) -> tuple[float | None, float | None, float | None]:
    """Value, bound and gap; the last two are unknown unless the whole of the model and the space was searched."""
    value = in_units(objective, choice.value)
    if choice.bound == choice.value:
        return (value, value, 0.0) if is_whole else (value, None, None)
    bound = in_units(objective, choice.bound) if is_whole and math.isfinite(choice.bound) else None
    gap = abs(value - bound) / abs(value) if value and bound is not None else None
    return value, bound, gap


def _totals(master: Master, candidates: Sequence[Candidates], picks: tuple[int, ...]) -> Totals:
    over = frozenset(c.segment for c in candidates)

    def total(quantity: Quantity, fees: float = 0.0) -> float:
        return master.total(Form({quantity: 1.0}, over, fees), picks)

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
