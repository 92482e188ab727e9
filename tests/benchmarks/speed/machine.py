"""The machine that is measured, and how: the best of several rounds, and the most memory a process ever had."""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import llvmlite.binding
import numba

_CPUS, _BUSY, _STATUS = Path("/proc/cpuinfo"), Path("/proc/stat"), Path("/proc/self/status")  # Linux has them


@dataclass(frozen=True)
class Machine:
    """What figures depend on; `architecture` is what the compiler takes the processor for."""

    cpu: str
    architecture: str
    cores: int
    python: str
    numba: str

    def __str__(self) -> str:
        cores = f"{self.cores} core{'s' if self.cores > 1 else ''}"
        return f"{self.cpu} ({self.architecture}), {cores}; Python {self.python}, numba {self.numba}"


def machine() -> Machine:
    """This one."""
    cpu = _line(_CPUS, "model name") or platform.processor() or "unknown processor"
    architecture = llvmlite.binding.get_host_cpu_name()
    return Machine(cpu, architecture, os.cpu_count() or 1, platform.python_version(), numba.__version__)


class Use(NamedTuple):
    """Seconds up to now: the clock's, those that all cores were busy, those of it for this process and its children."""

    clock: float
    busy: float
    own: float


def use() -> Use | None:
    """Up to now; None where the system does not say how busy its cores are."""
    if not _BUSY.is_file():
        return None
    _, user, nice, system, _, _, *interrupts = _BUSY.read_text(encoding="utf-8").partition("\n")[0].split()
    ticks = sum(int(n) for n in (user, nice, system, *interrupts[:3]))
    return Use(time.perf_counter(), ticks / os.sysconf("SC_CLK_TCK"), sum(os.times()[:4]))


def taken_by_others(before: Use | None, after: Use | None, cores: int) -> float | None:
    """The share of the machine's time that went to other processes: with it, what was measured gets worse."""
    if before is None or after is None:
        return None
    clock, busy, own = (b - a for a, b in zip(before, after, strict=True))
    return max(0.0, busy - own) / (clock * cores)


def best(work: Callable[[], object], seconds: float) -> float:
    """The shortest time that `work` took: of two rounds at least, and of as many as begin within so many seconds.

    Whatever else a machine does can only make a round longer, so the shortest tells most. A round before them is not
    looked at: it is the one that loads code.
    """
    work()
    shortest, begun, rounds = float("inf"), time.perf_counter(), 0
    while rounds < 2 or time.perf_counter() - begun < seconds:
        shortest = min(shortest, once(work))
        rounds += 1
    return shortest


def once(work: Callable[[], object]) -> float:
    """How long it took, in seconds."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def peak_memory() -> int:
    """The most bytes that this process has had in memory so far.

    Where Linux says so: `getrusage` has a child begin with its parent's peak, which may be the larger one.
    """
    if found := _line(_STATUS, "VmHWM"):
        return int(found.split()[0]) * 1024
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size if sys.platform == "darwin" else size * 1024


def memory() -> int:
    """The bytes that this process has in memory now; where the system does not say, the most that it ever had."""
    found = _line(_STATUS, "VmRSS")
    return int(found.split()[0]) * 1024 if found else peak_memory()


def _line(file: Path, name: str) -> str | None:
    """What the file says after this name and a colon."""
    if not file.is_file():
        return None
    lines = (line.partition(":") for line in file.read_text(encoding="utf-8").splitlines())
    return next((value.strip() for found, _, value in lines if found.strip() == name), None)
