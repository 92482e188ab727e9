"""Layout: what it looks like, and that nothing but the layout changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark import Token, Tree

from cascadesim.errors import RefusedError, ScriptError
from cascadesim.language import format_text, formatter, script_of
from cascadesim.language.grammar import parse
from tests.engines.campaigns import rounds
from tests.language.layouts import lines_of, spaced
from tests.language.models import MODELS

ROOT = Path(__file__).parents[2]
LAYOUT = Path(__file__).parent / "layout"
SHIPPED = sorted((ROOT / "scenarios").rglob("*.cascade"))
REFERENCE = ROOT / "tests" / "scripts" / "good" / "reference.cascade"
SCRIPTS = [format_text(path.read_text("utf-8")) for path in (*SHIPPED, REFERENCE)]
ANY_SCRIPT = st.one_of(st.sampled_from(SCRIPTS), MODELS.map(script_of))
SEEDS = st.integers(0, 2**32)


def test_a_script_before_and_after() -> None:
    before, after = ((LAYOUT / f"{name}.cascade").read_text("utf-8") for name in ("before", "after"))
    assert format_text(before) == after


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios_are_in_style(path: Path) -> None:
    text = path.read_text("utf-8")
    assert format_text(text) == text


def test_so_is_the_script_of_the_readme() -> None:
    (text,) = re.findall(r"^```\n(# .*?^cascade 1\n.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.S | re.M)
    assert format_text(text) == text


@rounds(100)
@given(ANY_SCRIPT, SEEDS)
def test_spaces_do_not_matter(script: str, seed: int) -> None:
    """However a script is spaced and indented, one layout comes out: the script's own, for it is in style."""
    assert format_text(spaced(script, seed)).replace("\r\n", "\n") == script


@rounds(100)
@given(ANY_SCRIPT, SEEDS)
def test_formatting_is_idempotent_and_changes_no_tree(script: str, seed: int) -> None:
    """Among comments and blank lines, too; the comments are all there, in order, each on the line of its statement."""
    before = spaced(script, seed, comments=True)
    after = format_text(before)
    assert format_text(after) == after
    plain = before.removeprefix("\ufeff").replace("\r\n", "\n")
    same = after.replace("\r\n", "\n")
    assert [*said(parse(same))] == [*said(parse(plain))]
    assert comments(same) == comments(plain)
    assert ("\r\n" in after) == ("\r\n" in before)


def said(tree: Tree[Token]) -> Iterator[str]:
    """The rules and words of a tree: a reading of our own."""
    yield tree.data
    for child in tree.children:
        if isinstance(child, Tree):
            yield from said(child)
        else:
            yield "" if child is None else child if child.type == "STRING" else " ".join(child.split())
    yield "end"


def comments(script: str) -> list[tuple[str, str]]:
    """The comments, each with the first word of its line."""
    return [("".join(line.words[:1]), line.comment) for line in lines_of(script) if line.comment]


# ---- single rules


def in_block(heading: str, *lines: str) -> list[str]:
    """The lines of a block after formatting."""
    text = "\n".join(["cascade 1", heading, *(f"  {line}" for line in lines)])
    return format_text(text).split("\n")[3:-1]


def test_values_stand_in_one_column() -> None:
    assert in_block("channel sms", "reaches 5%", "unsubscribes  1%", "costs at least 1 EUR per campaign") == [
        "    reaches   5%",
        "    unsubscribes 1%",
        "    costs at least 1 EUR per campaign",
    ]


def test_tables_stand_in_columns_as_wide_as_they_look() -> None:
    assert in_block("table opens", "segment  名前 sms", "новые 5% 40%  to 50%", "old - 100%", "...") == [
        "    segment  名前  sms",
        "    новые    5%    40% to 50%",
        "    old      -     100%",
        "    ...",
    ]


def test_a_channel_called_to_is_a_column() -> None:
    assert in_block("table opens", "segment to sms", "old 1% to 2% 3%")[0] == "    segment  to        sms"


def test_comments_behind_statements_stand_in_one_column() -> None:
    long = 'saying "' + "x" * 50 + '"'
    lines = in_block("chain a", "send sms# one", f"{long}    #two")
    assert [line.index("#") for line in lines] == [58, 4 + len(long) + 2]


def test_comments_stay_with_their_block() -> None:
    """At the end of blocks, a comment belongs to the one in whose column it stands."""
    lines = ["if undelivered", "  stop", "  # inner", " # between", "# outer", "send sms", "  # last"]
    assert (
        in_block("chain a", *lines)[1:]
        == [
            "    if undelivered",
            "        stop",
            "        # inner",
            "    # between",
            "    # outer",
            "    send sms",
            "    # last",
        ][1:]
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('use "x"\nuse "y"', '\nuse "x"\nuse "y"'),
        ('\n\n\nuse "x"\n\n\n\nuse "y"', '\nuse "x"\n\nuse "y"'),
        ("channel a\n\n\n opens 1%", "\nchannel a\n    opens     1%"),
        ("channel a\n opens 1%\n\n\n clicks 2%", "\nchannel a\n    opens     1%\n\n    clicks    2%"),
        (
            "channel a\n opens 1%\n# of b\nchannel b\n opens 1%",
            "\nchannel a\n    opens     1%\n\n# of b\nchannel b\n    opens     1%",
        ),
        ('# of a\n\n\n# and more\nuse "a"', '\n# of a\n\n# and more\nuse "a"'),
    ],
)
def test_one_blank_line_between_blocks_and_the_authors_within(before: str, after: str) -> None:
    assert format_text(f"cascade 1\n{before}") == f"cascade 1\n{after}\n"


def test_spelling_stays() -> None:
    lines = ["optimise", "minimise  cost per person", "keep total cost under 20_000   EUR", "search for 1  h 30 min"]
    assert in_block(*lines) == [
        "    minimise  cost per person",
        "    keep      total cost under 20_000 EUR",
        "    search for 1 h 30 min",
    ]


def test_spaces_in_texts_stay() -> None:
    assert in_block("message a", 'text "two  spaces, ( and #"') == ['    text      "two  spaces, ( and #"']


def test_line_ends_are_kept_and_a_byte_order_mark_is_not() -> None:
    after = format_text("\ufeffcascade 1\r\nchannel a\r\n  opens 1%")
    assert after == "cascade 1\r\n\r\nchannel a\r\n    opens     1%\r\n"


@pytest.mark.parametrize(
    "text", ["cascade 1\nchannel sms\n    opns 5%\n", "cascade 1\nchannel sms\n    reaches 1%\n    \topens 5%\n", ""]
)
def test_a_broken_script_is_refused(text: str) -> None:
    with pytest.raises(ScriptError) as refused:
        format_text(text, "campaign.cascade")
    assert all(d.span is None or d.span.file == "campaign.cascade" for d in refused.value.diagnostics)
    assert refused.value.diagnostics


def test_a_fault_of_meaning_does_not_matter() -> None:
    assert in_block("chain a", "send   nobody") == ["    send nobody"]


@pytest.mark.parametrize("other", ["6%", "5", "5% # more", "5%\n    # more"])
def test_a_layout_that_changed_the_script_would_be_refused(other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out = formatter.laid_out
    monkeypatch.setattr(formatter, "laid_out", lambda lines: laid_out(lines).replace("5%", other))
    with pytest.raises(RefusedError, match="please report"):
        format_text("cascade 1\nchannel sms\n    opens 5%\n")


def test_many_brackets_are_no_trouble() -> None:
    condition = "(" * 3000 + "undelivered" + ")" * 3000
    assert condition in format_text(f"cascade 1\nchain a\n  if {condition}\n    stop")
