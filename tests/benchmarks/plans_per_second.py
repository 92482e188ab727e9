"""How many plans, handed in as arrays, the exact engine evaluates in a second.

`python -m tests.benchmarks.plans_per_second` prints it. Every order of five of eight channels with every choice of
six waits: 8.7 million plans for one class of people.
"""

from __future__ import annotations

import itertools
import time

import click
import numpy as np

from cascadesim.engines.exact import Evaluator, ManyPlans
from cascadesim.engines.exact.many import Plans
from cascadesim.model.channel import Channel
from cascadesim.units import DAY
from tests.engines.exact_models import half, model, opened, price, rate, us

STEPS = 5
WAITS = ("30 min", "1 h", "2 h", "4 h", "8 h", "1 day")
ROUNDS = 3


def evaluator() -> Evaluator:
    """Eight channels that reach everybody, with delays of two laws and prices on two bases."""
    channels = [
        Channel(
            f"channel{number}",
            rates=(rate("delivers", 0.95), rate("opens", 0.2 + 0.05 * number, half(f"{5 + number} min", "5 h"))),
            costs=(price("0.02 EUR", "message sent"), price("0.01 EUR", "message opened")),
        )
        for number in range(8)
    ]
    return Evaluator(model(*channels, within="2 days"), "all", (opened(),), 2 * DAY, (opened(),))


def all_plans() -> tuple[Plans, Plans]:
    """Every order of five channels, each with every choice of four waits (the last one is not looked at)."""
    orders = np.array(list(itertools.permutations(range(8), STEPS)), dtype=np.int8)
    pauses = np.array([(*w, 0) for w in itertools.product(range(len(WAITS)), repeat=STEPS - 1)], dtype=np.int8)
    return np.repeat(orders, len(pauses), axis=0), np.tile(pauses, (len(orders), 1))


def plans_per_second(jobs: int = 2, most: int | None = None) -> float:
    """The best of three rounds over all plans, or the first of them, once the code is compiled."""
    many = ManyPlans(evaluator(), [us(wait) for wait in WAITS], STEPS)
    channels, waits = (each[:most] for each in all_plans())
    many.evaluate(channels[:10], waits[:10])
    best = 0.0
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        many.evaluate(channels, waits, jobs)
        best = max(best, len(channels) / (time.perf_counter() - begun))
    return best


@click.command()
@click.option("--jobs", default=2, show_default=True, help="Threads.")
def main(jobs: int) -> None:
    """Prints the plans evaluated in a second."""
    click.echo(f"{plans_per_second(jobs) / 1e6:.1f} million plans/s with {jobs} threads")


if __name__ == "__main__":
    main()
