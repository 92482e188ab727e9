"""How the commands start and end as processes: fast, lean, and quiet when nobody reads on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HEAVY = {"numpy", "scipy", "pandas", "pyarrow", "simpy", "lark", "matplotlib", "jsonschema", "rich", "holidays"}
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def loaded(code: str, folder: Path) -> set[str]:
    """The top modules that are there after the code has run in a fresh process."""
    told = f"{code}\nimport sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=folder, env=ENVIRONMENT, check=True, capture_output=True, text=True
    )
    return {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("import cascadesim", set()),
        ("from cascadesim.cli import main; main(['--help'], standalone_mode=False)", set()),
        ("from cascadesim.cli import main; main(['run', '--help'], standalone_mode=False)", set()),
        ("from cascadesim.cli import main; main(['check', 'small.cascade'], standalone_mode=False)", {"lark"}),
    ],
)
def test_nothing_is_imported_before_it_is_needed(code: str, allowed: set[str], place: Path) -> None:
    assert loaded(code, place) & HEAVY <= allowed


@pytest.mark.parametrize("extra", ["", "--json"])
def test_a_reader_who_leaves_early_sees_no_traceback(extra: str, place: Path) -> None:
    command = f'"{sys.executable}" -m cascadesim.cli simulate world.cascade {extra} | head -n 1'
    done = subprocess.run(command, shell=True, cwd=place, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert len(done.stdout.splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_names_that_look_like_markup_are_printed_as_they_are(cli: Any, place: Path) -> None:
    script = Path("world.cascade")
    script.write_text(script.read_text().replace("A small world", "[red]Sale[/red] :tada:"))
    assert "[red]Sale[/red] :tada:" in cli("simulate", "world.cascade").stdout


@pytest.mark.parametrize("columns", [80, 100])
def test_tables_fit_the_terminal(columns: int, cli: Any, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for command in (
        ("simulate", "world.cascade"),
        ("optimize", "world.cascade"),
        ("run", "world.cascade", "--replications", 2),
    ):
        lines = cli(*command).stdout.splitlines()
        assert max(map(len, lines)) <= columns
        assert not any("…" in line for line in lines)
