"""The same seed gives the same bytes in any process, and the order of a file's parts changes no figure."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPTS = Path(__file__).parent / "scripts"
RUNS = {
    "simulate": (
        ("simulate", "world.cascade", "--chain", "two-at-once", "--records", "r.parquet", "--json"),
        "r.parquet",
    ),
    "optimize": (("optimize", "world.cascade", "--plan", "p.json", "--json"), "p.json"),
}


def started(folder: Path, hash_seed: str, *args: str) -> subprocess.Popen[bytes]:
    """A fresh process at work."""
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", "cascadesim.cli", *args]
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE)


@pytest.mark.parametrize("name", RUNS)
def test_two_processes_give_the_same_bytes(name: str, place: Path) -> None:
    command, output = RUNS[name]
    folders = [place / hash_seed for hash_seed in ("1", "2")]
    for folder in folders:
        shutil.copytree(SCRIPTS, folder)
    processes = [started(folder, folder.name, *command) for folder in folders]
    printed = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert printed[0] == printed[1]
    assert (folders[0] / output).read_bytes() == (folders[1] / output).read_bytes()


def test_another_seed_gives_other_figures(cli: Any, place: Path) -> None:
    one, other = (cli("simulate", "world.cascade", "--seed", seed, "--json").stdout for seed in (1, 2))
    assert one != other


@pytest.mark.parametrize("command", ["simulate", "optimize"])
def test_the_order_of_channels_segments_and_contacts_changes_no_figure(command: str, cli: Any, place: Path) -> None:
    before = cli(command, "world.cascade", "--json").document
    reorder(place)
    after = cli(command, "world.cascade", "--json").document
    if command == "optimize":  # the plan carries the model, in the order of the file
        assert figures(before["plan"]) == figures(after["plan"])
        assert (before["frontier"], before["compared"]) == (after["frontier"], after["compared"])
    else:
        assert before == after


def figures(plan: Any) -> Any:
    """A plan without the script's hash and its model."""
    kept = {key: value for key, value in plan.items() if key not in ("model", "source_sha256")}
    assert set(plan) - set(kept) == {"model", "source_sha256"}
    return kept


def reorder(folder: Path) -> None:
    """Turns round the order of the script's channels and segments, and of the people."""
    script, people = folder / "world.cascade", folder / "people.csv"
    text = script.read_text()
    for kind in ("channel", "segment"):
        blocks = re.findall(rf"^{kind} .*?\n(?=\n)", text, re.MULTILINE | re.DOTALL)
        assert len(blocks) == 3
        first, rest = text.index(blocks[0]), text.index(blocks[-1]) + len(blocks[-1])
        text = text[:first] + "\n".join(reversed(blocks)) + text[rest:]
    script.write_text(text)
    header, *rows = people.read_text().splitlines()
    people.write_text("\n".join([header, *reversed(rows)]) + "\n")
