"""The scripts that are timed are what they are called: a benchmark of something else would prove nothing."""

from __future__ import annotations

import pytest

from cascadesim.language import examine_text
from tests.benchmarks import language


def test_the_clean_script_has_a_thousand_lines_and_no_fault() -> None:
    text = language.clean_script()
    assert 1_000 <= text.count("\n") <= 1_020
    assert examine_text(text).diagnostics == ()


@pytest.mark.parametrize("text", [pytest.param(text, id=what) for what, text in language.faulty_scripts()])
def test_the_faulty_scripts_have_a_thousand_faults(text: str) -> None:
    """One in every line but the first: no more, and none is hidden by another."""
    lines = [d.span.line for d in examine_text(text).diagnostics if d.span and d.severity == "error"]
    assert len(lines) == len(set(lines)) == 1_000


def test_many_segments_are_well() -> None:
    assert examine_text(language.segments(20)).diagnostics == ()
