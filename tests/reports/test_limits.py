"""The `keep` lines beside what a simulation found: each measure read off where it stands, each bound as it says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cascadesim.engines.outcome import TimeToOpen
from cascadesim.model.model import Exchange, Model, Scenario
from cascadesim.model.question import EACH, Keep, Objective, Question
from cascadesim.model.segment import Headcount, Segment
from cascadesim.reports.limits import Checked, checked
from cascadesim.units import DAY, HOUR, Duration, Money, Share

MODEL = Model(
    Scenario(currency="EUR", exchange=(Exchange("USD", "0.5"),)),
    segments=(Segment("loyal", Headcount(36_000)), Segment("gold", Headcount(4_000))),
)


def one(chain: Any, keep: Keep) -> Checked:
    (found,) = checked(MODEL, Question(Objective("coverage"), (), keeps=(keep,)), chain("plan"))
    return found


@pytest.mark.parametrize(
    ("keep", "line", "asked", "found", "kept"),
    [
        (Keep("coverage", "at least", Share(0.62)), "coverage at least 62%", 0.62, 0.6234, True),
        (Keep("coverage", "at least", Share(0.63), of="gold"), "coverage of gold at least 63%", 0.63, 0.6234, False),
        (Keep("total cost", "under", Money.parse("924 EUR")), "total cost under 924 EUR", 924.0, 924.0, False),
        (Keep("total cost", "at most", Money.parse("924 EUR")), "total cost at most 924 EUR", 924.0, 924.0, True),
        (
            Keep("total cost", "at most", Money.parse("100 EUR"), of="gold"),
            "total cost of gold at most 100 EUR",
            100.0,
            92.4,
            True,
        ),
        (
            Keep("cost per person", "over", Money.parse("0.06 USD")),
            "cost per person over 0.06 USD",
            0.03,
            0.0231,
            False,
        ),
        (
            Keep("cost per covered person", "under", Money.parse("0.04 EUR")),
            "cost per covered person under 0.04 EUR",
            0.04,
            0.0231 / 0.6234,
            True,
        ),
        (Keep("messages per person", "at most", 2.0), "messages per person at most 2", 2.0, 2.134, False),
        (
            Keep("messages per person", "at most", 1.5, channel="viber"),
            "messages per person on viber at most 1.5",
            1.5,
            0.9,
            True,
        ),
        (
            Keep("messages", "under", 36_000, channel="viber"),
            "messages on viber under 36000",
            36_000.0,
            36_000.0,
            False,
        ),
        (Keep("messages", "at most", 1, channel="sms"), "messages on sms at most 1", 1.0, 0.0, True),
        (
            Keep("time to open", "under", Duration(DAY), openers=Share(0.9)),
            "time to open for 90% of openers under 1 day",
            86_400.0,
            36_000.0,
            True,
        ),
        (
            Keep("time to open", "under", Duration(HOUR), of="loyal", openers=Share(0.9)),
            "time to open for 90% of openers of loyal under 1 h",
            3_600.0,
            36_000.0,
            False,
        ),
    ],
)
def test_each_measure(chain: Any, keep: Keep, line: str, asked: float, found: float, kept: bool) -> None:
    seen = one(chain, keep)
    assert (seen.line, seen.is_kept) == (line, kept)
    assert seen.asked == pytest.approx(asked)
    assert seen.found is not None
    assert seen.found.mean == pytest.approx(found)


def test_each_segment_is_spelled_out(chain: Any) -> None:
    keep = Keep("coverage", "at least", Share(0.5), of=EACH)
    found = checked(MODEL, Question(Objective("coverage"), (), keeps=(keep,)), chain("plan"))
    assert [seen.line for seen in found] == ["coverage of gold at least 50%", "coverage of loyal at least 50%"]


def test_a_quantile_that_engines_do_not_tell_is_not_judged(chain: Any) -> None:
    seen = one(chain, Keep("time to open", "under", Duration(DAY), openers=Share(0.8)))
    assert (seen.found, seen.is_kept) == (None, None)
    assert seen.to_json() == {"keep": seen.line, "asked": 86_400.0, "found": None, "kept": None}


def test_a_figure_without_value_is_not_judged(chain: Any) -> None:
    outcome = chain("plan")
    outcome = replace(outcome, total=replace(outcome.total, time_to_open=TimeToOpen(None, None, None)))
    keep = Keep("time to open", "under", Duration(DAY), openers=Share(0.9))
    (seen,) = checked(MODEL, Question(Objective("coverage"), (), keeps=(keep,)), outcome)
    assert seen.is_kept is None
