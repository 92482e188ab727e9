"""`check --fix` and `explain`: what is changed in a file, what is said of it, and the pages of the codes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cascadesim.cli import codes as commands
from cascadesim.cli.explain import all_pages
from cascadesim.contacts import codes as contacts
from cascadesim.language import codes as scripts
from cascadesim.live import codes as live
from cascadesim.live.senders import codes as drivers
from cascadesim.optimizer import codes as questions
from cascadesim.plan import codes as plans
from cascadesim.senders import codes as senders

SLIPS = "cascade 1\n\nchannel viber:\n    opens 60 percent\n    costs €0.02 per message delivered\n"
MENDED = "cascade 1\n\nchannel viber\n    opens 60%\n    costs 0.02 EUR per message delivered\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_fix_changes_the_faults_and_nothing_else(cli: Any, place: Path, newline: str, mark: bytes) -> None:
    """Line ends, a byte-order mark and the file's permissions stay."""
    file = place / "slips.cascade"
    file.write_bytes(mark + SLIPS.replace("\n", newline).encode())
    file.chmod(0o640)
    ran = cli("check", file, "--fix")
    assert ran.status == 0
    assert file.read_bytes() == mark + MENDED.replace("\n", newline).encode()
    assert file.stat().st_mode & 0o777 == 0o640
    assert [line.split(": ")[1] for line in ran.stdout.splitlines()[:3]] == [
        "fixed[C102]",
        "fixed[C113]",
        "fixed[C104]",
    ]
    assert ran.stdout.splitlines()[-1] == f"{file}: 3 faults fixed; no errors"
    assert ran.stderr == ""


def test_fix_leaves_what_may_be_meant_otherwise(cli: Any, place: Path) -> None:
    """12m, 0.6 and a misspelt channel have fixes, but a person must choose; such a file is not even written anew."""
    file = place / "unsafe.cascade"
    text = "cascade 1\n\nchannel viber\n    opens 0.6, half within 12m\n"
    file.write_text(text)
    before = file.stat()
    ran = cli("check", file, "--fix")
    assert ran.status == 1
    assert file.read_text() == text
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert "C136" in ran.stderr


def test_fix_of_what_is_no_script(cli: Any, place: Path) -> None:
    (place / "picture.cascade").write_bytes(b"\x89PNG\0\0")
    ran = cli("check", "picture.cascade", "--fix")
    assert (ran.status, "C002" in ran.stderr) == (1, True)
    assert cli("check", "nowhere.cascade", "--fix").status == 1
    assert not (place / "nowhere.cascade").exists()


def test_check_says_how_many_could_be_mended(cli: Any, place: Path) -> None:
    (place / "slips.cascade").write_text(SLIPS)
    assert "can be mended by `cascadesim check --fix`" in cli("check", "slips.cascade").stdout


def test_a_page_for_the_browser(cli: Any, place: Path) -> None:
    (place / "slips.cascade").write_text(SLIPS)
    cli("check", "slips.cascade", "--html", "out.html")
    page = (place / "out.html").read_text("utf-8")
    assert '<article class="error">' in page
    assert "<title>slips.cascade</title>" in page


def test_every_room_has_its_pages() -> None:
    """The causes on the pages are those of the rooms, word for word."""
    rooms = (scripts, contacts, plans, senders, live, drivers, questions, commands)
    known: dict[str, str] = {code: cause for room in rooms for code, cause in room.CODES.items()}
    assert {code: page.cause for code, page in all_pages().items()} == known
    assert all(page.text for page in all_pages().values())


@pytest.mark.parametrize("written", ["C104", "c104", "104"])
def test_explain(cli: Any, written: str) -> None:
    said = cli("explain", written).stdout
    assert said.startswith("C104: money with a currency's sign or name\n")
    assert "    costs €0.045 per message sent\n" in said
    assert "    costs 0.045 EUR per message sent\n" in said


@pytest.mark.parametrize(("written", "hint"), [("C999", "the nearest is C600"), ("opens", "codes are such as C012")])
def test_explain_a_code_that_is_none(cli: Any, written: str, hint: str) -> None:
    ran = cli("explain", written)
    assert (ran.status, hint in ran.stderr) == (1, True)


def test_explain_lists_all(cli: Any) -> None:
    assert len(cli("explain").stdout.splitlines()) == len(all_pages())
