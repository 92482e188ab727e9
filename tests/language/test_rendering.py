"""Diagnostics as people read them, to the letter, and as data."""

from __future__ import annotations

from html.parser import HTMLParser

from cascadesim.errors import Diagnostic, Fix, Span
from cascadesim.language import diagnostics_json, examine_text, render, render_html

SPAN = Span("a.cascade", 12, 5, 12, 9)
SOURCES = {"a.cascade": "\n" * 11 + "    opns 34%   # comment\n"}


def test_with_everything() -> None:
    diagnostic = Diagnostic("C014", "error", SPAN, "`opns` begins no line of a channel", "did you mean `opens`?")
    assert render(diagnostic, SOURCES) == (
        "error[C014]: `opns` begins no line of a channel\n"
        "  --> a.cascade:12:5\n"
        "   |\n"
        "12 |     opns 34%   # comment\n"
        "   |     ^^^^\n"
        "  hint: did you mean `opens`?"
    )


def test_without_place_or_text() -> None:
    assert render(Diagnostic("C003", "error", None, "it is empty"), {}) == "error[C003]: it is empty"
    bare = render(Diagnostic("C017", "warning", SPAN, "unfinished"), {})
    assert bare == "warning[C017]: unfinished\n  --> a.cascade:12:5"
    beyond = Span("a.cascade", 99, 1, 99, 2)
    assert render(Diagnostic("C017", "warning", beyond, "x"), SOURCES).count("\n") == 1


def test_wide_and_combining_letters_are_underlined_as_wide_as_they_are() -> None:
    text = "channel 名前 e\u0301t\n"
    wide = Span("x", 1, 9, 1, 11)
    behind = Span("x", 1, 12, 1, 15)
    assert render(Diagnostic("C1", "error", wide, ""), {"x": text}).split("\n")[-1] == "  |         ^^^^"
    assert render(Diagnostic("C1", "error", behind, ""), {"x": text}).split("\n")[-1] == "  |              ^^"


def test_a_place_past_the_end_of_its_line() -> None:
    span = Span("x", 1, 8, 1, 9)
    assert render(Diagnostic("C1", "error", span, ""), {"x": "cascade\n"}).split("\n")[-1] == "  |        ^"


def test_a_place_over_several_lines_is_underlined_to_the_end_of_the_first() -> None:
    span = Span("x", 1, 3, 2, 2)
    assert render(Diagnostic("C1", "error", span, ""), {"x": "abcde\nf\n"}).split("\n")[-1] == "  |   ^^^"


def test_colour_changes_nothing_but_colour() -> None:
    import re

    diagnostic = Diagnostic("C014", "error", SPAN, "message", "hint")
    painted = render(diagnostic, SOURCES, colour=True)
    assert painted != render(diagnostic, SOURCES)
    assert re.sub(r"\033\[[\d;]*m", "", painted) == render(diagnostic, SOURCES)


def test_for_the_browser() -> None:
    """The line with the fault marked; what stands between backticks is code, and nothing of the script is markup."""
    sources = {"a<b.cascade": '    opns "<b>&" 34%\n'}
    diagnostic = Diagnostic("C014", "error", Span("a<b.cascade", 1, 10, 1, 16), "`<b>` & more", "write `opens`")
    warning = Diagnostic("C003", "warning", None, "a ` alone")
    page = render_html([diagnostic, warning], sources, "a<b")
    assert "<pre><b>1</b>     opns <mark>&quot;&lt;b&gt;&amp;&quot;</mark> 34%</pre>" in page
    assert "<code>&lt;b&gt;</code> &amp; more</h2>" in page
    assert '<p class="hint">write <code>opens</code></p>' in page
    assert '<p class="place">a&lt;b.cascade:1:10</p>' in page
    assert "<title>a&lt;b</title>" in page
    assert '<article class="warning">' in page
    assert "a ` alone" in page
    assert page.count("<article") == page.count("</article>") == 2


def test_a_page_is_well_formed() -> None:
    """Every element that is opened is closed, in order."""
    text = "cascade 1\n\nchannel sms\n    opens 34%, half within\n"
    parser = _Nesting()
    parser.feed(render_html(examine_text(text).diagnostics, {"<text>": text}))
    assert parser.open == []
    assert "article" in parser.seen
    assert "Nothing is wrong." in render_html([], {})


class _Nesting(HTMLParser):
    """Fails where an element is closed that is not the innermost."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_as_data() -> None:
    fix = Fix(SPAN, "opens")
    found = diagnostics_json(
        [
            Diagnostic("C014", "error", SPAN, "message", "hint", fix),
            Diagnostic("C003", "warning", None, "it is empty"),
        ]
    )
    place = {"line": 12, "column": 5, "end_line": 12, "end_column": 9}
    assert found == [
        {
            "code": "C014", "severity": "error", "file": "a.cascade", **place, "message": "message", "hint": "hint",
            "fix": {"replacement": "opens", "safe": False, "file": "a.cascade", **place},
        },
        {
            "code": "C003", "severity": "warning", "file": None, **dict.fromkeys(place), "message": "it is empty",
            "hint": None, "fix": None,
        },
    ]  # fmt: skip


def test_faults_come_in_the_order_of_the_script() -> None:
    text = "cascade 1\n\nchain a\n    send sms\n\nchannel push\n    opens 200%\n    clicks 300%\n"
    places = [(d.span.line, d.span.column) for d in examine_text(text).diagnostics if d.span]
    assert places == sorted(places)
    assert len(places) > 2
