"""What is added up over people: every objective and every limit is a ratio of two such sums.

A plan's expected numbers (covered people, messages, costs, people who have opened by some time) add over the
people of a segment and over segments, whatever plan each has. So coverage, cost per covered person or the
share of openers within a day are ratios of two sums that are *linear* in the choice of one plan a segment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cascadesim.engines.exact import Measures

Kind = Literal["people", "covered", "cost", "messages", "opened by", "time to open"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """One thing that adds up over people.

    `cost` (billionths, without what is paid once a campaign) and `messages` are those on `channel`, or on all.
    `opened by` counts who has had a covering event by `at` microseconds after entry; `time to open` is the
    time of the first one or the horizon, whichever comes first, in microseconds.
    """

    kind: Kind
    channel: str | None = None
    at: int | None = None

    def of(self, measures: Measures) -> float:
        """Its expected value for one person."""
        match self.kind:
            case "people":
                return 1.0
            case "covered":
                return measures.covered
            case "cost":
                return measures.cost if self.channel is None else measures.cost_on.get(self.channel, 0.0)
            case "messages":
                return measures.messages if self.channel is None else measures.messages_on.get(self.channel, 0.0)
            case "opened by":
                return measures.opened_by(self.at or 0)
            case "time to open":
                return measures.restricted_time


PEOPLE = Quantity("people")
COVERED = Quantity("covered")
COST = Quantity("cost")
MESSAGES = Quantity("messages")
TIME_TO_OPEN = Quantity("time to open")


@dataclass(frozen=True, slots=True)
class Form:
    """A weighted sum of quantities over the people of the segments `over`, plus a constant.

    `fees` weighs what channels cost once a campaign (S13: in totals, not in segments).
    """

    terms: Mapping[Quantity, float] = field(default_factory=dict)
    over: frozenset[str] = frozenset()
    fees: float = 0.0
    constant: float = 0.0

    def plus(self, factor: float, other: Form) -> Form:
        """The sum of this form and `factor` times another, over the same segments or a constant."""
        terms = dict(self.terms)
        for quantity, weight in other.terms.items():
            terms[quantity] = terms.get(quantity, 0.0) + factor * weight
        return Form(
            terms, self.over | other.over, self.fees + factor * other.fees, self.constant + factor * other.constant
        )

    def times(self, factor: float) -> Form:
        """The form multiplied."""
        return Form().plus(factor, self)


ONE = Form(constant=1.0)


@dataclass(frozen=True, slots=True)
class Ratio:
    """One form over another, which is never negative: what is best, and what is limited."""

    above: Form
    below: Form = ONE

    @property
    def quantities(self) -> frozenset[Quantity]:
        """All that must be known of a plan to calculate it."""
        return frozenset(self.above.terms) | frozenset(self.below.terms)

    @property
    def is_linear(self) -> bool:
        """Whether what stands below is the same for all plans."""
        return not self.below.fees and frozenset(self.below.terms) <= {PEOPLE}

    def negated(self) -> Ratio:
        """Its negative: maximizing is minimizing that."""
        return Ratio(self.above.times(-1.0), self.below)
