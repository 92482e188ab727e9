"""A plan run twice: by the SimPy engine and by the live runner, as records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from cascadesim.contacts import load_segments
from cascadesim.draws.behaviour import Behaviour
from cascadesim.draws.people import draw_people
from cascadesim.engines.events import Simulation
from cascadesim.engines.records import records_of
from cascadesim.language import read
from cascadesim.model.billing import Billing
from cascadesim.model.person import Person
from cascadesim.model.record import Record
from cascadesim.plan import Plan, chosen_plan

SCRIPTS = Path(__file__).parent / "scripts"


@dataclass(frozen=True)
class Drawn:
    """A plan and the people of one replication."""

    plan: Plan
    people: list[Person]
    replication: int = 0


def simulated(plan: Plan, people: Sequence[Person], replication: int = 0) -> list[Record]:
    """The SimPy engine's records."""
    behaviour = Behaviour(plan.model, replication)
    trips = Simulation(plan.model, plan.routes(), behaviour, Billing(plan.model)).run(people)
    return list(records_of(trips, replication))


@pytest.fixture(scope="session")
def simulate() -> Callable[..., list[Record]]:
    """See `simulated`."""
    return simulated


@pytest.fixture(scope="session")
def drawn() -> Callable[..., Drawn]:
    """The plan of a script's first chain, with the people of a replication."""

    @cache
    def draw(name: str, replication: int = 0) -> Drawn:
        model = read(SCRIPTS / f"{name}.cascade").model
        plan = chosen_plan(model, model.chains[0], "0" * 64)
        people = draw_people(model, plan.names, replication, load_segments(model, SCRIPTS))
        return Drawn(plan, people, replication)

    return draw


@pytest.fixture(scope="session")
def engine(drawn: Callable[..., Drawn]) -> Callable[..., list[Record]]:
    """The SimPy engine's records of a script's first chain."""

    @cache
    def run(name: str, replication: int = 0) -> list[Record]:
        case = drawn(name, replication)
        return simulated(case.plan, case.people, replication)

    return run
