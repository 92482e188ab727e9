"""How long the commands take to start: whole processes, as a shell sees them."""

from __future__ import annotations

import subprocess
import sys
from statistics import median

from tests.benchmarks.speed.engine import ROOT
from tests.benchmarks.speed.machine import once

SCENARIO = "scenarios/appointment-reminder.cascade"
HELP, CHECK, SIMULATE = ("--help",), ("check", SCENARIO), ("simulate", SCENARIO, "--engine", "compiled")


def starts(runs: int) -> dict[str, float]:
    """The median time of each command, in seconds.

    Each runs once before it is timed: from then on what it reads, and its machine code, is at hand.
    """
    return {command[0]: median_time(command, runs) for command in (HELP, CHECK, SIMULATE)}


def median_time(command: tuple[str, ...], runs: int) -> float:
    """What one command takes."""
    _run(*command)
    return median(once(lambda: _run(*command)) for _ in range(runs))


def _run(*arguments: str) -> str:
    command = [sys.executable, "-m", "cascadesim.cli", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
