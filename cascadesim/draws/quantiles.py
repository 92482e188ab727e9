"""From uniform numbers to delays: one scalar function, in plain `math` (S3).

The compiled engine compiles this same source, and never NumPy's ufuncs, whose last bits differ: so engines
give equal recipients.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from statistics import NormalDist

from cascadesim.model.rates import Delay

_LONGEST = 60.0  # the logarithm of a time beyond every horizon; more would overflow

AT_ONCE, FIXED, EXPONENTIAL, WEIBULL, LOGNORMAL, CURVE = range(6)


@dataclass(frozen=True, slots=True)
class Law:
    """A delay's distribution, in microseconds.

    FIXED: after `a`. EXPONENTIAL: mean `a`. WEIBULL: scale `a`, shape `b`. LOGNORMAL: the logarithm has mean
    `a` and standard deviation `b`. CURVE: linear between (`shares[i]`, `times[i]`), which begin at (0, 0).
    """

    shape: int
    a: float = 0.0
    b: float = 0.0
    times: tuple[float, ...] = ()
    shares: tuple[float, ...] = ()


@cache
def fit(delay: Delay | None) -> Law:
    """The law through a delay's points; ValueError where no law of that shape goes through them.

    Two quantiles (p1, t1), (p2, t2) fix a log-normal by z = (ln t - mu) / sigma, with z the normal quantile of
    p, and a Weibull by ln(-ln(1 - p)) = shape (ln t - ln scale); one fixes an exponential by its mean,
    t / -ln(1 - p).
    """
    if delay is None:
        return Law(AT_ONCE)
    points = [(float(p), float(t)) for p, t in delay.points]
    wanted = {"fixed": 1, "exponential": 1, "weibull": 2, "lognormal": 2}.get(delay.shape, len(points))
    if len(points) != wanted or not points:
        raise ValueError(f"a delay of shape {delay.shape} takes {wanted} point{'s' if wanted > 1 else ''}")
    if any(t1 >= t2 or p1 >= p2 for (p1, t1), (p2, t2) in pairwise(points)):
        raise ValueError("a larger share takes longer: both must increase")
    if delay.shape == "fixed":
        return Law(FIXED, points[0][1])
    if delay.shape == "curve":
        if points[-1][0] != 1.0:
            raise ValueError("a curve ends at 100%")
        return Law(CURVE, times=(0.0, *(t for _, t in points)), shares=(0.0, *(p for p, _ in points)))
    if any(not 0 < p < 1 or t <= 0 for p, t in points):
        raise ValueError("a quantile is a share between 0% and 100% at a time after zero")
    if delay.shape == "exponential":
        return Law(EXPONENTIAL, points[0][1] / -math.log1p(-points[0][0]))
    heights = [_height(delay.shape, p) for p, _ in points]
    slope = (heights[1] - heights[0]) / (math.log(points[1][1]) - math.log(points[0][1]))
    middle = math.log(points[0][1]) - heights[0] / slope  # the logarithm of a Weibull's scale, a log-normal's median
    if abs(middle) > _LONGEST:
        raise ValueError("the two shares are too close for times that far apart")
    return Law(WEIBULL, math.exp(middle), slope) if delay.shape == "weibull" else Law(LOGNORMAL, middle, 1 / slope)


def _height(shape: str, share: float) -> float:
    return math.log(-math.log1p(-share)) if shape == "weibull" else NormalDist().inv_cdf(share)


def quantile(law: Law, u: float) -> int:
    """The delay below which the share u of all delays lies: whole microseconds, rounded up, at least 1 (S1)."""
    if law.shape == CURVE:
        return whole(curve(law.times, law.shares, u))
    return whole(delay(law.shape, law.a, law.b, u))


def delay(shape: int, a: float, b: float, u: float) -> float:
    """The quantile at u of every law but a curve, in microseconds."""
    if shape == AT_ONCE:
        return 0.0
    if shape == FIXED:
        return a
    if shape == EXPONENTIAL:
        return -a * math.log1p(-u)
    exponent = math.log(a) + math.log(-math.log1p(-u)) / b if shape == WEIBULL else a + b * normal(u)
    return math.exp(min(exponent, _LONGEST))


def curve(times: Sequence[float], shares: Sequence[float], u: float) -> float:
    """The quantile at u of a piecewise linear law."""
    i = 1
    while shares[i] < u:
        i += 1
    share = (u - shares[i - 1]) / (shares[i] - shares[i - 1])
    return times[i - 1] + share * (times[i] - times[i - 1])


def whole(time: float) -> int:
    """The delay in whole microseconds: rounded up, at least 1, and never more than 2^62 (S1)."""
    return max(1, math.ceil(time)) if time < 9e18 else 1 << 62


def normal(u: float) -> float:
    """The standard normal quantile.

    Wichura, "Algorithm AS 241: the percentage points of the normal distribution" (Applied Statistics 37, 1988),
    routine PPND16: about sixteen figures.
    """
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        num = _poly8(r, 2509.0809287301226727, 33430.575583588128105, 67265.770927008700853,
                     45921.953931549871457, 13731.693765509461125, 1971.5909503065514427,
                     133.14166789178437745, 3.387132872796366608)  # fmt: skip
        den = _poly8(r, 5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
                     5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0)  # fmt: skip
        return q * num / den
    r = math.sqrt(-math.log(u if q < 0 else 1.0 - u))
    if r <= 5.0:
        r -= 1.6
        num = _poly8(r, 7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177,
                     1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055,
                     4.6303378461565452959, 1.42343711074968357734)  # fmt: skip
        den = _poly8(r, 1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966,
                     0.14810397642748007459, 0.68976733498510000455, 1.6763848301838038494,
                     2.05319162663775882187, 1.0)  # fmt: skip
    else:
        r -= 5.0
        num = _poly8(r, 2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386,
                     0.026532189526576123093, 0.29656057182850489123, 1.7848265399172913358,
                     5.4637849111641143699, 6.6579046435011037772)  # fmt: skip
        den = _poly8(r, 2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5,
                     7.868691311456132591e-4, 0.0148753612908506148525, 0.13692988092273580531,
                     0.59983220655588793769, 1.0)  # fmt: skip
    return -num / den if q < 0 else num / den


def _poly8(x: float, c7: float, c6: float, c5: float, c4: float, c3: float, c2: float, c1: float, c0: float) -> float:
    return ((((((c7 * x + c6) * x + c5) * x + c4) * x + c3) * x + c2) * x + c1) * x + c0
