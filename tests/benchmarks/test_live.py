"""The row work that is timed is the same: plain sqlite3 leaves the tables as the runner does, but for one channel."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.benchmarks import live
from tests.benchmarks.rows import large, plain, shipped

PEOPLE = 130


def _rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as file:
        return sorted(file.execute(query).fetchall(), key=str)


@pytest.mark.parametrize("query", [
    "SELECT key, place, route, step, queued_at, due_at, lease_until, person, length(appointments) FROM recipient",
    "SELECT recipient, step, attempt, queued_at, sent_at, state, reference FROM attempt",
])  # fmt: skip
def test_both_leave_the_same_rows(query: str, tmp_path: Path) -> None:
    assert plain.run(tmp_path / "plain.db", PEOPLE, 50).sent == 2 * PEOPLE
    assert shipped.run(tmp_path / "shipped.db", PEOPLE, 50).sent == 2 * PEOPLE
    rows = _rows(tmp_path / "shipped.db", query)
    assert rows == _rows(tmp_path / "plain.db", query)
    assert len(rows) in (PEOPLE, 2 * PEOPLE)


def test_journeys_are_as_wide(tmp_path: Path) -> None:
    """At their end; before it they are narrower, those of the runner too."""
    plain.run(tmp_path / "plain.db", 1, 50)
    shipped.run(tmp_path / "shipped.db", 1, 50)
    query = "SELECT length(journey) FROM recipient"
    (narrow,), (wide,) = (_rows(tmp_path / f"{name}.db", query) for name in ("plain", "shipped"))
    assert 0.75 * wide[0] < narrow[0] <= wide[0]


def test_who_misses_a_bar() -> None:
    quick, grows = shipped.Ran(1, 1, 10), shipped.Ran(1, 1, 10, live.MOST_GROWTH + 1)
    assert not live.is_missed(live.Line("a", 50, quick, 0.34))
    assert live.is_missed(live.Line("a", 50, quick, 0.33))
    assert live.is_missed(live.Line("a", 50, grows, 0.5))
    assert not live.is_missed(live.Line("a", 50, grows))


def test_the_memory_is_looked_at_on_the_way(tmp_path: Path) -> None:
    enrolled, sent = large.run(tmp_path / "large.db", PEOPLE, 10, 50)
    assert [mark.people for mark in enrolled.taken] == [50, 100]
    assert [mark.people for mark in sent.taken] == [50, 100]
    assert all(mark.size > 0 < mark.memory for mark in sent.taken)


def test_memory_grows_from_the_first_mark_to_the_largest() -> None:
    marks = large.Marks(Path("none.db"), 1)
    marks.taken = [large.Mark(n, 1.0, memory, 0) for n, memory in enumerate([70, 90, 60])]
    assert marks.grown == 20
