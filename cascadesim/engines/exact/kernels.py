"""What is compiled of the exact engine: many plans at once (S15), one after the other, class by class."""

from __future__ import annotations

from typing import Any

import numpy as np

from cascadesim.engines.exact.quadrature import Floats
from cascadesim.engines.jit import kernel


@kernel
def evaluate_plans(
    channels: Any,
    waits: Any,
    codes: Any,
    reached: Any,
    sending: Any,
    weights: Floats,
    silent: Floats,
    still: Floats,
    stops: Floats,
    covers: Floats,
    prices: Floats,
    covered: Floats,
    costs: Floats,
    messages: Floats,
) -> int:
    """Fills the last three arrays; returns the number of the first plan that is none, or -1.

    `channels` and `waits` are those of `ManyPlans.evaluate`, `codes` the codes of the waits. `reached` and
    `sending` are (patterns, channels), `weights` (patterns, kinds), `silent` (kinds), `still` (kinds, codes), and the
    tables `stops`, `covers` and `prices` (kinds, responses x codes), where a channel's first message has response 2 c
    and a later one 2 c + 1. Times are sums of codes, so that the code of an age is the difference of two.
    """
    steps = channels.shape[1]
    patterns, kinds = weights.shape
    size = still.shape[1]
    last = np.zeros(reached.shape[1], np.int64)  # the class that the channel last wrote to
    now = np.zeros(steps, np.int64)
    row = np.zeros(steps, np.int64)  # where the response's values begin in the tables
    price = np.zeros(steps)
    for plan in range(channels.shape[0]):
        all_covered = all_cost = all_messages = 0.0
        for pattern in range(patterns):
            stamp = plan * patterns + pattern + 1
            time, count = 0, 0
            for step in range(steps):
                channel = channels[plan, step]
                if channel < 0:
                    break
                if channel >= reached.shape[1]:
                    return plan
                is_last = step + 1 == steps or channels[plan, step + 1] < 0
                wait = 0 if is_last else waits[plan, step]
                if wait < 0 or wait >= len(codes):
                    return plan
                if not reached[pattern, channel]:
                    continue
                row[count] = (2 * channel + (last[channel] == stamp)) * size
                last[channel] = stamp
                now[count] = time
                price[count] = sending[pattern, channel]
                count += 1
                if not is_last:
                    time += codes[wait]
            for kind in range(kinds):
                uncovered, cost, number = silent[kind], 0.0, 0.0
                for j in range(count):
                    at = now[j]
                    sent = still[kind, at]
                    for i in range(j):
                        sent *= stops[kind, row[i] + at - now[i]]
                    number += sent
                    cost += sent * (price[j] + prices[kind, row[j] + at])
                    uncovered *= covers[kind, row[j] + at]
                weight = weights[pattern, kind]
                all_covered += weight * (1.0 - uncovered)
                all_cost += weight * cost
                all_messages += weight * number
        covered[plan] = all_covered
        costs[plan] = all_cost
        messages[plan] = all_messages
    return -1
