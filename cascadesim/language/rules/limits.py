"""Limits of a question that exclude each other, whatever the plan."""

from __future__ import annotations

from typing import Any

from cascadesim.language.rules.case import Case
from cascadesim.language.statements import place
from cascadesim.model.question import Keep, Question
from cascadesim.units import Money

_FLOORS = ("at least", "over")


def check(case: Case) -> None:
    """Notes a floor above a ceiling, and first and last steps that leave no plan."""
    for question in case.model.questions:
        for number, keep in enumerate(question.keeps):
            for other in question.keeps[:number]:
                if _same(keep, other):
                    _check_pair(case, other, keep)
        _check_ends(case, question)


def _same(one: Keep, other: Keep) -> bool:
    return (one.measure, one.of, one.channel, one.openers) == (other.measure, other.of, other.channel, other.openers)


def _check_pair(case: Case, first: Keep, second: Keep) -> None:
    floor, ceiling = (first, second) if first.bound in _FLOORS else (second, first)
    if floor.bound not in _FLOORS or ceiling.bound in _FLOORS:
        return
    low, high = _number(case, floor.value), _number(case, ceiling.value)
    strict = "over" in floor.bound or "under" in ceiling.bound
    if low is not None and high is not None and (low > high or (low == high and strict)):
        where = f"line {first.span.line}" if first.span is not None else "above"
        both = f"{floor.bound} {floor.value} and {ceiling.bound} {ceiling.value}"
        message = f"no plan can keep this and the limit in {where}: {both}"
        case.faults.error("C098", place(second), message, "change one of the two")


def _number(case: Case, value: Any) -> float | None:
    if not isinstance(value, Money):
        return float(value)
    try:
        return float(case.model.billionths(value))
    except ValueError:
        return None  # a currency without an exchange rate: noted elsewhere


def _check_ends(case: Case, question: Question) -> None:
    """`never call after sms` with `start with sms` and `end with call`: two steps never fit."""
    for never in question.never:
        if question.start_with == (never.after,) and question.end_with == (never.channel,):
            message = f"plans start with {never.after} and end with {never.channel}, and this forbids it"
            case.faults.error("C098", place(never.channel, question.span), message, "change one of the three lines")
