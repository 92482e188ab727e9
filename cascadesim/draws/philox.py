"""Philox4x32-10: a counter-based random number generator.

Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011). A block of four 32-bit
words is a function of a 128-bit counter and a 64-bit key, and of nothing else: no state, so any number can be
drawn at any time, by any engine, in any order. The compiled engine compiles this same source, in signed 64-bit
integers: hence the masks after shifts, which change nothing in Python's.
"""

from __future__ import annotations

_MASK = 0xFFFFFFFF
_M0, _M1 = 0xD2511F53, 0xCD9E8D57
_W0, _W1 = 0x9E3779B9, 0xBB67AE85
_STEP = 2.0**-52


def philox(k0: int, k1: int, c0: int, c1: int, c2: int, c3: int) -> tuple[int, int, int, int]:
    """The four words at counter (c0, c1, c2, c3) under key (k0, k1); all are 32-bit words."""
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0, c1, c2, c3 = (p1 >> 32 & _MASK) ^ c1 ^ k0, p1 & _MASK, (p0 >> 32 & _MASK) ^ c3 ^ k1, p0 & _MASK
        k0 = (k0 + _W0) & _MASK
        k1 = (k1 + _W1) & _MASK
    return c0, c1, c2, c3


def uniform(high: int, low: int) -> float:
    """Two 32-bit words as one number strictly between 0 and 1: 52 bits and a half, exact in a double."""
    return (((high >> 6) << 26 | low >> 6) + 0.5) * _STEP
