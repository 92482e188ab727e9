"""What every engine answers: an outcome of figures with their intervals (S14).

Shares are 0..1, money is in units of the scenario's currency, times are in seconds. Counts in steps are
expected numbers of people. An exact figure has `low` and `high` equal to its `mean`; where one replication
cannot tell an interval they are None; `mean` is None where there is nothing to divide by.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its 95% interval."""

    mean: float | None
    low: float | None = None
    high: float | None = None

    @classmethod
    def exact(cls, value: float | None) -> Estimate:
        """A figure without sampling error."""
        return cls(value, value, value)

    def to_json(self) -> dict[str, float | None]:
        """`{"mean", "low", "high"}`."""
        return {"mean": self.mean, "low": self.low, "high": self.high}


@dataclass(frozen=True, slots=True)
class TimeToOpen:
    """Quantiles, in seconds, of the time from entry to the first covering event, over those who have one."""

    p50: float | None
    p90: float | None
    p99: float | None

    def to_json(self) -> dict[str, float | None]:
        """`{"p50", "p90", "p99"}`."""
        return {"p50": self.p50, "p90": self.p90, "p99": self.p99}


@dataclass(frozen=True, slots=True)
class StepFigures:
    """One channel of one step: expected numbers of people, cost, and the 90% quantile of its queueing delay.

    `first_opens` are the people whose first covering event by the horizon comes from this step, deadline aside.
    """

    step: int
    channel: str
    sent: Estimate
    delivered: Estimate
    opened: Estimate
    first_opens: Estimate
    cost: Estimate
    queue_p90: float | None

    def to_json(self) -> dict[str, Any]:
        """The step as `simulate --json` prints it."""
        return {
            "step": self.step,
            "channel": self.channel,
            **{k: getattr(self, k).to_json() for k in ("sent", "delivered", "opened", "first_opens", "cost")},
            "queue_p90": self.queue_p90,
        }


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one segment, or of all of them together."""

    coverage: Estimate
    cost: Estimate
    cost_per_person: Estimate
    cost_per_covered: Estimate
    messages_per_person: Estimate
    duplicates_per_person: Estimate
    time_to_open: TimeToOpen
    steps: tuple[StepFigures, ...]

    def to_json(self) -> dict[str, Any]:
        """The figures as `simulate --json` prints them."""
        estimates = {k: getattr(self, k).to_json() for k in ESTIMATES}
        return {**estimates, "time_to_open": self.time_to_open.to_json(), "steps": [s.to_json() for s in self.steps]}


ESTIMATES = ("coverage", "cost", "cost_per_person", "cost_per_covered", "messages_per_person", "duplicates_per_person")
"""The figures that are estimates, in the order of printing."""


@dataclass(frozen=True, slots=True)
class SegmentFigures:
    """One segment's figures; `people` is the expected number of them."""

    segment: str
    people: float
    figures: Figures

    def to_json(self) -> dict[str, Any]:
        """The segment as `simulate --json` prints it."""
        return {"segment": self.segment, "people": self.people, **self.figures.to_json()}


@dataclass(frozen=True, slots=True)
class ChainOutcome:
    """What a chain, or a plan as a whole, comes to."""

    chain: str
    total: Figures
    segments: tuple[SegmentFigures, ...]

    def to_json(self) -> dict[str, Any]:
        """The chain as `simulate --json` prints it."""
        return {
            "chain": self.chain,
            "total": self.total.to_json(),
            "segments": [s.to_json() for s in self.segments],
        }

    def segment(self, name: str) -> SegmentFigures:
        """The segment of that name; KeyError if there is none."""
        for segment in self.segments:
            if segment.segment == name:
                return segment
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer of `simulate`: which engine, why, and what each chain comes to.

    `processes` are the ids of those that worked it out: this one, or a cluster's workers. It is no part of the result.
    """

    scenario: str | None
    engine: str
    engine_because: str
    seed: int
    replications: int
    chains: tuple[ChainOutcome, ...]
    processes: tuple[int, ...] = field(default=(), compare=False)

    def to_json(self) -> dict[str, Any]:
        """The document that `simulate --json` prints."""
        return {
            "scenario": self.scenario,
            "engine": self.engine,
            "engine_because": self.engine_because,
            "seed": self.seed,
            "replications": self.replications,
            "chains": [c.to_json() for c in self.chains],
        }

    def chain(self, name: str) -> ChainOutcome:
        """The chain of that name; KeyError if there is none."""
        for chain in self.chains:
            if chain.chain == name:
                return chain
        raise KeyError(name)
