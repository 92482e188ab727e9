"""SimPy and the compiled engine against the exact one, on every random campaign in the exact engine's scope (S15).

Two questions. Is every figure within 4.5 standard errors? And are the errors, one of each campaign, as chance has
them: is their law the normal one? The first finds what is plainly wrong, the second what is a little wrong everywhere.

The records of the two engines are equal (`test_equal_records`), so the fast one takes the many people: the same small
campaign, forty times. Every campaign has a seed of its own; with common random numbers errors would go together.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, reject
from scipy import stats

from cascadesim.engines.exact import refusals
from cascadesim.engines.exact.stages import matched, message_stages
from cascadesim.engines.exact.watch import Watch
from cascadesim.engines.outcome import ESTIMATES, ChainOutcome, Estimate, SegmentFigures
from cascadesim.engines.simulate import people_sums, simulate
from cascadesim.engines.tally import COST, COVERED, ONE
from cascadesim.model.segment import Arrivals, Headcount
from cascadesim.units import BILLION
from tests.engines.campaigns import Campaign, campaigns, rounds

PEOPLE = 500
TIMES = {"simpy": 1, "compiled": 40}  # 20,000 people
FAR = 4.5  # standard errors
RARE = 12  # events; that none of so many comes has the probability of 4.5 standard errors
MANY = 100  # events; of the sum of fewer the law is too skewed to be called normal so far out
Z = stats.norm.ppf(0.975)  # what intervals are wide by, in standard errors
COUNTS = ("sent", "delivered", "opened", "first_opens")


class Campaigns:
    """All campaigns compared, and the errors of each engine, one of each campaign."""

    def __init__(self, nested: bool) -> None:
        self.nested = nested
        self.compared, self.figures = set[object](), 0
        self.errors: dict[str, list[float]] = {engine: [] for engine in TIMES}

    def compare(self, campaign: Campaign) -> None:
        model, case, contacts = campaign.model, campaign.case, campaign.contacts
        chains = tuple(route.chain for route in case.routes)
        if chains in self.compared or refusals(model, case.routes) or (integrals(campaign) > 1 and not self.nested):
            reject()  # Hypothesis likes to vary a little what it has just tried
        exact = simulate(model, [case], engine="exact", contacts=contacts).chains[0]
        errors = {}
        for number, (engine, times) in enumerate(TIMES.items()):
            seed = 2 * len(self.compared) + number
            found = simulate(
                model, [case], engine=engine, seed=seed, replications=times, contacts=contacts, jobs=1
            ).chains[0]  # type: ignore[arg-type]
            compared = dict(Comparison(campaign, exact, found, times).distances())
            assert {figure: z for figure, z in compared.items() if abs(z) > FAR} == {}
            self.figures += len(compared)
            errors[engine] = error(campaign, exact, found, times)
        self.compared.add(chains)
        for engine, z in errors.items():
            self.errors[engine] += [] if z is None else [z]


class Comparison:
    """All figures of one campaign, in total and by segment: how far apart they are, in standard errors."""

    def __init__(self, campaign: Campaign, exact: ChainOutcome, found: ChainOutcome, times: int) -> None:
        self.model, self.times = campaign.model, times
        self.exact, self.found = exact, found
        prices = [price for name in campaign.case.channels for price in self.model.channel(name).costs]
        # of a minimum the exact engine says what it does to expected spending, which is not quite what is expected
        self.vague = {f for f in ESTIMATES if "cost" in f} if any(price.at_least for price in prices) else set()
        self.most = {name: 1.0 for name in ESTIMATES} | {name: 0.0 for name in ESTIMATES if "cost" in name}

    def distances(self) -> Iterator[tuple[str, float]]:
        ...
