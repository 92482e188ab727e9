"""The frontier picture: everything on it is where it belongs, and nothing is cut off."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import matplotlib as mpl
import pytest

mpl.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from cascadesim.reports.pictures.frontier import frontier

POINTS = ((0.001, 0.05), (0.01, 0.4), (0.02, 0.6), (0.05, 0.7))


@pytest.fixture
def answer() -> Any:
    points = [SimpleNamespace(cost_per_person=cost, coverage=share, next_percent=0.0012) for cost, share in POINTS]
    total = SimpleNamespace(cost_per_person=0.02, coverage=0.6)
    return SimpleNamespace(frontier=points, total=total, set_aside=("quiet hours of sms",))


@pytest.fixture
def drawn(answer: Any, chain: Any) -> Iterator[Axes]:
    chains = [chain("cheap-first", 0.45, 0.024, 0.03), chain("dear-first", 0.62, 0.0499, None)]
    ax = frontier(answer, chains, currency="EUR")
    yield ax
    plt.close(ax.figure)


def test_every_point_is_there(drawn: Axes) -> None:
    dots = next(line for line in drawn.lines if line.get_marker() == "o")
    assert list(zip(dots.get_xdata(), dots.get_ydata(), strict=True)) == list(POINTS)
    plan = next(line for line in drawn.lines if line.get_marker() == "D")
    assert (list(plan.get_xdata()), list(plan.get_ydata())) == ([0.02], [0.6])
    chains = [line for line in drawn.lines if line.get_marker() == "s"]
    assert [line.get_xdata()[0] for line in chains] == [0.024, 0.0499]


def test_the_plan_and_the_chains_are_named(drawn: Axes) -> None:
    assert {"the plan\nnext 1%: +0.0012 EUR each", "cheap-first", "dear-first"} <= {
        text.get_text() for text in drawn.texts
    }
    assert drawn.get_xlabel() == "cost per person, EUR"
    assert any("quiet hours of sms" in text.get_text() for text in drawn.texts)


def test_shares_are_percentages_from_zero(drawn: Axes) -> None:
    drawn.figure.canvas.draw()
    assert all(label.get_text().endswith("%") for label in drawn.get_yticklabels())
    assert drawn.get_xlim()[0] == 0
    assert drawn.get_ylim()[0] >= 0


def test_no_name_is_cut_off(drawn: Axes) -> None:
    drawn.figure.canvas.draw()
    picture = drawn.figure.bbox
    for text in drawn.texts:
        box = text.get_window_extent()
        assert picture.x0 <= box.x0
        assert box.x1 <= picture.x1
        assert picture.y0 <= box.y0


def test_it_draws_into_axes_that_are_given(answer: Any) -> None:
    figure, ax = plt.subplots()
    assert frontier(answer, ax=ax) is ax
    assert ax.get_xlabel() == "cost per person"
    plt.close(figure)
