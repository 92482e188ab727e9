"""Cases run by the SimPy engine, one replication at a time."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cascadesim.contacts import Contact
from cascadesim.draws.behaviour import Behaviour
from cascadesim.draws.people import draw_people
from cascadesim.engines.case import Case, Progress
from cascadesim.engines.events import Simulation, Trip
from cascadesim.engines.records import RecordWriter, records_of
from cascadesim.engines.spread import spread
from cascadesim.engines.tally import Accountant, Sums, nothing
from cascadesim.model.billing import Billing
from cascadesim.model.model import Model
from cascadesim.model.person import Person

Contacts = Mapping[str, Sequence[Contact]]


def run_case(
    model: Model, case: Case, people: Sequence[Person], replication: int, progress: Progress | None = None
) -> list[Trip]:
    """One replication of a case: everybody's trip, in the order of places."""
    behaviour = Behaviour(model, replication)
    passed = None if progress is None else lambda n: progress(case.name, n, len(people))
    return Simulation(model, case.routes, behaviour, Billing(model)).run(people, passed)


def replications(
    model: Model, case: Case, contacts: Contacts, count: int, records: RecordWriter | None, progress: Progress | None
) -> tuple[list[dict[str, Sums]], set[int]]:
    """What each segment came to in each replication, and the processes that worked it out."""
    if count == 1 or records is not None:
        return [_one(model, case, contacts, n, records, progress)[0] for n in range(count)], {os.getpid()}
    done = list(spread(_one, [(model, case, contacts, n) for n in range(count)], None))
    return [sums for sums, _ in done], {process for _, process in done}


def people_sums(model: Model, case: Case, replication: int, contacts: Contacts) -> dict[str, NDArray[np.int64]]:
    """The people of each segment, a row each: (1, covered, cost, messages, duplicates)."""
    people = draw_people(model, case.segments, replication, contacts)
    accountant = Accountant(model, model.goal)
    counts = dict.fromkeys(case.segments, 0)
    for person in people:
        counts[person.segment] += 1
    rows = {name: np.zeros((number, 5), np.int64) for name, number in counts.items()}
    sums = nothing(model, case.routes)
    for trip in run_case(model, case, people, replication):
        rows[trip.person.segment][trip.person.number] = accountant.enter(sums[trip.person.segment], trip)
    return rows


def _one(
    model: Model, case: Case, contacts: Contacts, replication: int,
    records: RecordWriter | None = None, progress: Progress | None = None,
) -> tuple[dict[str, Sums], int]:  # fmt: skip
    trips = run_case(model, case, draw_people(model, case.segments, replication, contacts), replication, progress)
    if records is not None:
        records.write(records_of(trips, replication))
    accountant, sums = Accountant(model, model.goal), nothing(model, case.routes)
    for trip in trips:
        accountant.enter(sums[trip.person.segment], trip)
    return sums, os.getpid()
