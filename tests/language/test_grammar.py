"""The grammar itself: no conflict, no word that shadows a name, layout as people mean it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cascadesim.language import examine_text
from cascadesim.language.grammar import build, parse, parser, reserved_words, words
from tests.language.sentences import Place, places

KEYWORDS = sorted(word for word in words().values() if word.isalpha())
PLACES = places()

EVERY_LIST = """cascade 1

scenario
    starts 2027-03-01 10:00

channel viber
    reaches 50%
    opens 50%
    clicks 10%

channel {name}
    reaches 50%
    answers 50%
    replies 10%

segment first
    people 10
    kinds 10% eager x1.1, the rest {name}
    reaches both viber and {name} 30%
    answers {name} 40%
    delivers viber 40%
    costs {name} 1 EUR per message sent

segment {name}
    people 10

table clicks
    segment viber {name}
    first 10% 10%
    {name} 10% 10%

message hello
    text "Hi"
    text on {name} "Hello"

message {name}
    text "Hi"

chain short for first, {name}
    stop when viber opened, {name} replied or {name} answered
    saying {name}
    send viber and {name} saying {name}, wait 1 h or until viber clicked, {name} answered
    if segment is one of first, {name} and reachable on {name} and {name} answered but not replied or {name} undelivered
        send {name}, wait 1 h
    if segment is {name} or not {name} answered
        send {name}, wait 1 h
    send viber

chain {name} for {name}
    send {name}

optimize for first, {name}
    covered when viber opened, {name} answered within 3 days
    stop when viber opened or {name} answered
    saying {name}
    minimize cost per person
    keep coverage of {name} at least 1%
    keep messages on {name} of {name} at most 100
    choose from viber, {name}
    start with viber, {name}
    end with viber or {name}
    never viber after {name}
    never {name} after viber
    repeat {name} up to 2 times
    compare short, {name}
"""


def test_strict() -> None:
    """Lark finds neither a conflict of the parser nor a collision of terminals (interegular)."""
    pytest.importorskip("interegular")
    build(strict=True)


def test_reserved_words() -> None:
    """What cannot be a name, computed from the parse table: the words that may follow where a name may stand."""
    assert sorted(reserved_words()) == [
        "and", "answered", "both", "clicked", "converted", "day", "delivered", "each", "more", "not", "one", "opened",
        "or", "reachable", "replied", "segment", "time", "undelivered", "unsubscribed",
    ]  # fmt: skip


@pytest.mark.parametrize("word", [*KEYWORDS, "plain", "x1", "EUR", "K", "été", "имя-2", "नमस्ते", "名前"])
def test_every_word_works_as_a_name_or_is_refused(word: str) -> None:
    """In second place of every list, where a shared separator would let keywords of another list in."""
    found = examine_text(EVERY_LIST.format(name=word)).diagnostics
    errors = [d for d in found if d.severity == "error"]
    if word in reserved_words():
        assert {d.code for d in errors} >= {"C018"}
    else:
        assert errors == []


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_every_word_is_a_name_wherever_a_name_may_stand(place: Place) -> None:
    """The places come from the grammar: first, second and further ones of every list, in every statement."""
    assert place.reads("plain")
    assert [word for word in KEYWORDS if word not in reserved_words() and not place.reads(word)] == []


@pytest.mark.parametrize("word", sorted(reserved_words()))
def test_no_word_is_reserved_without_need(word: str) -> None:
    assert not all(place.reads(word) for place in PLACES)


def test_the_places_are_those_of_the_grammar() -> None:
    """Every rule that has a name in it is there, and with it the lists of every statement."""
    rules = {rule.origin.name for rule in parser().rules if "NAME" in [part.name for part in rule.expansion]}
    assert rules - {place.rule for place in PLACES} == set()
    lists = {" ".join(place.rules[1:3]) for place in PLACES if "{NAME}" in place.rule}
    assert {"chain audience", "optimize audience", "optimize choose", "optimize compare", "optimize end_with"} <= lists


@pytest.mark.parametrize("word", sorted(reserved_words()))
@pytest.mark.parametrize("kind", ["channel", "segment", "message", "chain"])
def test_reserved_words_are_refused_where_they_are_defined(word: str, kind: str) -> None:
    body = {"channel": "opens 3%", "segment": "people 3", "message": 'text "Hi"', "chain": "stop"}[kind]
    found = examine_text(f"cascade 1\n\n{kind} {word}\n    {body}\n").diagnostics
    assert ("C018", 3) in [(d.code, d.span.line) for d in found if d.span]


@pytest.mark.parametrize(
    "text",
    [
        "cascade 1",
        "\n\n# first\n\ncascade 1   # the version\n\n",
        "cascade 1\n\nchannel a # comment\n# at the margin\n    opens 3%\n\n        # deep\n    clicks 3%\n  # end\n",
        "cascade 1\nchannel a\n  opens 3%\nsegment b\n        people 3\n",
        "cascade 1\n\nchain a\n    if reachable on b\n        stop\n    otherwise\n        stop\n    stop\n    # done",
    ],
)
def test_layout(text: str) -> None:
    parse(text.rstrip() + "\n")


@pytest.mark.parametrize(
    ("written", "read"),
    [("optimize", "optimise"), ("minimize", "minimise"), ("maximize coverage", "maximise coverage")],
)
def test_both_spellings(written: str, read: str) -> None:
    text = "cascade 1\n\noptimize\n    minimize cost per person\n    choose from a\n"
    if written.startswith("max"):
        text = text.replace("minimize cost per person", written)
    assert parse(text.replace(written, read)) == parse(text)


def test_steps_up_to() -> None:
    assert parse("cascade 1\n\noptimize\n    steps up to 4\n")


def test_keywords_do_not_run_together() -> None:
    with pytest.raises(Exception, match="stopon"):
        parse("cascade 1\n\nchain a\n    stopon open\n")


def test_no_cache_is_written_where_none_can_be(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a folder of the user's own the grammar is analysed each time: slower, but it works."""
    from cascadesim.language import grammar

    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    monkeypatch.setenv("LOCALAPPDATA", str(blocked))
    monkeypatch.setattr("tempfile.tempdir", str(blocked))
    assert grammar._cache_file() is False
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))
    assert str(grammar._cache_file()).startswith(str(tmp_path / "cache"))
