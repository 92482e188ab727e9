"""Every script in tests/scripts/bad has exactly the faults that stand in the file beside it.

One line a fault: code, place, and how the message begins. `REFRESH_EXPECTED=1 pytest tests/language` writes the
files anew; read the difference before you believe it.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

import pytest

from cascadesim.errors import Diagnostic, Fix
from cascadesim.language import examine, examine_text, render
from cascadesim.language.codes import CODES

BAD = Path(__file__).parents[1] / "scripts" / "bad"
SCRIPTS = sorted(BAD.glob("*.cascade"))
pytestmark = pytest.mark.usefixtures("in_folder")


@pytest.fixture
def in_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BAD)


def line_of(diagnostic: Diagnostic, script: str) -> str:
    place = "-"
    if diagnostic.span is not None:
        file = "" if diagnostic.span.file == script else f"{diagnostic.span.file}:"
        place = f"{file}{diagnostic.span.line}:{diagnostic.span.column}"
    return f"{diagnostic.code} {place} {diagnostic.message}"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_faults(path: Path) -> None:
    found = [line_of(d, path.name) for d in examine(path.name).diagnostics]
    expected = path.with_suffix(".expected")
    if os.environ.get("REFRESH_EXPECTED"):
        expected.write_text("".join(f"{line}\n" for line in found), encoding="utf-8")
    wanted = expected.read_text(encoding="utf-8").splitlines()
    assert len(found) == len(wanted), found
    for line, beginning in zip(found, wanted, strict=True):
        assert line.startswith(beginning)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_places_and_words(path: Path) -> None:
    """Carets lie within the text, hints help, and nobody hears of tokens."""
    reading = examine(path.name)
    assert reading.diagnostics
    for diagnostic in reading.diagnostics:
        assert diagnostic.code in CODES
        said = f"{diagnostic.message} {diagnostic.hint}"
        assert not re.search(r"_NL|_INDENT|_DEDENT|\$END|[Tt]oken|[Tt]erminal|Unexpected|\bRULE\b", said)
        if diagnostic.span is not None:
            span = diagnostic.span
            line = reading.sources[span.file].split("\n")[span.line - 1]
            assert 1 <= span.column <= span.end_column <= len(line) + 2
            assert span.line == span.end_line
            carets = render(diagnostic, reading.sources).split("\n")[4]
            assert carets.count("^") >= span.end_column - span.column


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_fixes_mend(path: Path) -> None:
    """What a fix changes is not found fault with in the same place again."""
    reading = examine(path.name)
    for diagnostic in reading.diagnostics:
        if diagnostic.fix is not None and diagnostic.fix.span.file == path.name:
            text = mended(reading.sources[path.name], diagnostic.fix)
            again = examine_text(text, path.name).diagnostics
            assert line_of(diagnostic, path.name) not in [line_of(d, path.name) for d in again]


def mended(text: str, fix: Fix) -> str:
    lines = text.split("\n")
    line = lines[fix.span.line - 1]
    lines[fix.span.line - 1] = line[: fix.span.column - 1] + fix.replacement + line[fix.span.end_column - 1 :]
    return "\n".join(lines)


def test_every_code_has_a_script() -> None:
    """A code without an example is a rule nobody has seen at work."""
    seen = {line.split()[0] for path in BAD.glob("*.expected") for line in path.read_text("utf-8").splitlines()}
    assert set(CODES) - seen == {"C004"}  # too large for a fixture: see test_source


def test_the_scripts_are_many_and_of_many_kinds() -> None:
    """A code that explains too many of them is too coarse to be looked up."""
    codes = [{line.split()[0] for line in path.read_text("utf-8").splitlines()} for path in BAD.glob("*.expected")]
    seen = Counter(code for found in codes for code in found)
    assert len(codes) >= 120
    assert len(seen) >= 60
    assert {code: count for code, count in seen.items() if count > 6} == {}


def test_every_code_in_use_is_listed() -> None:
    package = Path(__file__).parents[2] / "cascadesim" / "language"
    used = {code for path in package.rglob("*.py") for code in re.findall(r'"(C\d{3})"', path.read_text("utf-8"))}
    assert used == set(CODES)
