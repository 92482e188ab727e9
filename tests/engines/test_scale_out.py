"""Work spread over threads, or over the processes of a cluster, gives the bytes of the serial run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import joblib
import pytest
from distributed import Client, LocalCluster

from cascadesim.engines.case import cases
from cascadesim.engines.compiled import engine as compiled
from cascadesim.engines.outcome import Outcome
from cascadesim.engines.records import RecordWriter
from cascadesim.engines.simulate import people_sums, simulate
from cascadesim.language import read
from cascadesim.model.model import Model
from cascadesim.model.segment import Arrivals, Headcount
from cascadesim.units import HOUR, MINUTE, Duration

SCRIPT = Path(__file__).parents[2] / "scenarios" / "abandoned-basket.cascade"
CHAIN = "cheap-first"


@pytest.fixture(scope="module")
def limited() -> Model:
    model = read(SCRIPT).model
    return replace(model, segments=tuple(replace(s, people=Headcount(700)) for s in model.segments))


@pytest.fixture(scope="module")
def free(limited: Model) -> Model:
    """Without throughput limits; more people than are worked on at a time, and a stream of them."""
    first, *others = limited.segments
    stream = replace(first, people=Arrivals(100, Duration(MINUTE), Duration(12 * HOUR)))
    crowds = (replace(s, people=Headcount(70_000)) for s in others)
    channels = tuple(replace(c, throughput=None) for c in limited.channels)
    return replace(limited, channels=channels, segments=(stream, *crowds))


@pytest.fixture(scope="module")
def cluster() -> Iterator[Client]:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local, Client(local) as client:
        yield client


def run(model: Model, path: Path, replications: int, engine: str = "compiled", jobs: int | None = 1) -> Outcome:
    with RecordWriter(path) as records:
        return simulate(
            model, cases(model, CHAIN), engine=engine, replications=replications, records=records, jobs=jobs
        )  # type: ignore[arg-type]


def test_threads_change_nothing(free: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serial = run(free, tmp_path / "serial", 2)
    monkeypatch.setattr(compiled, "_RECORDED", 10_007)
    threads = run(free, tmp_path / "threads", 2, jobs=3)
    assert threads.to_json() == serial.to_json()
    assert (tmp_path / "threads").read_bytes() == (tmp_path / "serial").read_bytes()
    assert simulate(free, cases(free, CHAIN), engine="compiled", replications=2).to_json() == serial.to_json()


def test_a_cluster_of_two_processes_changes_nothing(free: Model, cluster: Client, tmp_path: Path) -> None:
    serial = run(free, tmp_path / "serial", 2)
    with joblib.parallel_config(backend="dask"):
        spread = run(free, tmp_path / "spread", 2, jobs=None)
    assert spread.to_json() == serial.to_json()
    assert (tmp_path / "spread").read_bytes() == (tmp_path / "serial").read_bytes()
    assert serial.processes == (os.getpid(),)
    assert set(spread.processes) == set(cluster.run(os.getpid).values())
    assert len(spread.processes) == 2


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_a_cluster_takes_replications_where_limits_tie_people_together(
    engine: str, limited: Model, cluster: Client
) -> None:
    asked = {"engine": engine, "replications": 4}
    serial = simulate(limited, cases(limited, CHAIN), **asked)  # type: ignore[arg-type]
    with joblib.parallel_config(backend="dask"):
        spread = simulate(limited, cases(limited, CHAIN), **asked)  # type: ignore[arg-type]
    assert spread.to_json() == serial.to_json()
    assert len(spread.processes) == 2
    assert os.getpid() not in spread.processes


def test_records_are_written_in_several_passes(limited: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits tie people together: for each part of the records everybody is simulated again."""
    whole = run(limited, tmp_path / "whole", 1)
    monkeypatch.setattr(compiled, "_RECORDED_AT_ONCE", 1_001)
    parts = run(limited, tmp_path / "parts", 1)
    assert parts.to_json() == whole.to_json()
    assert (tmp_path / "parts").read_bytes() == (tmp_path / "whole").read_bytes()


def test_people_are_the_same_however_they_are_worked_on(free: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    (case,) = cases(free, CHAIN)
    whole = people_sums(free, case, 1, {}, "compiled", jobs=1)
    monkeypatch.setattr(compiled, "_RANGE", 9_999)
    parts = people_sums(free, case, 1, {}, "compiled", jobs=2)
    assert {name: rows.tolist() for name, rows in parts.items()} == {n: r.tolist() for n, r in whole.items()}


@pytest.mark.parametrize("kind", ["limited", "free"])
def test_replications_from_any_number_on_are_those_of_that_number(kind: str, request: pytest.FixtureRequest) -> None:
    model: Model = request.getfixturevalue(kind)
    (case,) = cases(model, CHAIN)
    runs = compiled.Runs(model, case, {})
    whole = [{name: sums.products for name, sums in some.items()} for some in runs.replications(3, None)]
    for first, count in ((1, 2), (2, 1)):
        part = [{name: s.products for name, s in some.items()} for some in runs.replications(count, None, first=first)]
        assert part == whole[first : first + count]
    assert whole[0] != whole[1]
