"""What people see of scripts as other editors and other alphabets make them: whole outputs, in `golden/`.

`REFRESH_EXPECTED=1 pytest tests/language/test_golden.py` writes the outputs anew; read the difference.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from cascadesim.language import examine, examine_text, render

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.cascade")), ids=lambda path: path.stem)
def test_what_people_see(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN)
    reading = examine(path.name)
    shown = "".join(f"{render(diagnostic, reading.sources)}\n\n" for diagnostic in reading.diagnostics)
    output = path.with_suffix(".txt")
    if os.environ.get("REFRESH_EXPECTED"):
        output.write_text(shown, encoding="utf-8")
    assert shown == output.read_text(encoding="utf-8")


def test_the_scripts_are_what_they_are_called() -> None:
    """An editor that tidies them up would make the outputs prove nothing."""
    script = {path.stem: path.read_bytes() for path in GOLDEN.glob("*.cascade")}
    assert b"\n" not in script["windows-line-ends"].replace(b"\r\n", b"")
    assert script["byte-order-mark"].startswith(b"\xef\xbb\xbf")
    assert script["tabs"].count(b"\t") == 4
    assert "смс".encode() in script["cyrillic"]


def test_a_file_that_is_no_script_is_refused_at_once(tmp_path: Path) -> None:
    """By its size: it is not even read."""
    path = tmp_path / "contacts.cascade"
    with path.open("wb") as file:
        file.truncate(4_000_000_000)  # a file with a hole in it, which takes no room
    started = time.process_time()
    (diagnostic,) = examine(path).diagnostics
    assert time.process_time() - started < 0.5
    assert diagnostic.message.endswith("is larger than 2,000,000 bytes, which no script is")
    assert 'people from "contacts.csv"' in str(diagnostic.hint)


def test_many_segments() -> None:
    """Ten thousand, each with a rate of its own and one from a table: nothing grows by the square of them."""
    names = [f"s{number}" for number in range(10_000)]
    lines = ["cascade 1", "", "channel viber", "    opens 61%", "", "channel whatsapp", "    opens 3%"]
    for name in names:
        lines += ["", f"segment {name}", "    people 10", "    opens viber 41%"]
    lines += ["", "table reaches", "    segment viber whatsapp", *(f"    {name} 40% 50%" for name in names)]
    lines += ["", "chain a", "    stop when opened", "    send viber, wait 2 h", "    send whatsapp"]
    started = time.process_time()
    reading = examine_text("\n".join(lines))
    assert time.process_time() - started < 10  # three, where this was written
    assert reading.diagnostics == ()
    assert reading.script is not None
    assert len(reading.script.model.segments) == 10_000
