"""Bars where somebody watches, for what takes long; silence where it is asked for."""

from __future__ import annotations

import sys
import warnings
from typing import Any

import nbclient
import nbformat
import pytest

from cascadesim.reports import progress

CELL = """
import time
from cascadesim.reports.progress import bars

with bars("simulating", None) as told:
    for done in range(3):
        time.sleep(0.6)
        if told is not None:
            told("a chain", done + 1, 3)
"""


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "is_watched", lambda: True)
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)


def _work(asked: Any) -> None:
    with progress.bars("simulating", asked) as told:
        for done in range(3):
            if told is not None:
                told("a chain", done + 1, 3)


@pytest.mark.usefixtures("watched")
def test_a_bar_names_what_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    _work(None)
    assert "simulating a chain" in capsys.readouterr().err


@pytest.mark.usefixtures("watched")
def test_false_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    _work(False)
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("watched")
def test_the_environment_silences_all(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TQDM_DISABLE", "1")
    _work(None)
    _work(True)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("silenced", "shown"), [("0", 1), ("1", 0)])
def test_in_a_notebook(silenced: str, shown: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real kernel, at work for more than a second: a bar is shown there, and none where it is silenced."""
    monkeypatch.setenv("TQDM_DISABLE", silenced)
    cell = nbformat.v4.new_code_cell(CELL)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the kernel's client has its own
        nbclient.NotebookClient(notebook, timeout=60).execute()
    assert [output["output_type"] for output in notebook.cells[0].outputs] == ["display_data"] * shown


@pytest.mark.usefixtures("watched")
def test_what_takes_less_than_a_second_shows_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 60.0)
    _work(None)
    assert capsys.readouterr().err.strip() == ""


def test_nobody_watches_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    assert not sys.stderr.isatty()
    _work(None)
    assert capsys.readouterr().err == ""


def test_a_function_is_told_instead() -> None:
    told: list[tuple[str, int, int]] = []
    _work(lambda *what: told.append(what))
    assert told == [("a chain", 1, 3), ("a chain", 2, 3), ("a chain", 3, 3)]
