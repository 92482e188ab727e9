"""Faults, the changes that mend them, the script laid out, and the way to definitions."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cascadesim import editor
from cascadesim.cli import main
from cascadesim.editor.outline import outline
from cascadesim.errors import Span

GOOD = Path(__file__).parents[1] / "scripts" / "good"
BROKEN = "cascade 1\n\nchannel a\n    opens 0.34\n    clicks 3%\n\nchain b\n    stop wen opened\n    send a\n"


def test_faults_and_what_mends_them() -> None:
    """One change after the other, until there is nothing left to mend."""
    mended = BROKEN
    while found := editor.actions(editor.check(mended), "<text>", 1, 99):
        span = found[0].fix.span
        lines = mended.split("\n")
        row = lines[span.line - 1]
        lines[span.line - 1] = row[: span.column - 1] + found[0].fix.replacement + row[span.end_column - 1 :]
        assert found[0].title == f"Write `{found[0].fix.replacement}`"
        mended = "\n".join(lines)
    assert mended == BROKEN.replace("0.34", "34%").replace("wen", "when")


def test_only_the_lines_asked_for_are_mended() -> None:
    found = editor.check(BROKEN)
    assert [action.title for action in editor.actions(found, "<text>", 4, 4)] == ["Write `34%`"]
    assert editor.actions(found, "<text>", 1, 2) == ()
    assert editor.actions(found, "another", 1, 99) == ()


def test_what_cannot_be_read_is_not_laid_out() -> None:
    assert editor.formatted(BROKEN) == BROKEN
    assert (
        editor.formatted("cascade 1\n\n\n\nchannel   a\n  opens 3%\n") == "cascade 1\n\nchannel a\n    opens     3%\n"
    )


def test_a_name_is_found() -> None:
    text = 'cascade 1\n\nuse viber from "shared/channels.cascade"\n\nchain b\n    send viber\n    send sms\n'
    assert editor.definition(text, 5, 10, "main", GOOD) == Span(str(GOOD / "shared/channels.cascade"), 3, 9, 3, 14)
    assert editor.definition(text, 6, 10, "main", GOOD) is None  # not among the names that are used
    assert editor.definition(text, 4, 7, "main", GOOD) is None
    said = editor.hover(text, 5, 10, "main", GOOD)
    assert said is not None
    assert said.markdown.startswith("**viber**: channel, in channels.cascade\n\n```cascade\nchannel viber\n")


def test_an_outline_survives_circles_and_missing_files(tmp_path: Path) -> None:
    (tmp_path / "a.cascade").write_text('cascade 1\nuse "b.cascade"\nchannel one\n    ...\n', encoding="utf-8")
    (tmp_path / "b.cascade").write_text('cascade 1\nuse "a.cascade"\nuse "no"\nchannel two\n', encoding="utf-8")
    found = outline('use "a.cascade"\nchannel three # !\n\n    opens 3%\n\n# end\nsegment\n', "main", tmp_path)
    assert [d.name for d in found] == ["two", "one", "three"]
    assert found[-1].lines == ("channel three # !", "    opens 3%")


def test_without_the_library_the_command_says_which_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    monkeypatch.setitem(sys.modules, "pygls.lsp.server", None)
    monkeypatch.delitem(sys.modules, "cascadesim.editor.server", raising=False)
    result = CliRunner().invoke(main, ["lsp"])
    assert result.exit_code == 2
    assert "pip install 'cascadesim[editor]'" in result.output
