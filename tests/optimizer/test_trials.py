"""What a plan is scored by, replication by replication, against what records of the reference engine add up to."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from cascadesim.engines.case import Case
from cascadesim.engines.records import RecordWriter
from cascadesim.engines.simulate import simulate
from cascadesim.model.channel import Channel, Price, Throughput
from cascadesim.model.model import Model, Scenario
from cascadesim.model.question import Objective, Question
from cascadesim.model.rates import Delay, Rate
from cascadesim.model.segment import Arrivals, Headcount, Segment
from cascadesim.optimizer import Step, trials
from cascadesim.optimizer.limits import objective_ratio
from cascadesim.optimizer.quantities import MESSAGES, Form, Quantity, Ratio
from cascadesim.optimizer.trials import Trials, case_of
from cascadesim.units import BILLION, HOUR, MINUTE, Duration, Money, Share

SLOW = Throughput(10, Duration(MINUTE))
WITHIN = Duration(2 * HOUR)
QUESTION = Question(Objective("coverage"), ("push", "sms"), within=WITHIN)


def euro(text: str) -> Money:
    return Money.parse(f"{text} EUR")


def channel(name: str, opens: float, cost: str, *more: Price, **settings) -> Channel:
    """Reaches everybody, delivers at once; opened after 20 minutes."""
    late, delivers = Delay("fixed", ((Share(1), Duration(20 * MINUTE)),)), Share(settings.pop("delivers", 1.0))
    rates = (Rate("delivers", delivers, delivers), Rate("opens", Share(opens), Share(opens), delay=late))
    return Channel(name, rates=rates, costs=(Price(euro(cost), "message sent"), *more), **settings)


FEE = (Price(euro("3"), "campaign"),)
MINIMUM = (Price(euro("9"), "campaign", at_least=True),)
TWO = Model(
    Scenario(horizon=Duration(6 * HOUR), seed=5),
    (channel("push", 0.4, "0.001", *FEE, throughput=SLOW), channel("sms", 0.35, "0.04", *MINIMUM, delivers=0.9)),
    (Segment("all", Headcount(300)), Segment("late", Arrivals(60, Duration(HOUR), Duration(2 * HOUR)))),
)
PLAN = {
    "all": (Step("push", Duration(30 * MINUTE)), Step("sms")),
    "late": (Step("sms", Duration(HOUR)), Step("push")),
}


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    path: Path = tmp_path_factory.mktemp("contest") / "records.parquet"
    with RecordWriter(path) as writer:
        case: Case = case_of(QUESTION, PLAN)
        simulate(replace(TWO, questions=(QUESTION,)), [case], engine="simpy", replications=3, records=writer)
    return pd.read_parquet(path)


def naive(rows: pd.DataFrame) -> dict[str, float]:
    """All figures of one replication, from its messages alone: everybody gets a first one here."""
    people = rows.groupby(["segment", "recipient"])
    opened = people["opened_at"].min() - people["entered_at"].min()
    spent = rows.groupby("channel")["cost"].sum()
    cost = spent["push"] + 3 * BILLION + max(spent["sms"], 9 * BILLION)
    covered = int((opened <= WITHIN).sum())
    horizon = 6 * HOUR
    return {
        "coverage": -covered / len(opened),
        "cost per person": cost / len(opened),
        "coverage per cost": cost / covered,
        "profit": cost - 0.2 * BILLION * covered,
        "time to open": opened.fillna(horizon).clip(upper=horizon).mean(),
        "messages on sms": int((rows["channel"] == "sms").sum()),
        "cost on push of late": spent_on(rows, "push", "late"),
        "opened at once by late": int((opened["late"] <= 20 * MINUTE + 1).sum()),
        "messages of all": int((rows["segment"] == "all").sum()),
    }


def spent_on(rows: pd.DataFrame, name: str, segment: str) -> int:
    return int(rows[(rows["channel"] == name) & (rows["segment"] == segment)]["cost"].sum())


RATIOS = {
    **{
        goal: objective_ratio(TWO, Objective(goal, euro("0.2") if goal == "profit" else None), ("all", "late"))
        for goal in ("coverage", "cost per person", "coverage per cost", "profit", "time to open")
    },
    "messages on sms": Ratio(Form({Quantity("messages", "sms"): 1.0}, frozenset({"all", "late"}))),
    "cost on push of late": Ratio(Form({Quantity("cost", "push"): 1.0}, frozenset({"late"}))),
    "opened at once by late": Ratio(Form({Quantity("opened by", at=20 * MINUTE + 1): 1.0}, frozenset({"late"}))),
    "messages of all": Ratio(Form({MESSAGES: 1.0}, frozenset({"all"}))),
}


@pytest.mark.parametrize("figure", RATIOS)
def test_scores_are_what_the_records_come_to(
    figure: str, records: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "BEGIN", 0)
    monkeypatch.setattr(trials, "_AHEAD", 2)  # so that the third is of a second go
    tried = Trials(
        TWO, QUESTION, {}, [{"all": (Step("sms"),), "late": (Step("sms"),)}, PLAN], RATIOS[figure].quantities
    )
    for replication, rows in itertools.islice(records.groupby("replication"), 3):
        expected = naive(rows)[figure]
        assert tried.of(1, replication).value(RATIOS[figure]) == pytest.approx(expected, rel=1e-12)


def test_contests_and_confirmations_are_of_different_people() -> None:
    assert trials.BEGIN > 10_000
