"""`optimize`, and its answer as it is shown; what uncertain rates do to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from cascadesim.contacts import Contact
from cascadesim.model.model import Model
from cascadesim.model.question import Question
from cascadesim.optimizer import Restriction
from cascadesim.optimizer import answer as plain
from cascadesim.optimizer import optimize as search
from cascadesim.optimizer.uncertainty import study
from cascadesim.reports.progress import Told, bars
from cascadesim.reports.results.shown import Shown, taken

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from cascadesim.reports.results.drawing import AnswerPictures

Contacts = Mapping[str, Sequence[Contact]]


@dataclass(frozen=True, repr=False, eq=False)
class Answer(Shown, plain.Answer):
    """The best plan found, with the model and the people that it was found for."""

    model: Model = field(kw_only=True)
    people: Contacts = field(kw_only=True)

    def sections(self) -> Iterator[RenderableType]:
        """The plan and its certificate, how it was chosen, what a change of a step would cost, what coverage costs."""
        from rich.text import Text

        from cascadesim.optimizer import plan_of
        from cascadesim.reports import answers
        from cascadesim.reports.changes import changes_table
        from cascadesim.reports.plans import plan_report

        currency = self.model.scenario.currency
        yield Text(f"The answer: {self.model.scenario.title or self.question.title or 'the best plan'}", "bold")
        yield from answers.comparison_report(self, (), currency)
        yield from plan_report(plan_of(self, self.model, ""), "By segment")
        yield from answers.ended_text(self)
        yield from answers.restricted_text(self)
        yield from answers.by_reach_text(self)
        yield from answers.contest_report(self, currency)
        yield from changes_table(self, currency)
        yield answers.frontier_table(self, currency)

    def to_frame(self) -> pd.DataFrame:
        """The frontier, cheapest first: coverage, cost per person, the next percent's price, each segment's plan."""
        import pandas as pd

        from cascadesim.reports.answers import way

        rows = [
            {"coverage": p.coverage, "cost_per_person": p.cost_per_person, "next_percent": p.next_percent}
            | {name: way(steps) for name, steps in sorted(p.steps.items())}
            for p in self.frontier
        ]
        return pd.DataFrame(rows)

    @cached_property
    def plot(self) -> AnswerPictures:
        """Its pictures: `frontier`, `tornado` and `switches`; each takes `ax` and returns it."""
        from cascadesim.reports.results.drawing import AnswerPictures

        return AnswerPictures(self)


@dataclass(frozen=True, repr=False, eq=False)
class Uncertainty(Shown, study.Uncertainty):
    """What uncertain rates do to a plan, in the scenario's currency."""

    currency: str = field(kw_only=True)

    def sections(self) -> Iterator[RenderableType]:
        """The contenders with their regret, what the rates are worth to know, and what to measure next."""
        from cascadesim.reports.uncertainty import uncertainty_report

        yield from uncertainty_report(self, self.currency)

    def to_frame(self) -> pd.DataFrame:
        """The rates with evidence, from the one that is worth most to know on; worth is in the objective's unit."""
        import pandas as pd

        rows = [
            {"rate": str(r.belief.name), "low": r.belief.interval[0], "high": r.belief.interval[1], "worth": r.exactly}
            for r in self.rates
        ]
        return pd.DataFrame(rows, columns=["rate", "low", "high", "worth"]).set_index("rate")


def optimize(
    model: Model,
    question: Question,
    people: Contacts | None = None,
    restriction: Restriction | None = None,
    progress: Told | bool | None = None,
    stop: Callable[[], bool] = lambda: False,
    plan_alone: bool = False,
) -> Answer:
    """The best plan for each segment, or each reach pattern, within the question's limits.

    `people` has the contacts of the segments that take them from a file (`load_segments`), `restriction` what a vendor
    can carry. Throughput is set aside, and clock rules where people do not enter together; the answer says so, and the
    plans that are best without them compete on simulated people. `progress` is as `reports.progress` says; when `stop`
    says so the search ends with the best it has. With `plan_alone` there is neither contest nor frontier.

    RefusedError for what is not in the closed form's scope; QuestionError where no plan can be given (C401 to C410).
    """
    with bars("looking at", progress) as told:
        count = None if told is None else lambda done, total: told("plans", done, total)
        found = search(model, question, people, restriction, count, stop, plan_alone)
    return Answer(**taken(found), model=model, people=people or {})


def uncertainty(
    model: Model,
    answer: plain.Answer,
    people: Contacts | None = None,
    draws: int = study.DRAWS,
    progress: Told | bool | None = None,
) -> Uncertainty:
    """How much the answer depends on what is not known of the rates: the question is solved again under drawn rates.

    ValueError for less than one draw; RefusedError if no rates can be drawn, QuestionError as `optimize`.
    """
    with bars("solving", progress) as told:
        count = None if told is None else lambda done, total: told("draws", done, total)
        found = study.uncertainty(model, answer, people, draws, count)
    return Uncertainty(**taken(found), currency=model.scenario.currency)
