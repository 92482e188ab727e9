"""Bare Philox: how many blocks of random words the machine makes in a second, if nothing is done with them.

A block is four 32-bit words, one call of `cascadesim.draws.philox.philox`: what one draw by name takes, be it reach or
the delivery of a message (S3). The source is the engine's own. No simulation that draws by name can be faster than a
block a draw, so the rate is the limit that the compiled engine is held against.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numba

from cascadesim.draws.philox import philox, uniform
from cascadesim.engines.jit import bare_kernel
from tests.benchmarks.speed.machine import best

BLOCKS = 20_000_000
_MASK = 0xFFFFFFFF
# Inlined before LLVM sees the loop, which it then turns into vector instructions. After a call it does not.
_philox = numba.njit(inline="always")(philox)
_uniform = numba.njit(inline="always")(uniform)


@dataclass(frozen=True)
class Bare:
    """Blocks a second, by one thread and by two: all words xored, which vectorises, or made into uniform numbers."""

    words: float
    words_by_two: float
    uniforms: float
    uniforms_by_two: float


@bare_kernel
def words(first: int, beyond: int, k0: int, k1: int) -> int:
    """All words of the blocks from counter `first` up to `beyond`, xored into one."""
    found = 0
    for counter in range(first, beyond):
        w0, w1, w2, w3 = _philox(k0 & _MASK, k1 & _MASK, counter & _MASK, counter >> 32 & _MASK, 0, 0)
        found ^= w0 ^ w1 ^ w2 ^ w3
    return found


@bare_kernel
def uniforms(first: int, beyond: int, k0: int, k1: int) -> float:
    """The sum of the two uniform numbers of every block: additions keep their order, so it is done block by block."""
    found = 0.0
    for counter in range(first, beyond):
        w0, w1, w2, w3 = _philox(k0 & _MASK, k1 & _MASK, counter & _MASK, counter >> 32 & _MASK, 0, 0)
        found += _uniform(w0, w1) + _uniform(w2, w3)
    return found


def bare(blocks: int, seconds: float) -> Bare:
    """The best rates, each thread making so many blocks."""
    rates = [_rate(kernel, threads, blocks, seconds) for kernel in (words, uniforms) for threads in (1, 2)]
    return Bare(*rates)


def _rate(kernel: Callable[..., object], threads: int, blocks: int, seconds: float) -> float:
    with ThreadPoolExecutor(threads) as pool:

        def work() -> None:
            list(pool.map(partial(_nth, kernel, blocks), range(threads)))

        return threads * blocks / best(work, seconds)


def _nth(kernel: Callable[..., object], blocks: int, number: int) -> object:
    return kernel(number * blocks, (number + 1) * blocks, 0x9E3779B9, 0xBB67AE85)
