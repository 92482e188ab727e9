"""What pictures show: bars as long as the figures, a mark where reality has left the forecast."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from cascadesim.engines.outcome import ChainOutcome, Estimate
from cascadesim.model.chain import Send, Wait
from cascadesim.model.model import Scenario
from cascadesim.reports.beside import Line
from cascadesim.reports.following import Curve, Flow, FlowStep, Sending
from cascadesim.reports.pictures.cost import FEES, cost
from cascadesim.reports.pictures.coverage import coverage
from cascadesim.reports.pictures.flow import flow
from cascadesim.reports.pictures.live import live
from cascadesim.reports.pictures.sends import sends
from cascadesim.units import Duration


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


def words(ax: Axes) -> set[str]:
    return {text.get_text() for text in ax.texts}


def bars(ax: Axes) -> list[tuple[float, float]]:
    """(left end, length) of each bar, as they were drawn."""
    return [(round(float(p.get_x()), 6), round(float(p.get_width()), 6)) for p in ax.patches if hasattr(p, "get_width")]


def test_a_flow_is_drawn_in_shares_of_the_people() -> None:
    steps = (
        FlowStep(1, Send(("viber",), wait=Wait(Duration.parse("2 h"))), 200.0, 120.0, 80.0, 60.0, 50.0, 2.4),
        FlowStep(2, Send(("sms",)), 150.0, 140.0, 10.0, 20.0, 0.0, 6.3),
    )
    ax = flow(Flow("chain", 200.0, 0.4, steps), currency="EUR")
    assert bars(ax)[:6] == [(0, 0.3), (0.3, 0.3), (0.6, 0.4), (0, 0.1), (0.1, 0.6), (0.7, 0.05)]
    assert ax.get_title(loc="left") == "chain: 200 people, 40.0% covered"
    assert {"1  viber, then 2 h", "2  sms", "120", "80", "50", "2.4000", "EUR"} <= words(ax)


def test_costs_by_channel_have_fees_apart(chain: Callable[..., ChainOutcome]) -> None:
    one = chain("chain")  # whose one step cost 160
    total = replace(one.total, cost=Estimate.exact(200.0))
    ax = cost([replace(one, total=total)], currency="EUR")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["viber", FEES]
    assert [width for _, width in bars(ax)] == [160.0, 40.0]


def test_coverage_says_who_is_not_yet_covered() -> None:
    ages = np.linspace(0, 10 * 3600, 101)
    curve = Curve("chain", 1_000.0, ages, ages / ages[-1] / 2, (("sms", 3600.0),), 10 * 3600.0)
    ax = coverage([curve])
    assert ax.get_xticklabels()[0].get_text() == "0\n1,000"
    assert ax.get_xticklabels()[-1].get_text() == "10\n500"
    assert {"sms", "50.0%"} <= words(ax)


@pytest.mark.parametrize(("busiest", "is_drawn"), [(90.0, True), (3.0, False)])
def test_a_limit_is_drawn_where_it_is_near(busiest: float, is_drawn: bool) -> None:
    ax = sends([Sending("sms", np.array([busiest, 1.0]), 100.0)], Scenario())
    dashed = [line for line in ax.lines if line.get_linestyle() == "--"]
    assert bool(dashed) is is_drawn
    assert f"busiest hour {busiest:g}, limit 100" in words(ax)


def test_what_is_outside_the_forecast_is_marked_and_named() -> None:
    lines: list[Any] = [
        Line("all", 1, "viber", "sent", 100, 101.0, 90.0, 112.0),
        Line("all", 1, "viber", "delivered", 60, 95.0, 85.0, 100.0),
        Line("all", 1, "viber", "opened", 7),
    ]
    ax = live(lines)
    assert words(ax) == {"100", "60, not 95", "7"}
    assert [line.get_marker() for line in ax.lines if line.get_marker() != "None"] == ["o", "s", "o"]
