"""Figures and intervals (S14) against sums over people, written out."""

from __future__ import annotations

import math
import os
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t

from cascadesim.draws.people import draw_people
from cascadesim.engines.by_simpy import run_case
from cascadesim.engines.case import Case, cases
from cascadesim.engines.records import RecordWriter, records_of
from cascadesim.engines.simulate import simulate
from cascadesim.errors import InputError
from cascadesim.model.chain import Chain, Event, Send, Wait
from cascadesim.model.channel import Channel, Price, Throughput
from cascadesim.model.model import Model, Scenario
from cascadesim.model.rates import Delay, Rate
from cascadesim.model.segment import Arrivals, Headcount, OwnRate, Segment
from cascadesim.units import DAY, HOUR, SECOND, Duration, Money, Share

SLOW = Delay("exponential", ((Share(0.5), Duration(HOUR)),))


def rate(verb: str, share: float, delay: Delay | None = None) -> Rate:
    return Rate(verb, Share(share), Share(share), delay=delay)


def channel(name: str, opens: float, *prices: Price, limit: Throughput | None = None) -> Channel:
    rates = (rate("reaches", 0.8), rate("delivers", 0.9), rate("opens", opens, SLOW))
    return Channel(name, rates=rates, costs=prices, throughput=limit)


def model(limit: Throughput | None = None) -> Model:
    sent = Price(Money.parse("0.05 EUR"), "message sent")
    opened = Price(Money.parse("0.01 EUR"), "message opened")
    fee = Price(Money.parse("7 EUR"), "campaign")
    steps = (Send(("a",), wait=Wait(Duration(2 * HOUR))), Send(("b",)))
    return Model(
        Scenario(seed=3),
        (channel("a", 0.3, sent), channel("b", 0.5, sent, opened, fee, limit=limit)),
        (
            Segment("crowd", Headcount(300), rates=(OwnRate("a", rate("opens", 0.6)),)),
            Segment("stream", Arrivals(200, Duration(DAY), Duration(2 * DAY))),
        ),
        chains=(Chain("c", steps, stop_when=(Event("opened"),)),),
    )


def accounts(m: Model, replication: int = 0) -> dict[str, np.ndarray]:
    """(covered, cost, messages, duplicates) of each person, from the records and nothing else."""
    (case,) = cases(m)
    people = draw_people(m, case.segments, replication, {})
    rows = {(p.segment, p.id): [p.segment, None, 0, 0, []] for p in people}
    for record in records_of(run_case(m, case, people, replication), replication):
        row = rows[record.segment, record.recipient]
        row[2] += record.cost
        row[3] += 1
        row[4].append(record.sent_at)
        if record.opened_at is not None:
            row[1] = min(row[1] or record.opened_at, record.opened_at)
    table: dict[str, list[tuple[float, ...]]] = {}
    for segment, first, cost, messages, sent in rows.values():
        duplicates = sum(first is not None and first <= at for at in sent)
        table.setdefault(segment, []).append((first is not None, cost / 1e9, messages, duplicates))
    return {segment: np.array(people, float) for segment, people in table.items()}


def test_means_are_ratios_of_sums_and_fees_are_in_the_total():
    m = model()
    outcome = simulate(m, cases(m), engine="simpy").chains[0]
    by_segment = accounts(m)
    everybody = np.concatenate(list(by_segment.values()))
    for figures, table, fee in [
        (outcome.segment("crowd").figures, by_segment["crowd"], 0),
        (outcome.segment("stream").figures, by_segment["stream"], 0),
        (outcome.total, everybody, 7),
    ]:
        covered, cost, messages, duplicates = table.sum(axis=0)
        assert figures.coverage.mean == pytest.approx(covered / len(table))
        assert figures.cost.mean == pytest.approx(cost + fee)
        assert figures.cost_per_person.mean == pytest.approx((cost + fee) / len(table))
        assert figures.cost_per_covered.mean == pytest.approx((cost + fee) / covered)
        assert figures.messages_per_person.mean == pytest.approx(messages / len(table))
        assert figures.duplicates_per_person.mean == pytest.approx(duplicates / len(table))


def test_intervals_over_people_within_segments():
    """The variance of y - R x over people: about their mean where their number is fixed, about 0 where it is not."""
    m = model()
    figures = simulate(m, cases(m), engine="simpy").chains[0].total
    by_segment = accounts(m)
    everybody = np.concatenate(list(by_segment.values()))
    ratio = figures.cost_per_covered.mean
    variance = 0.0
    for segment, table in by_segment.items():
        d = table[:, 1] - ratio * table[:, 0]
        variance += (d**2).sum() if segment == "stream" else len(d) * d.var()
    half = 1.959964 * math.sqrt(variance) / everybody[:, 0].sum()
    assert figures.cost_per_covered.high - ratio == pytest.approx(half, rel=1e-6)
    crowd = by_segment["crowd"][:, 0]
    coverage = simulate(m, cases(m), engine="simpy").chains[0].segment("crowd").figures.coverage
    assert coverage.high - coverage.mean == pytest.approx(1.959964 * crowd.std() / math.sqrt(300), rel=1e-6)


def test_with_limits_intervals_are_over_replications_and_one_cannot_tell():
    m = model(Throughput(1, Duration(30 * SECOND)))
    (case,) = cases(m)
    one = simulate(m, [case], engine="simpy").chains[0].total
    assert (one.coverage.low, one.coverage.high, one.steps[0].sent.low) == (None, None, None)
    five = simulate(m, [case], engine="simpy", replications=5).chains[0].total
    tables = [np.concatenate(list(accounts(m, r).values())) for r in range(5)]
    shares = [table[:, 0].sum() for table in tables]
    numbers = [len(table) for table in tables]
    mean = sum(shares) / sum(numbers)
    d = np.array(shares) - mean * np.array(numbers)
    half = t.ppf(0.975, 4) * math.sqrt((d**2).sum() / 4 / 5) / np.mean(numbers)
    assert five.coverage.mean == pytest.approx(mean)
    assert five.coverage.high - mean == pytest.approx(half)


def test_replications_pool_where_people_are_independent():
    m = model()
    many = simulate(m, cases(m), engine="simpy", replications=4).chains[0]
    tables = [accounts(m, r)["crowd"] for r in range(4)]
    pooled = np.concatenate(tables)[:, 0]
    coverage = many.segment("crowd").figures.coverage
    assert coverage.mean == pytest.approx(pooled.mean())
    assert coverage.high - coverage.mean == pytest.approx(1.959964 * pooled.std() / math.sqrt(1200), rel=1e-6)
    assert many.total.cost.mean == pytest.approx(
        np.mean([sum(table[:, 1].sum() for table in accounts(m, r).values()) for r in range(4)]) + 7
    )


def test_nobody_covered_has_no_cost_per_covered_person():
    m = model()
    silent = replace(m, channels=tuple(channel(c.name, 0.0) for c in m.channels), segments=m.segments[1:])
    figures = simulate(silent, cases(silent), engine="simpy").chains[0].total
    assert figures.cost_per_covered.mean is None
    assert figures.time_to_open.p50 is None
    assert figures.coverage.mean == 0


def test_steps_add_up_to_the_records(tmp_path):
    import pyarrow.parquet as pq

    m = model()
    (case,) = cases(m)
    with RecordWriter(tmp_path / "records.parquet") as records:
        outcome = simulate(m, [case], engine="simpy", replications=2, records=records).chains[0]
    table = pq.read_table(tmp_path / "records.parquet").to_pandas()
    assert list(table.columns[:5]) == ["replication", "segment", "recipient", "step", "channel"]
    for step in outcome.total.steps:
        rows = table[table.step == step.step]
        assert step.sent.mean == len(rows) / 2
        assert step.opened.mean == rows.opened_at.notna().sum() / 2
        assert step.delivered.mean == rows.delivered_at.notna().sum() / 2
        assert step.cost.mean == pytest.approx(rows.cost.sum() / 2 / 1e9)
    number = table.recipient.astype(int)
    order = sorted(zip(table.replication, table.segment, number, table.step, table.channel, strict=True))
    assert order == list(zip(table.replication, table.segment, number, table.step, table.channel, strict=True))


def test_records_that_cannot_be_written_leave_nothing(tmp_path):
    with pytest.raises(InputError, match="cannot write"):
        RecordWriter(tmp_path / "no such folder" / "records.parquet")
    m = model()
    with pytest.raises(KeyError), RecordWriter(tmp_path / "records.parquet") as records:
        simulate(
            m, [Case("c", (replace(m.routes(m.chains[0])[0], segment="nobody"),))], engine="simpy", records=records
        )
    assert list(tmp_path.iterdir()) == []


def test_records_are_written_as_any_output_is(tmp_path):
    """A device stays a device, a link a link, and others may read the file if they may read others of its writer."""
    fifo, link, other = tmp_path / "fifo", tmp_path / "link", tmp_path / "other"
    os.mkfifo(fifo)
    with pytest.raises(InputError, match="it is not a file"):
        RecordWriter(fifo)
    assert fifo.is_fifo()
    link.symlink_to(tmp_path / "records.parquet")
    with RecordWriter(link):
        pass
    other.touch()
    assert link.is_symlink()
    assert link.stat().st_mode == other.stat().st_mode
