"""The bound that cuts off beginnings of plans: what no way of going on can be under.

**What is minimized** over the plans of one segment is, for one person, the expected price of the messages (weights on
cost and on numbers of messages; prices billed on events included) plus, for each deadline T, lambda_T times the
probability of being uncovered by T. Lambda is the price of a miss. All objectives and limits are such sums.

**The bound.** Let a beginning have cost C so far; let class k (reach pattern, kind and which waits ended early) have
the weight w_k and come to its next decision at t_k. Let g_k be the probability that none of the messages so far ever
leads to a covering or stopping event by T. With A the channels that may still come and r the steps left, every plan
that begins so comes to at least

    LB = C + sum over k of w_k g_k U_k(A, t_k, r),

U_k being the least that could still be paid for one uncovered person of class k if the class were known and every
message went out at once. *Proof.* Take any completion, its further messages j = 1, 2.. to class k at s_j >= t_k, and
x_j the probability that message j leads to a covering or stopping event by T.

1. Who has had no such event from the messages so far, nor by T from further ones before j, is still there at s_j if
   s_j < T. Events of different messages are independent in a class (S4), so
   P(j is sent) >= g_k product_(i<j) (1 - x_i); for s_j >= T we have x_j = 0, and leaving j out only makes less of the
   cost. Also, P(uncovered by T) >= g_k product_j (1 - x_j). So what is still paid is at least g_k times
   V = sum_j c_j product_(i<j) (1 - x_i) + lambda product_j (1 - x_j), c_j being the price of message j.
2. Let p be the most that x can be on j's channel at any instant from t_k on, and kappa the least of c / x there. Then
   c_j >= kappa x_j, and V is least where c_j = kappa_j x_j. V is linear in each x_j, so its least over 0 <= x_j <= p_j
   is at x_j = 0, which is a plan without j, or at x_j = p_j. So V >= the least over sequences of different places in A,
   at most r of them, each with success probability p and price kappa p.
3. In such a sequence it is best to go by kappa, the price over the success probability: exchanging two neighbours i, j
   changes V by p_i p_j (kappa_i - kappa_j) times something positive. So with A in that order
   f(i, r) = min(f(i + 1, r), c_i + (1 - p_i) f(i + 1, r - 1)), f(end, r) = f(i, 0) = lambda,
   is exact, and U_k = f(1, r).

A fixed price per message makes kappa p the price itself; a price rho per covering event is never less than rho x, as
it is billed up to the horizon and T is not later (S13): it enters as rho p(t), not as rho times the rate.

**Clock rules.** A message that could go at s goes at d(s) >= s, the end of quiet hours (S6); reactions move later still
(S8). Both are in x and c as functions of the instant, and p and kappa are the extremes over all instants from t_k on.
Nothing above asked for more.

**Skipped channels** cost nothing and take no time (S5): class k chooses from those that reach it. **Later messages** on
one channel may have other rates: p and kappa are the extremes over first and later ones, once for each that is allowed.

**Several deadlines** share the cost: any shares theta_T that add up to one give a bound, the sum over T of the bounds
with prices theta_T c and lambda_T. Theta goes by lambda. A negative lambda asks for what is at most what it is now.
**Negative prices**, which limits from below bring, count for whom the message could reach: no more than are there now.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cascadesim.engines.exact.quadrature import Floats
from cascadesim.engines.jit import inlined
from cascadesim.optimizer.board import Board


class Weights(NamedTuple):
    """What is minimized: weights by channel on cost, on messages and on being used at all; on misses by deadline."""

    cost: Floats
    messages: Floats
    use: Floats
    miss: Floats


class Ceilings(NamedTuple):
    """What the bound needs at any instant (see the module), by (deadline, group, channel, instant, kind).

    `chance` is p; `price` is theta kappa p; `order` has the channels by kappa, (deadline, group, instant, kind, place).
    `bonus` is the least, at most zero, that a message comes to: (group, channel, instant, kind).
    """

    chance: Floats
    price: Floats
    order: NDArray[np.int8]
    bonus: Floats


def ceilings(board: Board, weights: Weights) -> Ceilings:
    """The extremes over all instants from each on."""
    total = np.maximum(weights.miss, 0.0).sum()
    share = np.maximum(weights.miss, 0.0) / (total or 1.0)
    deadlines, instants, kinds = len(weights.miss), board.later.shape[1], board.weight.shape[1]
    groups, channels = board.sending_of.shape
    shape = (deadlines, groups, channels, instants, kinds)
    chance, price, ratio = np.zeros(shape), np.zeros(shape), np.full(shape, np.inf)
    bonus = np.zeros(shape[1:])
    for g in range(groups):
        zone = int(board.zone_of[g])
        for c in range(channels):
            at = board.dispatch[c, zone]
            goes = (at < instants - 1)[:, None]
            for again in range(2 if board.times[c] > 1 else 1):
                r = (2 * c + again) * board.zones + zone
                own = weights.cost[c] * (board.sending_of[g, c] + board.price[r][at]) + weights.messages[c]
                own = np.where(goes, own, 0.0)
                bonus[g, c] = np.minimum(bonus[g, c], _from_here(np.minimum, np.minimum(own, 0.0)))
                for d in np.flatnonzero(weights.miss > 0):
                    x = np.where(goes, 1.0 - board.safe[d, r][at], 0.0)
                    each = np.divide(np.maximum(own, 0.0), x, out=np.full_like(x, np.inf), where=x > 0)
                    chance[d, g, c] = np.maximum(chance[d, g, c], _from_here(np.maximum, x))
                    ratio[d, g, c] = np.minimum(ratio[d, g, c], _from_here(np.minimum, each))
    np.multiply(ratio, share[:, None, None, None, None] * chance, out=price, where=chance > 0)
    order = np.argsort(ratio, axis=2, kind="stable").transpose(0, 1, 3, 4, 2)
    return Ceilings(chance, price, np.ascontiguousarray(order, dtype=np.int8), bonus)


def _from_here(extreme: np.ufunc, values: Floats) -> Floats:
    """The extreme over each instant and all after it."""
    found: Floats = extreme.accumulate(values[::-1])[::-1]
    return found


@inlined
def still_to_pay(
    board: Board,
    tops: Ceilings,
    miss: float,
    d: int,
    pattern: int,
    k: int,
    at: int,
    left: NDArray[np.int8],
    room: int,
    f: Floats,
) -> float:
    """U: the least that is still paid for an uncovered person; `left` is how often channels may come, `f` scratch."""
    g = board.group[pattern]
    for r in range(room + 1):
        f[r] = miss
    for place in range(board.reached.shape[1] - 1, -1, -1):
        c = tops.order[d, g, at, k, place]
        p = tops.chance[d, g, c, at, k]
        if left[c] <= 0 or p <= 0.0 or not board.reached[pattern, c]:
            continue
        price = tops.price[d, g, c, at, k]
        for _ in range(left[c]):
            for r in range(room, 0, -1):
                f[r] = min(f[r], price + (1.0 - p) * f[r - 1])
    return float(f[room])
