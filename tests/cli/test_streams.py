"""Where a command's words go when the other end is narrow, poor in characters, or full."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FULL = Path("/dev/full")


def command(*args: str, stdout: Any = subprocess.PIPE, **env: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "cascadesim.cli", *args]
    return subprocess.run(call, stdout=stdout, stderr=subprocess.PIPE, text=True, env=os.environ | env, check=False)


def test_a_stdout_without_frames_gets_what_it_can_show(place: Path) -> None:
    shown = command("simulate", "small.cascade", "--engine", "simpy", PYTHONIOENCODING="ascii")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "viber-then-sms" in shown.stdout


@pytest.mark.skipif(not FULL.is_char_device(), reason="needs a device that is always full")
@pytest.mark.parametrize("args", [("explain",), ("explain", "--json"), ("explain", "C999", "--json")])
def test_a_full_stdout_is_told_on_stderr(args: tuple[str, ...]) -> None:
    with FULL.open("w") as full:
        failed = command(*args, stdout=full)
    assert failed.returncode == (1 if "C999" in args else 3)
    assert failed.stderr.startswith("error[C5")
    assert "Traceback" not in failed.stderr


@pytest.mark.parametrize("width", ["20", "40", "60"])
def test_a_narrow_screen_shortens_no_figure(width: str, cli: Any, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", width)
    for args in (("simulate", "world.cascade"), ("optimize", "small.cascade")):
        shown = cli(*args).stdout
        assert "\N{HORIZONTAL ELLIPSIS}" not in shown
        assert "push" in shown or "viber" in shown
        assert "coverage" in shown


def test_too_little_memory_is_told(cli: Any, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_much(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("cascadesim.engines.simulate.simulate", too_much)
    failed = cli("simulate", "small.cascade")
    assert failed.status == 3
    assert "there is not enough memory for this\n  hint: simulate fewer people" in failed.stderr
