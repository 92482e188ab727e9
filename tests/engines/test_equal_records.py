"""The compiled engine's records are SimPy's, byte for byte, and so is every figure.

On random campaigns over the whole chain language, which must have in them what is hard (see `campaign_watch`; the
table is printed by `pytest -s`), and on all that ships.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, reject

from cascadesim.contacts import Contact, load_segments
from cascadesim.engines.case import Case, cases
from cascadesim.engines.outcome import Outcome
from cascadesim.engines.records import RecordWriter
from cascadesim.engines.simulate import simulate
from cascadesim.language import read
from cascadesim.model.model import Model
from cascadesim.model.segment import Arrivals, Headcount, Segment
from cascadesim.units import HOUR, Duration
from tests.engines.campaign_watch import Table, Watch
from tests.engines.campaigns import Campaign, campaigns, rounds

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED = sorted(SCENARIOS.glob("*.cascade"))


def compare(
    model: Model, some: Sequence[Case], contacts: Mapping[str, Sequence[Contact]], replications: int, folder: Path
) -> None:
    """Runs both engines and compares all that they say."""
    outcomes = {engine: _run(engine, model, some, contacts, replications, folder) for engine in ("simpy", "compiled")}
    expected, found = (folder / "simpy.parquet", folder / "compiled.parquet")
    if expected.read_bytes() != found.read_bytes():
        pytest.fail(_difference(expected, found))
    bare = simulate(model, some, engine="compiled", replications=replications, contacts=contacts, jobs=1)
    expected_figures = outcomes["simpy"].to_json()["chains"]
    assert outcomes["compiled"].to_json()["chains"] == expected_figures
    assert bare.to_json()["chains"] == expected_figures, (
        "without records, where nobody asks when messages are delivered"
    )


def _run(
    engine: str,
    model: Model,
    some: Sequence[Case],
    contacts: Mapping[str, Sequence[Contact]],
    replications: int,
    folder: Path,
) -> Outcome:
    with RecordWriter(folder / f"{engine}.parquet") as records:
        return simulate(
            model, some, engine=engine, replications=replications, contacts=contacts, records=records, jobs=1
        )  # type: ignore[arg-type]


def _difference(expected: Path, found: Path) -> str:
    """The first row in which the files differ."""
    theirs, ours = (pq.read_table(path).to_pylist() for path in (expected, found))
    for number, (their, our) in enumerate(zip(theirs, ours, strict=False)):
        if their != our:
            return f"row {number} is\n{our}\nand should be\n{their}"
    same = "equal tables, written otherwise" if len(theirs) == len(ours) else "one is the beginning of the other"
    return f"{len(ours)} rows, and there should be {len(theirs)}: {same}"


def _random(people: int, examples: int, folder: Path) -> Table:
    """Compares the engines on so many random campaigns, no two with the same chains."""
    table, done = Table(), set()

    @rounds(examples)
    @given(campaigns(people))
    def check(campaign: Campaign) -> None:
        chains = tuple(route.chain for route in campaign.case.routes)
        if chains in done:
            reject()  # Hypothesis likes to vary a little what it has just tried
        watch = Watch()
        with watch.on():
            compare(campaign.model, [campaign.case], campaign.contacts, campaign.replications, folder)
        done.add(chains)
        table.add(watch)

    check()
    print(f"\n{table}")
    return table


def test_random_campaigns_have_equal_records(tmp_path: Path) -> None:
    table = _random(500, 40, tmp_path)
    assert table.campaigns == 40
    assert not table.rare, str(table)


@pytest.mark.full
def test_many_large_random_campaigns_have_equal_records(tmp_path: Path) -> None:
    table = _random(5_000, 300, tmp_path)
    assert table.campaigns == 300
    assert not table.rare, str(table)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_ships_has_equal_records(path: Path, tmp_path: Path) -> None:
    """Every chain of every scenario, with few people, and limits that tie even these together."""
    model = _with_few_people(read(path).model, 120)
    contacts = {name: some[:120] for name, some in load_segments(model, SCENARIOS).items()}
    compare(model, cases(model), contacts, 2, tmp_path)


@pytest.mark.full
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_ships_has_equal_records_with_all_its_people(path: Path, tmp_path: Path) -> None:
    model = read(path).model
    compare(model, cases(model), load_segments(model, SCENARIOS), 1, tmp_path)


def _with_few_people(model: Model, few: int) -> Model:
    def smaller(segment: Segment) -> Segment:
        if isinstance(segment.people, Headcount):
            return replace(segment, people=Headcount(min(few, segment.people.count)))
        if isinstance(segment.people, Arrivals):
            return replace(segment, people=Arrivals(few // 6, Duration(HOUR), Duration(6 * HOUR)))
        return segment

    channels = tuple(
        replace(c, throughput=c.throughput and replace(c.throughput, count=7, per=Duration(HOUR // 10)))
        for c in model.channels
    )
    return replace(model, segments=tuple(map(smaller, model.segments)), channels=channels)
