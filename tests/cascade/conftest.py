"""Plays a script with certain rates and fixed delays, so that every instant can be worked out by hand.

The SimPy engine plays it; the compiled engine must have the same records and figures.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from cascadesim.contacts import load_segments
from cascadesim.draws.people import draw_people
from cascadesim.engines.by_simpy import run_case
from cascadesim.engines.case import Case, cases
from cascadesim.engines.events import Message, Trip
from cascadesim.engines.outcome import ChainOutcome
from cascadesim.engines.records import RecordWriter
from cascadesim.engines.simulate import Engine, simulate
from cascadesim.language import read_text
from cascadesim.model.model import Model
from cascadesim.units import SECOND, Duration

ENGINES: tuple[Engine, ...] = ("compiled", "simpy")


@dataclass
class Played:
    """A chain's trips, by "segment" for one person or "segment 2" for the person of that number."""

    model: Model
    case: Case
    trips: dict[str, Trip]
    outcome: ChainOutcome

    def messages(self, who: str) -> list[Message]:
        return self.trips[who].messages

    def sent(self, who: str) -> list[tuple[str, float]]:
        """(channel, seconds since the start) of each message, in the order of dispatch."""
        return [(m.channel, m.sent_at / SECOND) for m in self.messages(who)]

    def covered(self, segment: str) -> float | None:
        return self.outcome.segment(segment).figures.coverage.mean


Play = Callable[..., Played]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Plays the (first) chain of a script; files are written beside it first."""

    def played(script: str, **files: str) -> Played:
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(textwrap.dedent(text).lstrip())
        model = read_text("cascade 1\n" + textwrap.dedent(script), base=tmp_path).model
        (case, *_) = cases(model)
        contacts = load_segments(model, tmp_path)
        people = draw_people(model, case.segments, 0, contacts)
        trips = run_case(model, case, people, 0)
        outcomes = []
        for engine in ENGINES:
            with RecordWriter(tmp_path / engine) as records:
                found = simulate(model, [case], engine=engine, contacts=contacts, records=records)
            outcomes.append(found.to_json()["chains"])
        outcome = found.chains[0]
        assert outcomes[0] == outcomes[1]
        assert (tmp_path / ENGINES[0]).read_bytes() == (tmp_path / ENGINES[1]).read_bytes()
        named = {t.person.segment + (f" {t.person.number}" if t.person.number else ""): t for t in trips}
        return Played(model, case, named, outcome)

    return played


def at(text: str) -> float:
    """Seconds of a duration such as `1 h 30 min`."""
    return Duration.parse(text) / SECOND


@pytest.fixture(name="at")
def at_fixture() -> Callable[[str], float]:
    return at
