"""`cascadesim format`: files written whole or not at all, and looked at without being written."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cascadesim.cli import main
from tests.cli.conftest import Cli, Ran

TIDY = "cascade 1\n\nchannel sms\n    reaches   97%\n    costs     0.045 EUR per part sent\n"
LOOSE = "cascade 1\nchannel sms\n  reaches 97%\n  costs 0.045 EUR per part sent\n"
BROKEN = "cascade 1\nchannel sms\n    reaches 97\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("tidy", TIDY), ("loose", LOOSE), ("broken", BROKEN)):
        (tmp_path / f"{name}.cascade").write_text(text, newline="")
    return tmp_path


def from_stdin(text: str | bytes, *args: str) -> Ran:
    result = CliRunner().invoke(main, ["format", "-", *args], input=text)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return Ran(result.exit_code, result.stdout, result.stderr)


def test_writes_what_changes(cli: Cli, folder: Path) -> None:
    ran = cli("format", "tidy.cascade", "loose.cascade")
    assert (ran.status, ran.stdout) == (0, "tidy.cascade: nothing to change\nloose.cascade: formatted\n")
    assert (folder / "loose.cascade").read_bytes() == TIDY.encode()
    assert sorted(path.name for path in folder.iterdir()) == ["broken.cascade", "loose.cascade", "tidy.cascade"]


def test_who_may_read_a_file_stays(cli: Cli, folder: Path) -> None:
    (folder / "loose.cascade").chmod(0o640)
    cli("format", "loose.cascade")
    assert (folder / "loose.cascade").stat().st_mode & 0o777 == 0o640


def test_line_ends_stay(cli: Cli, folder: Path) -> None:
    (folder / "loose.cascade").write_bytes(LOOSE.replace("\n", "\r\n").encode())
    cli("format", "loose.cascade")
    assert (folder / "loose.cascade").read_bytes() == TIDY.replace("\n", "\r\n").encode()


def test_a_file_in_style_is_not_touched(cli: Cli, folder: Path) -> None:
    before = (folder / "tidy.cascade").stat()
    cli("format", "tidy.cascade")
    assert (folder / "tidy.cascade").stat().st_ino == before.st_ino


def test_a_broken_script_keeps_all_from_being_written(cli: Cli, folder: Path) -> None:
    ran = cli("format", "loose.cascade", "broken.cascade")
    assert (ran.status, ran.stdout) == (1, "")
    assert "broken.cascade:3:13" in ran.stderr
    assert (folder / "loose.cascade").read_text() == LOOSE


def test_check_says_what_would_change(cli: Cli, folder: Path) -> None:
    assert cli("format", "--check", "tidy.cascade").status == 0
    ran = cli("format", "--check", "tidy.cascade", "loose.cascade")
    assert (ran.status, ran.stdout) == (1, "loose.cascade: would change\n")
    assert (folder / "loose.cascade").read_text() == LOOSE


def test_diff_shows_it(cli: Cli, folder: Path) -> None:
    assert cli("format", "--diff", "tidy.cascade") == Ran(0, "", "")
    ran = cli("format", "--diff", "loose.cascade")
    assert ran.status == 1
    assert "-  reaches 97%\n" in ran.stdout
    assert "+    reaches   97%\n" in ran.stdout
    assert (folder / "loose.cascade").read_text() == LOOSE


def test_stdin_goes_to_stdout() -> None:
    assert from_stdin(LOOSE) == Ran(0, TIDY, "")
    assert from_stdin(TIDY, "--check") == Ran(0, "", "")
    assert from_stdin(LOOSE, "--check") == Ran(1, "-: would change\n", "")


@pytest.mark.parametrize(("text", "said"), [(BROKEN, "<stdin>:3:13"), (b"\xff\xfe", "UTF-8"), ("", "empty")])
def test_a_broken_script_from_stdin(text: str | bytes, said: str) -> None:
    ran = from_stdin(text)
    assert (ran.status, ran.stdout) == (1, "")
    assert said in ran.stderr


def test_a_missing_file(cli: Cli, folder: Path) -> None:
    ran = cli("format", "tidi.cascade")
    assert ran.status == 1
    assert "did you mean tidy.cascade?" in ran.stderr


def test_the_document(cli: Cli, folder: Path) -> None:
    ran = cli("format", "--json", "loose.cascade")
    assert ran.document == {"files": [{"file": "loose.cascade", "changed": True, "text": TIDY}]}
    assert cli("format", "--json", "broken.cascade").document["diagnostics"][0]["line"] == 3
