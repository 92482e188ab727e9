"""Every beginning of a plan with its bound, as the search calculates it, and random weights to calculate it for."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np

from cascadesim.engines.exact.evaluator import Evaluator, Prefix
from cascadesim.optimizer import solver
from cascadesim.optimizer.board import Board
from cascadesim.optimizer.bound import Weights
from cascadesim.optimizer.descent import descend
from cascadesim.optimizer.outlook import LEVEL
from cascadesim.optimizer.space import Space

Beginning = tuple[tuple[int, int], ...]
"""(channel, wait) per step, by number."""


def bounds_of(board: Board, weights: Weights) -> Iterator[tuple[Beginning, float]]:
    """The bound of each beginning that the search goes on from, read from its state as it looks at one at a time."""
    run = solver._Run(board, weights, 1)
    run.begin(np.inf, 1 << 30, keep_best=True)
    levels, numbers = run._levels, run._state.numbers
    while numbers[LEVEL] >= 0:
        m = int(numbers[LEVEL])
        before = tuple((int(levels.channel[n]), int(levels.wait[n])) for n in range(1, m + 1))
        run._state.threshold[0] = np.inf  # nothing is cut off
        descend(board, weights, run._tops, levels, run._state, run._found, 1)
        if numbers[LEVEL] == m + 1:  # it has children, and the first of them is next
            for i in range(levels.children[m]):
                child = int(levels.child_channel[m, i]), int(levels.child_wait[m, i])
                yield (*before, child), float(levels.child_bound[m, i])


def plans_of(space: Space, evaluator: Evaluator) -> Iterator[tuple[Beginning, Prefix]]:
    """Every plan by the numbers of its steps (the last wait is -1), and what the closed form makes of it."""

    def down(numbers: Beginning, prefix: Prefix, length: int) -> Iterator[tuple[Beginning, Prefix]]:
        if len(numbers) == length:
            yield numbers, prefix
            return
        is_last = len(numbers) + 1 == length
        for channel in space.next_channels(tuple(s.channel for s in prefix.steps), length):
            for w, step in enumerate(space.steps(channel, is_last)):
                number = space.channels.index(channel), -1 if is_last else w
                longer = prefix.then(step.channel, step.wait, step.undelivered_after)
                yield from down((*numbers, number), longer, length)

    for length in space.lengths:
        yield from down((), evaluator.root(), length)


def value_of(prefix: Prefix, space: Space, weights: Weights, deadlines: tuple[int, ...]) -> float:
    """What is minimized, by the closed form's figures."""
    measures = prefix.measures()
    cost, messages = measures.cost_on, measures.messages_on
    total = 0.0
    for c, name in enumerate(space.channels):
        if name in cost:
            total += weights.cost[c] * cost[name] + weights.messages[c] * messages[name] + weights.use[c]
    missed = (1.0 - prefix.covered_by(deadline) for deadline in deadlines)
    return total + sum(weight * share for weight, share in zip(weights.miss, missed, strict=True))


def random_weights(rng: random.Random, board: Board, deadlines: int) -> Weights:
    """Weights as objectives and limits make them: limits from below bring negative ones."""
    channels = len(board.times)
    dearest = float(board.sending_of.max(initial=0.0) + board.price.max(initial=0.0)) or 1.0
    sort = rng.choice(["plain", "plain", "no cost", "rebates", "free for all"])
    sign = {"plain": (1,), "no cost": (0,), "rebates": (1, 1, -0.3), "free for all": (1, -1, 0)}[sort]
    cost = np.array([rng.choice(sign) * rng.uniform(0.2, 2.0) for _ in range(channels)])
    messages = np.array([rng.choice(sign) * rng.choice([0.0, rng.random()]) * dearest for _ in range(channels)])
    use = np.array([rng.choice(sign) * rng.choice([0.0, rng.random()]) * dearest for _ in range(channels)])
    price = rng.choice([0.5, 3.0, 10.0, 100.0]) * dearest
    miss = np.array([price * rng.random() * (1 if d == 0 or rng.random() < 0.8 else -0.4) for d in range(deadlines)])
    return Weights(cost, messages, use, miss)
