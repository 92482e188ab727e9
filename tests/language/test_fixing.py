"""Safe fixes: all of them, in whatever order they overlap, and nothing else in the text."""

from __future__ import annotations

from pathlib import Path

import pytest

from cascadesim.errors import Diagnostic, Fix, Span
from cascadesim.language import examine_text
from cascadesim.language.fixing import apart, apply, fix_text

BAD = Path(__file__).parents[1] / "scripts" / "bad"


def fixed(body: str) -> str:
    """A channel with this body, its safe fixes made."""
    head = "cascade 1\n\nchannel viber\n"
    text = fix_text(f"{head}{body}").text
    assert text.startswith(head)
    return text.removeprefix(head)


def test_several_in_one_line() -> None:
    assert fixed("    opens 60 percent, half wthin 2 hrs\n") == "    opens 60%, half within 2 h\n"


def test_one_that_another_brings_to_light() -> None:
    """`Costs` hides `€0.02`, which hides `/`: three rounds."""
    assert fixed("    opens 3%\n    Costs €0.02 Per mesage sent  # new\n") == (
        "    opens 3%\n    costs 0.02 EUR per message sent  # new\n"
    )


def test_what_a_person_must_choose_stays() -> None:
    body = "    opens 0.6, half within 12m\n"
    assert fixed(body) == body


def test_a_step_gets_its_own_line_and_its_line_end() -> None:
    text = "cascade 1\r\n\r\nchain a\r\n    send sms, wait 2 h then send viber  # both\r\n"
    assert fix_text(text).text == "cascade 1\r\n\r\nchain a\r\n    send sms, wait 2 h\r\n    send viber  # both\r\n"


def test_brackets_keep_the_meaning() -> None:
    text = (
        "cascade 1\n\nchannel a\n    opens 3%\n\nsegment s\n    people 1\n\nchain x\n    send a, wait 1 h\n"
        "    if a opened or reachable on a and undelivered\n        send a\n"
    )
    mended = fix_text(text)
    assert "a opened or (reachable on a and undelivered)" in mended.text
    assert [d.code for d in mended.made] == ["C072"]
    assert mended.left.script is not None
    before = examine_text(text).script
    assert before is not None
    assert mended.left.script.model == before.model


def test_fixes_are_made_from_the_end_and_line_ends_stay() -> None:
    text = "\ufeffab\r\ncd\ref\n"
    fixes = [Fix(Span("x", line, 1, line, 2), "longer"[line:]) for line in (1, 2, 3)]
    assert apply(text, fixes) == "\ufeffongerb\r\nngerd\rgerf\n"
    assert apply("a b c", [Fix(Span("x", 1, 1, 1, 2), "aaa"), Fix(Span("x", 1, 5, 1, 6), "ccc")]) == "aaa b ccc"
    assert apply("ab\r\n", [Fix(Span("x", 1, 1, 1, 1), "c\n\n")]) == "c\r\n\r\nab\r\n"


def test_of_fixes_that_touch_the_first_is_made() -> None:
    """The next round looks again at what came of it."""
    places = [(1, 5, 8), (1, 8, 9), (1, 10, 12), (1, 1, 4), (2, 1, 2)]
    found = [
        Diagnostic("C100", "error", None, "", None, Fix(Span("x", line, start, line, end), "", safe=True))
        for line, start, end in places
    ]
    chosen = [(d.fix.span.line, d.fix.span.column) for d in apart(found) if d.fix is not None]
    assert chosen == [(1, 1), (1, 5), (1, 10), (2, 1)]


@pytest.mark.parametrize("path", sorted(BAD.glob("*.cascade")), ids=lambda path: path.stem)
def test_no_safe_fix_is_left(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the script: fixing ends, nothing safe is left, and fixing again changes nothing."""
    monkeypatch.chdir(BAD)
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return
    once = fix_text(text, path.name)
    own = [d for d in once.left.diagnostics if d.fix is not None and d.fix.safe and d.fix.span.file == path.name]
    assert own == []
    assert fix_text(once.text, path.name).text == once.text
    assert bool(once.made) == (once.text != text)
