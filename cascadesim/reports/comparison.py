"""What `cascadesim compare` shows: A, B, the difference with its interval, and what the pairing was worth."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from cascadesim.engines.compare import Comparison
from cascadesim.engines.outcome import Estimate
from cascadesim.engines.pairing import PairedFigure
from cascadesim.reports import tables, words

_HEADERS = ("A", "B", "B - A", "95% interval", "pairing\nworth")
_OF_SEGMENTS = ("coverage", "cost_per_person", "messages_per_person")
_EXACT = "exact"
_SURE = 1 - 1e-12  # variance saved beyond this is all of it, but for rounding


def comparison_report(found: Comparison, currency: str) -> Iterator[RenderableType]:
    """The tables of a comparison, with who computed it, and what it says in words."""
    if found.scenario:
        yield Text(found.scenario, "bold")
    drawn = f"seed {found.seed}, {words.plural(found.replications, 'replication')}"
    yield Text(f"By the {found.engine} engine, {drawn}: {found.engine_because}.", tables.QUIET)
    yield Text(f"A  {found.a}\nB  {found.b}")
    yield tables.titled("What B brings against A", _total(found.total, currency))
    if len(found.segments) > 1:
        yield tables.titled("By segment", _by_segment(found, currency))
    if sentences := tuple(_sentences(found, currency)):
        yield Text("\n".join(sentences), tables.QUIET)


def worth(figure: PairedFigure) -> float | None:
    """How many times the people two simulations apart would need to tell the difference as well.

    Infinite where the pairing left nothing to chance, None where it cannot be told.
    """
    if figure.variance_saved is None:
        return None
    return math.inf if figure.variance_saved > _SURE else 1 / (1 - figure.variance_saved)


def _total(figures: Mapping[str, PairedFigure], currency: str) -> Table:
    made = tables.table("", *_HEADERS)
    for name, figure in figures.items():
        made.add_row(label(name, currency), *_cells(name, figure))
    return made


def _by_segment(found: Comparison, currency: str) -> Table:
    made = tables.table("segment", "", *_HEADERS[:-1], left=2)
    for segment in found.segments:
        subjects = (segment.segment, f"{words.count(segment.people)} people", "")
        for subject, name in zip(subjects, _OF_SEGMENTS, strict=True):
            made.add_row(subject, label(name, currency), *_cells(name, segment.figures[name])[:-1])
        made.add_section()
    return made


def label(name: str, currency: str) -> str:
    """What a figure is called, with its unit."""
    labels = {
        "coverage": "coverage",
        "cost": f"{currency} in all",
        "cost_per_person": f"{currency} per person",
        "cost_per_covered": f"{currency} per covered",
        "messages_per_person": "messages each",
        "duplicates_per_person": "duplicates each",
    }
    return labels[name]


def _word(name: str) -> tables.Word:
    if name == "coverage":
        return words.share
    return words.amount if name.startswith("cost") else words.number


def _cells(name: str, figure: PairedFigure) -> tuple[str, ...]:
    word, mean, times = _word(name), figure.difference.mean, worth(figure)
    return (
        word(figure.a.mean, None),
        word(figure.b.mean, None),
        signed(name, mean, mean),
        _interval(name, figure.difference),
        words.NOTHING if times is None else _EXACT if math.isinf(times) else f"{_times(times)} x",
    )


def signed(name: str, value: float | None, beside: float | None) -> str:
    """A difference; of shares in percentage points, so that nobody takes it for a share of A."""
    if value is None:
        return words.NOTHING
    text = _word(name)(value, beside).replace("%", " points")
    return f"+{text}" if value > 0 else text


def _interval(name: str, difference: Estimate) -> str:
    low, high, mean = difference.low, difference.high, difference.mean
    if low is None or high is None:
        return words.NOTHING
    if low == high:
        return _EXACT
    return f"{signed(name, low, mean).removesuffix(' points')} to {signed(name, high, mean).removesuffix(' points')}"


def _sentences(found: Comparison, currency: str) -> Iterator[str]:
    """What the figures mean, in words."""
    coverage = found.total["coverage"]
    if coverage.difference.mean is not None and coverage.difference.low is None:
        yield "One replication has no interval where a throughput limit ties people together: use --replications."
    if unclear := [label(n, currency) for n, f in found.total.items() if _holds_zero(f.difference)]:
        yield f"The interval holds 0, so this may be chance: {words.listed(unclear)}."
    times = worth(coverage)
    if times is not None and not math.isinf(times):
        yield (
            "Both sides meet the same people and the same chance. For coverage the pairing was worth "
            f"{_times(times)} times the people."
        )


def _holds_zero(difference: Estimate) -> bool:
    low, high = difference.low, difference.high
    return low is not None and high is not None and low < high and low <= 0 <= high


def _times(value: float) -> str:
    return f"{value:,.0f}" if value >= 99.5 else f"{value:.1f}"
