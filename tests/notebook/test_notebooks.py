"""The notebooks are their scripts, and what compares their outputs tells a change from another machine's timings."""

from __future__ import annotations

import struct
from base64 import b64encode
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from notebooks import check

SCRIPTS = sorted(check.HERE.glob("[0-9]*.py"))


def showing(*outputs: Any) -> Any:
    """A notebook of one cell with these outputs."""
    return new_notebook(cells=[new_code_cell("assert True", outputs=list(outputs))])


def printed(text: str) -> Any:
    return new_output("stream", name="stdout", text=text)


def picture(width: int, height: int) -> Any:
    png = b64encode(b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", width, height)).decode()
    return new_output("display_data", {"image/png": png, "text/plain": "<Figure>"})


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_notebook_is_its_script_and_asserts_its_figure(script: Path) -> None:
    committed = nbformat.read(script.with_suffix(".ipynb"), 4)
    assert list(check.unpaired(script, committed)) == []
    assert 8 <= len(committed.cells) <= 24
    assert not [o for cell in committed.cells for o in cell.get("outputs", []) if "widget" in str(o.get("data"))]


def test_there_are_eight_and_none_without_its_script() -> None:
    assert [script.stem for script in SCRIPTS] == sorted(path.stem for path in check.HERE.glob("*.ipynb"))
    assert len(SCRIPTS) == 8


def test_a_script_that_says_something_else_is_found(tmp_path: Path) -> None:
    script = tmp_path / SCRIPTS[0].name
    script.write_text(SCRIPTS[0].read_text("utf-8").replace("30% eager", "31% eager"), "utf-8")
    (found,) = check.unpaired(script, nbformat.read(SCRIPTS[0].with_suffix(".ipynb"), 4))
    assert "differ" in found


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (printed("took 1.2 s, 3 rows"), printed("took 14.0 s, 3 rows")),
        (printed("begun 2026-11-26 16:19 UTC, 5.8 s ago"), printed("begun 2027-01-01 00:00 UTC, 1 min ago")),
        (picture(720, 440), picture(731, 452)),
    ],
)
def test_what_differs_from_machine_to_machine_is_no_change(was: Any, now: Any) -> None:
    assert list(check.changes(showing(was), showing(now))) == []


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (printed("52.8% covered"), printed("52.9% covered")),
        (printed("took 1.2 s, 3 rows"), printed("took 1.2 s, 4 rows")),
        (picture(720, 440), picture(720, 300)),
        (picture(720, 440), printed("<Figure>")),
        (new_output("execute_result", {"text/html": "<b>1</b>"}), new_output("execute_result", {"text/html": "1"})),
    ],
)
def test_what_is_another_result_is(was: Any, now: Any) -> None:
    assert len(list(check.changes(showing(was), showing(now)))) == 1
    assert len(list(check.changes(showing(was), showing()))) == 1


def test_parts_of_what_is_printed_belong_together() -> None:
    assert list(check.changes(showing(printed("ab")), showing(printed("a"), printed("b")))) == []
