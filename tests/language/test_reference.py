"""The word table and the reference: nothing of the language is left out, and every example is read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from lark import Tree

from cascadesim.language import examine_text, format_text
from cascadesim.language.grammar import GRAMMARS, grammar_text, parse, parser, reserved_words, words
from cascadesim.language.reference import generated, main
from cascadesim.language.words import SECTIONS, Statement, Word, statements, units, word_table
from cascadesim.units import Duration

REFERENCE = (GRAMMARS / "README.md").read_text(encoding="utf-8")
SCRIPTS = re.findall(r"```cascade\n(.*?)```", REFERENCE, re.DOTALL)
GOOD = Path(__file__).parents[1] / "scripts" / "good"
KEYWORDS = {word for word in words().values() if word.isalpha()}


def test_the_table_has_every_word_of_the_grammar_and_no_other() -> None:
    assert set(word_table()) == KEYWORDS


def test_the_table_has_every_unit_of_the_grammar_and_no_other() -> None:
    written = re.findall(r"_LENGTH: .*\((ms\|.*?)\)", grammar_text())[0].split("|")
    spelled = {unit.removesuffix("s?") for unit in written} | {unit.removesuffix("?") for unit in written}
    assert set(units()) == spelled


@pytest.mark.parametrize("entry", word_table().values(), ids=lambda entry: entry.word)
def test_a_word_has_a_meaning_and_an_example_that_is_read_where_it_may_stand(entry: Word) -> None:
    assert entry.meaning.endswith(".")
    assert entry.places
    assert entry.word in Statement("top", entry.example, "").words
    sections = [section for section, (block, _) in SECTIONS.items() if block in (*entry.places, "top")]
    assert any(is_read(Statement(section, entry.example, "").script) for section in sections)


def is_read(text: str) -> bool:
    try:
        parse(text)
    except Exception:
        return False
    return True


@pytest.mark.parametrize("statement", statements(), ids=lambda statement: statement.example[:50])
def test_every_example_of_a_statement_is_read(statement: Statement) -> None:
    parse(statement.script)
    assert statement.meaning.endswith(".")


def test_no_statement_is_left_out() -> None:
    """Every rule of the grammar that makes a node of the tree stands in some example."""
    rules = {rule.origin.name for rule in parser().rules if not rule.origin.name.startswith("_")}
    seen = {node.data for s in statements() for node in parse(s.script).iter_subtrees() if isinstance(node, Tree)}
    assert rules - {str(name) for name in seen} == set()


def test_every_section_of_the_table_is_in_the_reference() -> None:
    assert {s.section for s in statements()} == set(SECTIONS)
    assert set(re.findall(r"<!-- table: (\w+) -->", REFERENCE)) == {*SECTIONS, "words", "units", "reserved"}


def test_what_is_generated_is_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().err


def test_what_is_stale_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("cascadesim.language.reference.generated", lambda: {GRAMMARS / "README.md": "something else"})
    assert main(["--check"]) == 1
    assert "README.md is stale" in capsys.readouterr().err


@pytest.mark.parametrize("text", SCRIPTS)
def test_scripts_have_no_faults_and_are_laid_out(text: str) -> None:
    assert examine_text(text, base=GOOD).diagnostics == ()
    assert format_text(text) == text


def test_words_that_cannot_be_names_are_listed() -> None:
    (listed,) = re.findall(r"<!-- table: reserved -->\n(.*?)\n<!-- end -->", REFERENCE, re.DOTALL)
    assert listed.replace("`", "").split() == sorted(reserved_words())


@pytest.mark.parametrize("unit", units())
def test_units_are_those_of_durations(unit: str) -> None:
    assert Duration.parse(f"1 {unit}") == Duration.parse(units()[unit].example)


def test_the_textmate_grammar_has_every_word() -> None:
    colours = json.loads(generated()[GRAMMARS / "cascade.tmLanguage.json"])
    patterns = " ".join(rule.get("match", "") for rule in colours["patterns"])
    assert set(re.findall(r"[a-z]+", patterns)) >= KEYWORDS
