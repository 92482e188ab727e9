"""Runs every notebook afresh and compares it with the committed one; with `--write` it is written instead.

    python notebooks/check.py [NAME ..]            is what the notebooks show still what comes out?
    python notebooks/check.py --write [NAME ..]    make NAME.ipynb of NAME.py, with its outputs

Text and tables have to be equal, timings aside: `took 1.2 s`, `3.4 s ago` and instants of the clock. Of pictures only
their being there and their size are compared, because fonts differ from machine to machine. A notebook is the script
beside it, cell by cell, and its last cell asserts what the story says.
"""

from __future__ import annotations

import argparse
import os
import re
import struct
import sys
import time
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from jupytext.config import load_jupytext_configuration_file
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

HERE = Path(__file__).parent
_FORMAT = "py:percent"
_CONFIG = load_jupytext_configuration_file(str(HERE / "jupytext.toml"))
_TIMING = re.compile(r"\btook [\d.]+ s\b|[\d.]+ (?:s|min) ago\b|\b20\d\d-\d\d-\d\d \d\d:\d\d(?::\d\d)?\b")
_LIKE = 0.1  # a picture's sides may differ by this share
_PATIENCE = 120

Notebook = Any  # nbformat has no types


def main() -> int:
    """Checks or writes the notebooks named, or all; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    os.environ["TQDM_DISABLE"] = "1"  # bars come and go with the speed of the machine
    faults = 0
    for script in sorted({path.with_suffix(".py") for path in HERE.glob("[0-9]*.*")}):
        if asked.names and script.stem not in asked.names:
            continue
        began = time.monotonic()
        try:
            found = _write(script) if asked.write else list(differences(script))
        except (CellExecutionError, FileNotFoundError) as error:
            found = [str(error)]
        how = "not well" if found else "well"
        print(f"{script.stem}: {how} ({time.monotonic() - began:.0f} s)", *found, sep="\n  ", flush=True)
        faults += len(found)
    return min(faults, 1)


def differences(script: Path) -> Iterator[str]:
    """What is not as it should be with a script and its notebook, once it has run."""
    committed = nbformat.read(script.with_suffix(".ipynb"), 4)
    yield from unpaired(script, committed)
    yield from changes(committed, run(read(script)))


def unpaired(script: Path, committed: Notebook) -> Iterator[str]:
    """Where the script and its notebook are not the same, and whether the last cell asserts something."""
    if jupytext.writes(committed, fmt=_FORMAT, config=_CONFIG) != script.read_text("utf-8"):
        yield f"{script.name} and the notebook differ: `python notebooks/check.py --write {script.stem}`"
    if "assert " not in [cell.source for cell in committed.cells if cell.cell_type == "code"][-1]:
        yield "the last cell asserts nothing"


def changes(committed: Notebook, fresh: Notebook) -> Iterator[str]:
    """The outputs that differ."""
    pairs = zip(committed.cells, fresh.cells, strict=False)
    for number, (old, new) in enumerate(((a, b) for a, b in pairs if b.cell_type == "code"), 1):
        was, now = _shown(old), _shown(new)
        if was != now:
            yield f"code cell {number}: {was}\n  became {now}"


def run(notebook: Notebook) -> Notebook:
    """The notebook with its outputs; a cell that fails without having said so ends it."""
    where = {"metadata": {"path": str(HERE)}}
    return NotebookClient(
        notebook, timeout=_PATIENCE, kernel_name="python3", resources=where, record_timing=False
    ).execute()


def read(script: Path) -> Notebook:
    """The script as a notebook without outputs."""
    notebook = jupytext.read(script, fmt=_FORMAT, config=_CONFIG)
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    for number, cell in enumerate(notebook.cells, 1):
        cell.id = f"cell-{number}"
    return notebook


def _write(script: Path) -> list[str]:
    notebook = run(read(script))
    notebook.metadata.language_info = {"name": "python"}
    nbformat.write(notebook, script.with_suffix(".ipynb"))
    return list(unpaired(script, notebook))


def _shown(cell: Notebook) -> list[tuple[str, Any]]:
    """What a cell shows, as far as it has to be equal: (kind, content), the parts of a printed text together."""
    shown: list[tuple[str, Any]] = []
    for output in cell.outputs:
        if output.output_type == "stream":
            before = shown.pop()[1] if shown and shown[-1][0] == output.name else ""
            shown.append((output.name, before + _masked(output.text)))
        elif output.output_type == "error":
            shown.append(("error", _masked("\n".join(output.traceback))))
        else:
            kinds = sorted(output.data.items())
            shown += [(kind, Size(data) if kind == "image/png" else _masked(data)) for kind, data in kinds]
    return shown


def _masked(text: str) -> str:
    return _TIMING.sub("(a time)", text)


class Size:
    """A picture's width and height; equal to another's that is nearly as large."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, png: str) -> None:
        self.sides = struct.unpack(">II", b64decode(png)[16:24])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Size) and all(
            abs(a - b) <= _LIKE * max(a, b) for a, b in zip(self.sides, other.sides, strict=True)
        )

    def __repr__(self) -> str:
        return f"a picture of {self.sides[0]} x {self.sides[1]}"


if __name__ == "__main__":
    sys.exit(main())
