"""Questions as statements."""

from __future__ import annotations

from collections.abc import Iterator

from cascadesim.language.printer.chain import audience_of, events_of, saying_of, unless_of
from cascadesim.language.printer.values import (
    Printing,
    count_of,
    length_of,
    listed,
    number_of,
    share_of,
    title_of,
)
from cascadesim.model.question import EACH, Keep, Objective, Question


def question_lines(out: Printing, question: Question) -> Iterator[str]:
    """A question."""
    by_reach = " by reach" if question.by_reach else ""
    yield f"optimize{title_of(question.title, out)}{audience_of(question.segments, out)}{by_reach}"
    for lines in (_aims, _limits, _space, _shape):
        yield from (f"    {line}" for line in lines(out, question))


def _aims(out: Printing, question: Question) -> Iterator[str]:
    """What is best, and what counts."""
    if question.saying is not None:
        yield saying_of(out, question.saying)
    within = "" if question.within is None else f" within {length_of(question.within)}"
    if question.covered_when:
        yield f"covered when {events_of(out, question.covered_when)}{within}"
    elif within:
        out.refuse(f"a question has the deadline{within} and does not say what covers: add `covered_when`")
    if question.stop_when is not None:
        yield f"stop when {events_of(out, question.stop_when)}"
    yield _objective(question.objective)


def _objective(objective: Objective) -> str:
    aim = f"{'maximize' if objective.maximizes else 'minimize'} {objective.goal}"
    return f"{aim} at {objective.value} per covered person" if objective.goal == "profit" else aim


def _limits(out: Printing, question: Question) -> Iterator[str]:
    yield from (_keep(out, keep) for keep in question.keeps)


def _keep(out: Printing, keep: Keep) -> str:
    what: str = keep.measure
    if keep.measure == "messages":
        what += f" on {out.name(keep.channel or '')}"
    elif keep.measure == "time to open":
        what += f" for {share_of(keep.openers or 0)} of openers"
    whose = "" if keep.of is None else f" of {keep.of if keep.of == EACH else out.name(keep.of)}"
    return f"keep {what}{whose} {keep.bound} {_limit(keep)}"


def _limit(keep: Keep) -> str:
    """The limit's value, whose type follows the measure."""
    if isinstance(keep.value, float):
        return share_of(keep.value) if keep.measure == "coverage" else number_of(keep.value)
    if isinstance(keep.value, int):
        return length_of(keep.value) if keep.measure == "time to open" else count_of(keep.value)
    return str(keep.value)


def _space(out: Printing, question: Question) -> Iterator[str]:
    """The plans that are looked at."""
    if not question.channels:
        out.refuse("a question names no channels to choose from: add `channels`")
    if not question.waits:
        out.refuse("a question names no waits to choose from: add `waits`")
    yield f"choose from {listed(out.names(question.channels))}"
    yield from (f"repeat {out.name(repeat.channel)} up to {repeat.times} times" for repeat in question.repeats)
    yield f"steps {question.min_steps} to {question.max_steps}"
    yield f"waits {', '.join(map(length_of, question.waits))}{unless_of(question.undelivered_after)}"


def _shape(out: Printing, question: Question) -> Iterator[str]:
    """What a plan must look like, and what is shown beside it."""
    if question.start_with:
        yield f"start with {listed(out.names(question.start_with), 'or')}"
    if question.end_with:
        yield f"end with {listed(out.names(question.end_with), 'or')}"
    yield from (f"never {out.name(never.channel)} after {out.name(never.after)}" for never in question.never)
    if question.never_more is not None:
        yield f"never more than {question.never_more} messages"
    if question.may_split:
        yield "may split segments"
    if question.compare:
        yield f"compare {listed(out.names(question.compare))}"
    if question.search_for is not None:
        yield f"search for {length_of(question.search_for)}"
