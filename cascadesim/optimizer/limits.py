"""A question's objective and `keep` lines as ratios of sums (S13, S14), and how messages speak of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import cast

from cascadesim.errors import Diagnostic, QuestionError
from cascadesim.model.model import Model
from cascadesim.model.question import EACH, Keep, Measure, Objective, Question
from cascadesim.optimizer.quantities import COST, COVERED, PEOPLE, TIME_TO_OPEN, Form, Quantity, Ratio
from cascadesim.units import BILLION, SECOND, Duration, Money, Share, plain

_DIGITS = 12  # beyond these is float noise


@dataclass(frozen=True, slots=True)
class Limit:
    """One `keep` line for one segment or for all together: `ratio` at most, or at least, `bound`.

    `strict` excludes the bound itself. `named` is what the limit speaks of (`coverage of loyal`).
    """

    keep: Keep
    named: str
    ratio: Ratio
    at_most: bool
    bound: float
    strict: bool
    currency: str

    @property
    def row(self) -> tuple[Form, bool]:
        """The form that is at most zero in every plan that keeps the limit, and whether it must be less.

        Where nothing stands below the ratio, as in the cost per covered person of nobody, zero above keeps it.
        """
        difference = self.ratio.above.plus(-self.bound, self.ratio.below)
        return (difference if self.at_most else difference.times(-1.0)), self.strict

    @property
    def asked(self) -> str:
        """What the script asks for: `at least 80%`."""
        if self.keep.openers is None:
            return f"{self.keep.bound} {self._written(Decimal(repr(self.bound)))}"
        words = ("under" if self.strict else "at most") if self.at_most else ("over" if self.strict else "at least")
        return f"{words} {self._written(Decimal(repr(self.bound)))}"

    def shown(self, value: float) -> str:
        """A value of the ratio as scripts write it, rounded to four digits to the side that can be kept."""
        rounding = ROUND_CEILING if self.at_most else ROUND_FLOOR
        without_noise = Context(_DIGITS).create_decimal(repr(value + 0.0))  # nor with the sign of a negative zero
        return self._written(Context(4, rounding).plus(without_noise))

    def _written(self, number: Decimal) -> str:
        value = self.keep.value
        if isinstance(value, Share) or self.keep.openers is not None:
            return f"{plain(number * 100)}%"
        if isinstance(value, Money):
            return f"{plain(number / BILLION)} {self.currency}"
        return str(Duration(int(number))) if isinstance(value, Duration) else plain(number)


def objective_ratio(model: Model, objective: Objective, segments: tuple[str, ...]) -> Ratio:
    """What is best at its least: a goal that maximizes is negated, coverage per cost turned upside down.

    `minimize time to open` is the restricted mean: each person's time to the first covering event, or the
    horizon for those who have none by then.
    """
    over = frozenset(segments)
    people, covered = Form({PEOPLE: 1.0}, over), Form({COVERED: 1.0}, over)
    cost = Form({COST: 1.0}, over, fees=1.0)
    match objective.goal:
        case "cost per person":
            return Ratio(cost, people)
        case "coverage":
            return Ratio(covered, people).negated()
        case "coverage per cost":
            return Ratio(cost, covered)
        case "profit":
            worth = 0 if objective.value is None else model.billionths(objective.value)
            return Ratio(cost.plus(-float(worth), covered))
        case "time to open":
            return Ratio(Form({TIME_TO_OPEN: 1.0}, over), people)


def in_units(objective: Objective, least: float) -> float | None:
    """What was minimized, as people read it; None for the coverage per cost of what is free."""
    match objective.goal:
        case "cost per person":
            return least / BILLION
        case "coverage":
            return -least
        case "coverage per cost":
            return BILLION / least if least else None
        case "profit":
            return -least / BILLION
        case "time to open":
            return least / SECOND


def limits_of(model: Model, question: Question, segments: tuple[str, ...]) -> tuple[Limit, ...]:
    """The limits of a question, `of each segment` spelled out.

    QuestionError (C406) names every `keep` that speaks of a segment the question is not for.
    """
    foreign = [k for k in question.keeps if k.of is not None and k.of != EACH and k.of not in segments]
    if foreign:
        raise QuestionError(*(_foreign(k, segments) for k in foreign))
    return tuple(
        _limit(model, keep, of, segments)
        for keep in question.keeps
        for of in (segments if keep.of == EACH else (keep.of,))
    )


def _foreign(keep: Keep, segments: tuple[str, ...]) -> Diagnostic:
    return Diagnostic(
        "C406",
        "error",
        keep.span,
        f"the limit speaks of {keep.of}, which the question is not for",
        f"it is for {', '.join(segments)}",
    )


def _limit(model: Model, keep: Keep, of: str | None, segments: tuple[str, ...]) -> Limit:
    at_most, strict = keep.bound in ("at most", "under"), keep.bound in ("over", "under")
    over = frozenset(segments if of is None else (of,))
    scope = f" of {of}" if of is not None else ""
    currency = model.scenario.currency
    if keep.measure == "time to open" and keep.openers is not None:
        # The quantile is under t, in whole microseconds, when the share has opened by t - 1.
        by = int(cast("Duration", keep.value)) - (1 if keep.bound in ("under", "at least") else 0)
        opened = (Form({Quantity("opened by", at=t): 1.0}, over) for t in (by, int(model.scenario.horizon)))
        in_time = "within" if by == int(cast("Duration", keep.value)) else "in under"
        named = f"the share of openers{scope} who open {in_time} {keep.value}"
        return Limit(keep, named, Ratio(*opened), not at_most, float(keep.openers), not at_most, currency)
    named = f"{keep.measure}{f' on {keep.channel}' if keep.channel else ''}{scope}"
    value = float(model.billionths(keep.value) if isinstance(keep.value, Money) else keep.value)
    return Limit(keep, named, _ratio(keep.measure, keep.channel, over, of is None), at_most, value, strict, currency)


def _ratio(measure: Measure, channel: str | None, over: frozenset[str], is_total: bool) -> Ratio:
    people, covered = Form({PEOPLE: 1.0}, over), Form({COVERED: 1.0}, over)
    cost = Form({COST: 1.0}, over, fees=1.0 if is_total else 0.0)
    messages = Form({Quantity("messages", channel): 1.0}, over)
    match measure:
        case "coverage":
            return Ratio(covered, people)
        case "total cost":
            return Ratio(cost)
        case "cost per person":
            return Ratio(cost, people)
        case "cost per covered person":
            return Ratio(cost, covered)
        case "messages per person":
            return Ratio(messages, people)
        case "messages":
            return Ratio(messages)
        case "time to open":
            return Ratio(Form({TIME_TO_OPEN: 1.0}, over), people)
