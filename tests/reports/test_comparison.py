"""The tables of a comparison."""

from __future__ import annotations

import math
from typing import Any

import pytest

from cascadesim.engines.compare import Comparison, PairedSegment
from cascadesim.engines.outcome import Estimate
from cascadesim.engines.pairing import FIGURES, PairedFigure
from cascadesim.reports.comparison import comparison_report, worth


def figure(a: float, b: float, half: float | None = 0.001, saved: float | None = 0.75) -> PairedFigure:
    d = b - a
    difference = Estimate(d) if half is None else Estimate(d, d - half, d + half)
    return PairedFigure(Estimate(a), Estimate(b), difference, saved)


def comparison(*segments: str, **changed: PairedFigure) -> Comparison:
    total = {name: figure(0.5, 0.52) for name in FIGURES} | changed
    parts = tuple(PairedSegment(s, 1200.0, total) for s in segments or ("everyone",))
    return Comparison("Spring", "compiled", "people are simulated one by one", 7, 3, "one", "other", total, parts)


def rows(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_figures_stand_beside_their_difference_and_its_interval(shown: Any) -> None:
    text = shown(*comparison_report(comparison(), "EUR"))
    assert "By the compiled engine, seed 7, 3 replications: people are simulated one by one." in text
    assert ["coverage", "50.0%", "52.0%", "+2.0", "points", "+1.9", "to", "+2.1", "4.0", "x"] in rows(text)
    assert ["EUR", "per", "person", "0.5000", "0.5200", "+0.0200", "+0.0190", "to", "+0.0210", "4.0", "x"] in rows(text)
    assert "For coverage the pairing was worth 4.0 times the people." in " ".join(text.split())
    assert "By segment" not in text
    assert "may be chance" not in text


def test_a_fall_has_its_sign(shown: Any) -> None:
    text = shown(*comparison_report(comparison(coverage=figure(0.52, 0.5)), "EUR"))
    assert ["coverage", "52.0%", "50.0%", "-2.0", "points", "-2.1", "to", "-1.9", "4.0", "x"] in rows(text)


def test_what_may_be_chance_is_named(shown: Any) -> None:
    text = shown(*comparison_report(comparison(cost_per_covered=figure(0.5, 0.5005)), "EUR"))
    assert "The interval holds 0, so this may be chance: EUR per covered." in text


def test_what_one_replication_cannot_tell_is_said(shown: Any) -> None:
    text = shown(*comparison_report(comparison(coverage=figure(0.5, 0.52, None, None)), "EUR"))
    assert ["coverage", "50.0%", "52.0%", "+2.0", "points", "-", "-"] in rows(text)
    assert "use --replications" in text
    assert "times the people" not in text


def test_no_difference_is_exact(shown: Any) -> None:
    text = shown(*comparison_report(comparison(coverage=figure(0.5, 0.5, 0.0, 1.0)), "EUR"))
    assert ["coverage", "50.0%", "50.0%", "0.0", "points", "exact", "exact"] in rows(text)
    assert "may be chance" not in text
    assert "times the people" not in text


def test_nothing_to_divide_by_is_a_dash(shown: Any) -> None:
    lost = PairedFigure(Estimate(None), Estimate(0.5), Estimate(None), None)
    text = shown(*comparison_report(comparison(cost_per_covered=lost), "EUR"))
    assert ["EUR", "per", "covered", "-", "0.5000", "-", "-", "-"] in rows(text)


def test_segments_have_a_table_of_their_own(shown: Any) -> None:
    text = shown(*comparison_report(comparison("gold", "loyal"), "EUR"))
    assert text.index("By segment") < text.index("gold") < text.index("loyal")
    assert "1,200 people" in text


@pytest.mark.parametrize(("saved", "times"), [(0.0, 1), (0.9, 10), (-1.0, 0.5), (1.0, math.inf), (None, None)])
def test_what_pairing_is_worth(saved: float | None, times: float | None) -> None:
    """Two simulations apart need 1 / (1 - saved) times the people for the same interval."""
    assert worth(figure(0.5, 0.52, saved=saved)) == (None if times is None else pytest.approx(times))


@pytest.mark.parametrize("width", [80, 100, 120])
def test_tables_are_narrow_enough(width: int, shown: Any) -> None:
    wide = comparison("loyal-customers", "new", cost=figure(123_456.0, 123_999.0, 100.0))
    lines = shown(*comparison_report(wide, "EUR"), width=width).splitlines()
    assert max(map(len, lines)) <= width
    assert not any("…" in line for line in lines)
