"""Limits against queueing theory (S6): a channel is a server that takes the same time for everybody.

Poisson arrivals make it an M/D/1 queue, whose waits are known; people who enter together wait for all before them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy import stats

from cascadesim.engines.case import cases
from cascadesim.engines.records import RecordWriter
from cascadesim.engines.simulate import Engine, simulate
from cascadesim.model.chain import Chain, Send
from cascadesim.model.channel import Channel, Throughput
from cascadesim.model.model import Model, Scenario
from cascadesim.model.rates import Rate
from cascadesim.model.segment import Arrivals, Headcount, People, Segment
from cascadesim.units import DAY, HOUR, SECOND, Duration, Share

LIMIT = Throughput(7, Duration(SECOND))  # one takes 142,857 microseconds and a fraction
STREAMS = 20  # replications, each a stream of its own
SURE = 0.99
COLUMNS = ["replication", "queued_at", "sent_at"]


def waits(folder: Path, engine: Engine, limit: Throughput, people: Sequence[People], times: int = 1) -> np.ndarray:
    """(replication, microseconds in line) of everybody, in the order of replications, segments and numbers."""
    model = Model(
        Scenario(seed=20_270_301, horizon=Duration(7 * DAY)),
        (Channel("push", rates=(Rate("opens", Share(0.3), Share(0.3)),), throughput=limit),),
        tuple(Segment(name, some) for name, some in zip("ab", people, strict=False)),
        chains=(Chain("one", (Send(("push",)),)),),
    )
    path = folder / "records.parquet"
    with RecordWriter(path) as writer:
        simulate(model, cases(model), engine=engine, replications=times, records=writer, jobs=1)
    replication, queued, sent = (column.to_numpy() for column in pq.read_table(path, columns=COLUMNS).columns)
    return np.column_stack([replication, sent - queued])


@pytest.mark.parametrize(
    ("engine", "load", "people"),
    [("compiled", 0.5, 50_000), ("compiled", 0.8, 50_000), ("compiled", 0.95, 100_000), ("simpy", 0.5, 1_000)],
)
def test_mean_waits_are_those_of_an_m_d_1_queue(tmp_path: Path, engine: Engine, load: float, people: int) -> None:
    """The mean wait is load / (2 (1 - load)) of a service, and 1 - load of all do not wait.

    That is the formula of Pollaczek ("Ueber eine Aufgabe der Wahrscheinlichkeitstheorie", 1930) and Khinchine
    ("Mathematical theory of a stationary queue", 1932) with services that are all alike. A stream begins with an idle
    channel, so its first tenth is left out; means of streams are independent, and Student's t tells how sure they are.
    """
    rate = load * LIMIT.count / LIMIT.per
    stream = Arrivals(round(rate * HOUR), Duration(HOUR), Duration(round(people / rate)))
    found = waits(tmp_path, engine, LIMIT, [stream], STREAMS)
    settled = [found[found[:, 0] == n, 1][people // 10 :] for n in range(STREAMS)]
    service = LIMIT.per / LIMIT.count
    for theory, seen in (
        (load / (2 * (1 - load)), [some.mean() / service for some in settled]),
        (1 - load, [np.mean(some == 0) for some in settled]),
    ):
        low, high = stats.t.interval(SURE, STREAMS - 1, np.mean(seen), stats.sem(seen))
        assert low < theory < high
        assert high - low < theory / 5  # exponential services would wait twice as long


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
@pytest.mark.parametrize("limit", [(1, 30 * SECOND), (7, SECOND), (430, HOUR), (999_999, SECOND)])
def test_who_enter_together_wait_for_all_before_them(tmp_path: Path, engine: Engine, limit: tuple[int, int]) -> None:
    """The k-th of N waits k - 1 intervals, in whole microseconds rounded down: the rest is not lost, nor adds up."""
    count, per = limit
    some = Throughput(count, Duration(per))
    found = waits(tmp_path, engine, some, [Headcount(500)])[:, 1]
    assert found.tolist() == [k * per // count for k in range(500)]
    both = waits(tmp_path, engine, some, [Headcount(250), Headcount(250)])[:, 1]
    taken_in_turns = both.reshape(2, 250).T.ravel()
    assert taken_in_turns.tolist() == found.tolist()
