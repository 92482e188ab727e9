"""What is measured beyond one best plan: whole frontiers, and budgets and capacities that segments share."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

import cascadesim
from cascadesim.optimizer import optimize
from cascadesim.optimizer.levels import LEVELS, levels
from cascadesim.optimizer.task import Task
from tests.benchmarks.search.market import CHANNELS, FEWER, Instance, Size, channel_lines, script

_CAPPED = ("viber", "sms", "whatsapp")
_BUDGET, _CAPACITY = 0.012, 0.22  # EUR and messages a person


@dataclass(frozen=True)
class Frontier:
    """One instance's frontier: how long it took, and how many different plans it has."""

    instance: str
    seconds: float
    plans: int


def frontier(instance: Instance, size: Size) -> Frontier:
    """The cheapest plan at a hundred levels of coverage."""
    model = cascadesim.read(script(instance, size)).model
    task = Task(model, model.questions[0], {}, [], by_clock=False, progress=None, stop=lambda: False)
    (audience,) = task.audiences
    audience.board  # noqa: B018 - made once a segment, and not in the time
    begun = time.perf_counter()
    found = levels(audience, lambda _: True, LEVELS)
    return Frontier(instance.name, time.perf_counter() - begun, len(set(found.plans)))


@dataclass(frozen=True)
class Shared:
    """One campaign of many segments: how long the best plans took, and how far from the best they may be."""

    segments: int
    seconds: float
    gap: float
    coverage: float


def shared(segments: int, size: Size) -> Shared:
    """The best coverage with one budget and the capacities of three channels, from the model to the answer."""
    model = cascadesim.read(crowd(segments, size)).model
    begun = time.perf_counter()
    answer = optimize(model, model.questions[0], plan_alone=True)
    taken = time.perf_counter() - begun
    return Shared(segments, taken, float("inf") if answer.gap is None else answer.gap, answer.total.coverage)


def crowd(segments: int, size: Size) -> str:
    """A campaign of so many segments, each with its own rates, as a script; its seed is their number."""
    draw = random.Random(f"{segments} segments")
    names = FEWER[: size.channels]
    instance = Instance(f"{segments} segments", 0.0)
    lines = ["cascade 1", "", "scenario", "    runs for 5 days", ""]
    lines += [line for name in names for line in channel_lines(instance, name)]
    people = 0
    for number in range(segments):
        count = draw.randint(1_000, 50_000)
        people += count
        lines += [f"segment s{number}", f"    people    {count}"]
        for name in names:
            if draw.random() < 0.8:
                low, high = CHANNELS[name].opens
                lines.append(f"    opens     {name} {draw.uniform(low, high):.1f}%")
                if reach := CHANNELS[name].reach:
                    lines.append(f"    reaches   {name} {draw.uniform(*reach):.0f}%")
        lines.append("")
    lines += ["optimize", "    covered when opened within 2 days", "    maximize coverage"]
    lines += [
        f"    choose from {', '.join(names)}",
        f"    steps 1 to {size.steps}",
        "    waits 30 min, 2 h, 8 h, 1 day",
    ]
    lines += [f"    keep total cost at most {people * _BUDGET:.0f} EUR"]
    lines += [f"    keep messages on {name} at most {int(people * _CAPACITY)}" for name in names if name in _CAPPED]
    return "\n".join([*lines, ""])
