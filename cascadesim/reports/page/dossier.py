"""What the page of a plan says. Of what is not in the plan file, all can be worked out from the model that is in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from cascadesim.contacts import Contact
from cascadesim.engines.case import Case, Progress, cases, unfinished
from cascadesim.engines.outcome import ChainOutcome, Outcome
from cascadesim.engines.simulate import simulate
from cascadesim.errors import QuestionError, RefusedError
from cascadesim.model.question import Question
from cascadesim.optimizer import Answer, optimize
from cascadesim.optimizer.uncertainty import Swing, swings
from cascadesim.plan import Plan
from cascadesim.reports.following import Followed, follow
from cascadesim.reports.limits import Checked, checked

Contacts = Mapping[str, Sequence[Contact]]
Stage = Callable[[str], Progress | None]
"""Given what is being done, says whom to tell how far it is."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is known of a plan. `answer` is its question asked anew, `is_answer` whether that gives this very plan.

    `answer` is None, and `unanswered` says why, where the model asks nothing or the question has no answer now.
    """

    plan: Plan
    outcome: Outcome
    followed: Followed
    question: Question | None
    kept: tuple[Checked, ...]
    answer: Answer | None
    is_answer: bool
    unanswered: str
    compared: tuple[ChainOutcome, ...]
    swings: tuple[Swing, ...]

    @property
    def simulated(self) -> ChainOutcome:
        """What the plan comes to."""
        return self.outcome.chains[0]

    @property
    def people(self) -> float:
        """The expected number of people it is for."""
        return sum(segment.people for segment in self.simulated.segments)


def gather(plan: Plan, contacts: Contacts, stage: Stage, quick: bool = False) -> Dossier:
    """Simulates the plan and its chains, follows its people, asks its question again, moves each rate (not if `quick`).

    `contacts` has the people of the plan's segments that take them from a file. RefusedError as `simulate`.
    """
    model, case = plan.model, Case("the plan", plan.routes())
    outcome = simulate(model, [case], contacts=contacts, progress=stage("simulating"))
    followed = follow(model, case, contacts, progress=stage("following"))
    question = _question(plan)
    answer, unanswered = _asked_again(plan, question, contacts, stage)
    is_answer = answer is not None and answer.routes() == plan.routes()
    moved: tuple[Swing, ...] = ()
    if answer is not None and is_answer and not quick:
        moved = _moved(plan, answer, contacts, stage)
    kept = () if question is None else checked(model, question, outcome.chains[0])
    compared = _compared(plan, question, contacts, stage)
    return Dossier(plan, outcome, followed, question, kept, answer, is_answer, unanswered, compared, moved)


def _question(plan: Plan) -> Question | None:
    """What the plan answers: the model's first question, of the plan's segments; none if it was written by hand."""
    if not plan.model.questions:
        return None
    question = plan.model.questions[0]
    return question if plan.certificate.status != "chosen" else replace(question, segments=plan.names)


def _asked_again(plan: Plan, question: Question | None, contacts: Contacts, stage: Stage) -> tuple[Answer | None, str]:
    if question is None:
        return None, "The script asks no question, so there is nothing to compare the plan with."
    told = stage("looking at")
    count = None if told is None else lambda done, total: told("plans", done, total)
    try:
        return optimize(plan.model, question, contacts, progress=count), ""
    except (QuestionError, RefusedError) as error:
        return None, str(error)


def _moved(plan: Plan, answer: Answer, contacts: Contacts, stage: Stage) -> tuple[Swing, ...]:
    told = stage("moving")
    count = None if told is None else lambda done, total: told("rates", done, total)
    try:
        return swings(plan.model, answer, contacts, count)
    except RefusedError:  # a segment has several plans, by share or by reach
        return ()


def _compared(plan: Plan, question: Question | None, contacts: Contacts, stage: Stage) -> tuple[ChainOutcome, ...]:
    """The chains of the script that write to the very people of the plan: those it is to be compared with, or all."""
    named = question.compare if question is not None else ()
    return tuple(
        simulate(plan.model, [case], contacts=contacts, progress=stage("simulating")).chains[0]
        for case in cases(plan.model, *named)
        if case.segments == plan.names and not any(unfinished(case))
    )
