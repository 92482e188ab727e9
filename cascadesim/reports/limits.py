"""The `keep` lines of a question beside what a simulation found."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cascadesim.engines.outcome import ChainOutcome, Estimate, Figures
from cascadesim.model.model import Model
from cascadesim.model.question import EACH, Bound, Keep, Measure, Question
from cascadesim.reports import tables, words
from cascadesim.units import BILLION, Duration, Money

_HOLDS: dict[Bound, Callable[[float, float], bool]] = {
    "at least": operator.ge,
    "at most": operator.le,
    "over": operator.gt,
    "under": operator.lt,
}
_WORDS: dict[Measure, tables.Word] = {
    "coverage": words.share,
    "messages per person": words.number,
    "messages": lambda value, _: words.count(value),
    "time to open": lambda value, _: words.span(value),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """One `keep` line, for one segment or all, and what was found.

    `asked` and `found` are in the units of results: shares, money in the scenario's currency, seconds, counts.
    `found` and `is_kept` are None where the simulation does not measure it.
    """

    line: str
    measure: Measure
    asked: float
    found: Estimate | None
    is_kept: bool | None

    def word(self) -> tables.Word:
        """How its figures are written."""
        return _WORDS.get(self.measure, words.amount)

    def to_json(self) -> dict[str, Any]:
        """`{"keep", "asked", "found", "kept"}`."""
        found = None if self.found is None else self.found.to_json()
        return {"keep": self.line, "asked": self.asked, "found": found, "kept": self.is_kept}


def checked(model: Model, question: Question, outcome: ChainOutcome) -> tuple[Checked, ...]:
    """Every limit of the question, `of each segment` spelled out; the mean decides whether it is kept."""
    return tuple(
        _checked(model, keep, of, outcome)
        for keep in question.keeps
        for of in (model.segments_of(question.segments) if keep.of == EACH else (keep.of,))
    )


def _checked(model: Model, keep: Keep, of: str | None, outcome: ChainOutcome) -> Checked:
    figures = outcome.total if of is None else outcome.segment(of).figures
    people = sum(s.people for s in outcome.segments if of in (None, s.segment))
    asked, found = _asked(model, keep), _found(keep, figures, people)
    is_kept = None if found is None or found.mean is None else _HOLDS[keep.bound](found.mean, asked)
    return Checked(_line(keep, of), keep.measure, asked, found, is_kept)


def _line(keep: Keep, of: str | None) -> str:
    """The line as scripts write it, without its first word."""
    channel = f" on {keep.channel}" if keep.channel else ""
    openers = f" for {keep.openers} of openers" if keep.openers is not None else ""
    value = f"{keep.value:g}" if type(keep.value) is float else str(keep.value)
    return f"{keep.measure}{channel}{openers}{f' of {of}' if of else ''} {keep.bound} {value}"


def _asked(model: Model, keep: Keep) -> float:
    if isinstance(keep.value, Money):
        return model.billionths(keep.value) / BILLION
    return keep.value.seconds if isinstance(keep.value, Duration) else float(keep.value)


def _found(keep: Keep, figures: Figures, people: float) -> Estimate | None:
    match keep.measure:
        case "coverage":
            return figures.coverage
        case "total cost":
            return figures.cost
        case "cost per person":
            return figures.cost_per_person
        case "cost per covered person":
            return figures.cost_per_covered
        case "time to open":
            return _quantile(keep, figures)
        case "messages":
            return _messages(figures, keep.channel)
        case "messages per person" if keep.channel is None:
            return figures.messages_per_person
        case "messages per person":
            sent = _messages(figures, keep.channel).mean
            return Estimate(sent / people if sent is not None and people else None)


def _quantile(keep: Keep, figures: Figures) -> Estimate | None:
    """Of the time to open engines tell three quantiles, without intervals."""
    times = figures.time_to_open
    told = {0.5: times.p50, 0.9: times.p90, 0.99: times.p99}
    return Estimate(told[keep.openers]) if keep.openers in told else None


def _messages(figures: Figures, channel: str | None) -> Estimate:
    """Messages on a channel (None: all); steps have intervals each, their sum has none."""
    sent = [step.sent for step in figures.steps if channel in (None, step.channel)]
    if len(sent) == 1:
        return sent[0]
    return Estimate(sum(s.mean or 0.0 for s in sent))
