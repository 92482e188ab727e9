"""What is said of a plan: no more than its certificate holds (S16)."""

from __future__ import annotations

from typing import Any

import pytest

from cascadesim.model.chain import Branch as When
from cascadesim.model.chain import Chain, Event, If, Reported, Send, Wait
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model
from cascadesim.model.question import Objective
from cascadesim.model.segment import Headcount, Segment
from cascadesim.plan import Certificate, Forecast, Plan, PlanSegment, steps_of
from cascadesim.reports.plans import certificate_text, plan_table
from cascadesim.units import HOUR, MINUTE, Duration, Money, Share

MODEL = Model(channels=(Channel("viber"), Channel("sms")), segments=(Segment("loyal", Headcount(10)),))
LINEAR = Chain(
    "plan for loyal",
    (Send(("viber",), wait=Wait(Duration(2 * HOUR), Duration(10 * MINUTE))), Send(("sms",))),
    stop_when=(Event("opened"),),
)
TREE = Chain(
    "by-hand",
    (
        Send(("viber", "sms"), wait=Wait(Duration(HOUR), until=(Event("clicked"),))),
        If((When(Reported("viber", "opened"), (Send(("sms",)),)),)),
    ),
)
SEARCHED = {"channels": ("sms", "viber"), "waits": (1_800.0, 7_200.0), "max_steps": 3, "nodes": 1234}
COST = Objective("cost per person")


def plan(*entries: tuple[Chain, float, tuple[str, ...] | None]) -> Plan:
    forecast = Forecast(Share(0.5), 0.012, 1.25)
    segments = tuple(PlanSegment("loyal", Share(s), reach, steps_of(c), c, forecast) for c, s, reach in entries)
    return Plan("0f" * 32, MODEL, segments)


def rows(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_steps_waits_and_forecast_of_each_segment(shown: Any) -> None:
    text = rows(shown(plan_table(plan((LINEAR, 1.0, None)), "The plan")))
    assert ["loyal", "1", "viber", "2", "h", "10", "min", "50.0%", "0.0120", "0.0240", "1.25"] in text
    assert ["2", "sms"] in text


def test_a_column_that_nobody_needs_is_left_out(shown: Any) -> None:
    assert "undelivered" not in shown(plan_table(plan((TREE, 1.0, None)), "The plan"))


def test_a_split_segment_and_a_pattern_say_so(shown: Any) -> None:
    text = shown(plan_table(plan((LINEAR, 0.25, None), (LINEAR, 0.75, ("viber",)), (LINEAR, 1.0, ())), "The plan"))
    assert "loyal (25.0%)" in text
    assert "reached by viber" in text
    assert "reached by no channel" in text


def test_a_chain_with_branches_says_where_they_are(shown: Any) -> None:
    text = shown(plan_table(plan((TREE, 1.0, None)), "The plan"))
    assert "viber and sms" in text
    assert "1 h or until clicked" in text
    assert "(with branches)" in text


@pytest.mark.parametrize(
    ("certificate", "said", "not_said"),
    [
        (
            Certificate("proven", 0.0231, 0.0231, 0.0, **SEARCHED),
            "Proven best for: minimize cost per person, 0.0231 EUR.",
            "aside",
        ),
        (
            Certificate("gap", 0.0231, None, None, **SEARCHED, set_aside=("quiet hours of sms",)),
            "nothing is proven: quiet hours of sms.",
            "Proven",
        ),
        (Certificate("gap", 0.0231, 0.02, 0.134, **SEARCHED), "at most 13.4% from the optimum", "Proven"),
        (Certificate("gap", 0.0231, None, None, **SEARCHED), "how far from the optimum is not known", "Proven"),
        (Certificate("chosen"), "Written by hand: nothing was searched", "best found"),
    ],
)
def test_certificates(certificate: Certificate, said: str, not_said: str) -> None:
    text = certificate_text(certificate, None if certificate.status == "chosen" else COST, "EUR")
    assert said in text
    assert not_said not in text


def test_the_space_is_named() -> None:
    text = certificate_text(Certificate("proven", 0.5, 0.5, 0.0, **SEARCHED), Objective("coverage"), "EUR")
    assert "No plan of 3 steps at most, on sms and viber, with waits of 30 min and 2 h, is better (1,234 plans" in text


@pytest.mark.parametrize(
    ("objective", "value", "said"),
    [
        (Objective("coverage"), 0.5, "maximize coverage, 50.0%"),
        (Objective("time to open"), 5_700.0, "minimize time to open, 1.6 h"),
        (Objective("coverage per cost"), 25.0, "maximize coverage per cost, 25.00 covered people per EUR"),
        (
            Objective("profit", Money.parse("0.40 EUR")),
            120.5,
            "maximize profit at 0.4 EUR per covered person, 120.50 EUR",
        ),
    ],
)
def test_objectives_are_told_in_their_units(objective: Objective, value: float, said: str) -> None:
    assert said in certificate_text(Certificate("proven", value, value, 0.0, **SEARCHED), objective, "EUR")
