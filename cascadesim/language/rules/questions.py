"""Questions that can be answered: limits and wishes speak of channels and segments that are asked about."""

from __future__ import annotations

from collections.abc import Iterator

from cascadesim.language.rules.case import Case
from cascadesim.language.statements import Block, place
from cascadesim.model.question import EACH, Question


def check(case: Case) -> None:
    """Notes what contradicts itself in a question, and what is hardly meant."""
    for question in case.model.questions:
        block = next(b for b in case.campaign.questions if b.span == question.span)
        _check_channels(case, question)
        _check_segments(case, question)
        _check_steps(case, question, block)
        _check_deadline(case, question)
        _check_ratio(case, question, block)


def _check_channels(case: Case, question: Question) -> None:
    known = case.campaign.defined["channel"]
    if not known.keys() >= set(question.channels):
        return  # a misspelt channel to choose from would make its every mention look wrong
    for name in _wished(question):
        if name not in question.channels and name in known:
            message = f"{name} is not among the channels to choose from"
            case.faults.error("C082", place(name, question.span), message, "add it to `choose from`, or leave it out")


def _wished(question: Question) -> Iterator[str]:
    yield from (*question.start_with, *question.end_with)
    for never in question.never:
        yield from (never.channel, never.after)
    yield from (repeat.channel for repeat in question.repeats)
    yield from (keep.channel for keep in question.keeps if keep.channel is not None)


def _check_segments(case: Case, question: Question) -> None:
    asked = case.model.segments_of(question.segments)
    for keep in question.keeps:
        known = keep.of in case.campaign.defined["segment"]
        if keep.of is not None and keep.of != EACH and known and keep.of not in asked:
            message = f"this block is not for {keep.of}"
            hint = f"add it to `for {', '.join(asked)}`, or leave the line out"
            case.faults.error("C083", place(keep.of, keep.span), message, hint)


def _check_steps(case: Case, question: Question, block: Block) -> None:
    times = {repeat.channel: repeat.times for repeat in question.repeats}
    most = sum(times.get(name, 1) for name in question.channels)
    line = block.line("steps")
    span = line.span if line is not None else question.span
    if question.min_steps > most:
        message = f"{question.min_steps} steps are asked for, and the channels allow {most}"
        case.faults.error(
            "C085", span, message, "choose from more channels, or let one repeat: repeat email up to 2 times"
        )
    elif question.never_more is not None and question.min_steps > question.never_more:
        message = f"{question.min_steps} steps are asked for, and never more than {question.never_more} messages"
        case.faults.error("C085", span, message, "make one of the two lines fit the other")
    for repeat in question.repeats:
        if [r.channel for r in question.repeats].count(repeat.channel) > 1:
            message = f"{repeat.channel} may repeat by two lines"
            case.faults.error("C028", place(repeat.channel), message, "keep one of the two lines")
            break


def _check_deadline(case: Case, question: Question) -> None:
    horizon = case.model.scenario.horizon
    if question.within is not None and question.within > horizon:
        message = f"people are followed for {horizon} only"
        hint = f"write `runs for {question.within}` in the scenario, or an earlier deadline"
        case.faults.error("C081", place(question.within, question.span), message, hint)


def _check_ratio(case: Case, question: Question, block: Block) -> None:
    if question.objective.goal != "coverage per cost":
        return
    if not any(keep.measure == "coverage" and keep.bound in ("at least", "over") for keep in question.keeps):
        line = block.line("best_value")
        message = (
            "coverage per cost is best on a single channel nearly always: a chain's ratio is an average of its steps'"
        )
        hint = "say what coverage is needed: keep coverage at least 60%; or write `minimize cost per person`"
        case.faults.warn("C084", line.span if line is not None else question.span, message, hint)
