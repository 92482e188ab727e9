"""All that one run of the benchmark measures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.benchmarks.plans_per_second import plans_per_second
from tests.benchmarks.speed.bare import BLOCKS, Bare, bare
from tests.benchmarks.speed.campaign import PEOPLE
from tests.benchmarks.speed.engine import BesideSimPy, Many, Unlimited, beside_simpy, many, unlimited
from tests.benchmarks.speed.growth import Curve, growth
from tests.benchmarks.speed.machine import Machine, machine, taken_by_others, use
from tests.benchmarks.speed.start import starts


@dataclass(frozen=True)
class Sizes:
    """How much is measured: `seconds` are spent on the rounds of which the best counts, `many` None leaves it out.

    `people` are those of the campaign beside SimPy, `unlimited` those of the campaign without limits, `grown` how far
    people and everything else grow, `plans` the plans of the exact engine (None: all).
    """

    people: int = PEOPLE
    many: int | None = 10_000_000
    unlimited: int = 10_000_000
    grown: tuple[int, int] = (10_000_000, 64)
    idiomatic: bool = True
    blocks: int = BLOCKS
    plans: int | None = None
    starts: int = 5
    seconds: float = 1.0


FULL = Sizes()
QUICK = Sizes(many=None, unlimited=1_000_000, grown=(1_000_000, 64), idiomatic=False, seconds=0.3)


@dataclass(frozen=True)
class Figures:
    """Rates are by the second, times in seconds, memory in bytes; None is what was left out.

    `others` is the share of the machine's time that other processes had meanwhile.
    """

    machine: Machine
    others: float | None
    bare: Bare
    beside_simpy: BesideSimPy
    many: Many | None
    unlimited: Unlimited
    plans: float
    starts: dict[str, float]
    growth: tuple[Curve, ...]


def measure(sizes: Sizes, tell: Callable[[str], None]) -> Figures:
    """Measures one thing after the other, and tells what it is about to measure."""
    here, before = machine(), use()
    tell("Bare Philox")
    philox = bare(sizes.blocks, sizes.seconds)
    tell("The compiled engine beside SimPy")
    beside = beside_simpy(sizes.people, sizes.seconds, sizes.idiomatic)
    tell("Many people")
    crowd = None if sizes.many is None else many(sizes.many)
    free = unlimited(sizes.unlimited, sizes.seconds)
    tell("The exact engine")
    plans = plans_per_second(2, sizes.plans)
    tell("Starting")
    begins = starts(sizes.starts)
    tell("Growth")
    grown = growth(*sizes.grown, sizes.seconds)
    others = taken_by_others(before, use(), here.cores)
    return Figures(here, others, philox, beside, crowd, free, plans, begins, grown)
