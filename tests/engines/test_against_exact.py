"""SimPy and the compiled engine against the exact one, on every random campaign in the exact engine's scope (S15).

Two questions. Is every figure within 4.5 standard errors? And are the errors, one of each campaign, as chance has
them: is their law the normal one? The first finds what is plainly wrong, the second what is a little wrong everywhere.

The records of the two engines are equal (`test_equal_records`), so the fast one takes the many people: the same small
campaign, forty times. Every campaign has a seed of its own: on common random numbers errors would go together.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
import pytest
from hypothesis import given, reject
from scipy import stats

from cascadesim.engines.exact import refusals, time_to_open
from cascadesim.engines.exact.stages import matched, message_stages
from cascadesim.engines.exact.watch import Watch
from cascadesim.engines.outcome import ChainOutcome, Estimate, Figures, SegmentFigures, StepFigures
from cascadesim.engines.simulate import people_sums, simulate
from cascadesim.engines.tally import COST, COVERED, ONE
from cascadesim.model.segment import Arrivals, Contacts, Headcount
from cascadesim.units import BILLION, SECOND
from tests.engines.campaigns import Campaign, campaigns, rounds

PEOPLE = 500
TIMES = {"simpy": 1, "compiled": 40}  # as often as a campaign says it is run; 20,000 people
FAR = 4.5  # standard errors
FEW = 25  # people
RARE = 12  # events; that none comes of so many expected has the probability of 4.5 standard errors
MANY = 100  # events; the sum of fewer is too skewed to be called normal so far out
ROUNDING = 1e-6  # of a person
DEAREST = 0.5  # no message of a campaign costs more, in EUR
Z = stats.norm.ppf(0.975)  # what intervals are wide by, in standard errors
COUNTS = ("sent", "delivered", "opened", "first_opens")
QUANTILES = {"p50": 0.5, "p90": 0.9, "p99": 0.99}
People = Mapping[str, np.ndarray]
Pairs = Sequence[tuple[SegmentFigures, SegmentFigures]]


class Findings:
    """What came of the campaigns: the figures that are far off, and each engine's errors, one a campaign."""

    def __init__(self) -> None:
        self.campaigns = self.figures = 0
        self.far: list[str] = []
        self.errors: dict[str, list[float]] = {engine: [] for engine in TIMES}

    def compare(self, campaign: Campaign) -> None:
        """Compares all figures of a campaign, whose number among all is its seed."""
        model, case, contacts = campaign.model, campaign.case, campaign.contacts
        exact = simulate(model, [case], engine="exact", contacts=contacts).chains[0]
        others = [people_sums(model, case, n, contacts, "compiled", 1) for n in range(100, 105)]
        self.campaigns += 1
        for number, engine in enumerate(TIMES):
            times = TIMES[engine] * campaign.replications
            asked = {"engine": engine, "seed": 2 * self.campaigns + number, "replications": times, "jobs": 1}
            found = simulate(model, [case], contacts=contacts, **asked).chains[0]
            apart = dict(Comparison(campaign, exact, found, times).distances())
            self.figures += len(apart)
            self.far += [f"{z:.1f}: {self.campaigns}, {engine}, {what}" for what, z in apart.items() if abs(z) > FAR]
            if (z := error(campaign, exact, found, times, others)) is not None:
                self.errors[engine].append(z)

    def __str__(self) -> str:
        numbers = ", ".join(f"{engine} {len(found)}" for engine, found in self.errors.items())
        return f"{self.campaigns} campaigns, {self.figures:,} figures; of their law: {numbers}"


class Comparison:
    """All figures of a campaign, in total and by segment: how far apart they are, in standard errors.

    Of counts the law is known: binomial, of a stream of arrivals Poisson. People may differ, by segment or by what
    their file says of them; then the sum is more certain than that (Hoeffding 1956, "On the distribution of the number
    of successes in independent trials"), and the distance is understated. Of sums the engine's interval tells.
    """

    def __init__(self, campaign: Campaign, exact: ChainOutcome, found: ChainOutcome, times: int) -> None:
        self.campaign, self.times = campaign, times
        self.exact, self.found = exact, found
        prices = [price for name in campaign.case.channels for price in campaign.model.channel(name).costs]
        self.minimum = any(price.at_least for price in prices)

    def distances(self) -> Iterator[tuple[str, float]]:
        """Each figure that can be compared."""
        pairs = list(zip(self.exact.segments, self.found.segments, strict=True))
        units = [("total", self.exact.total, self.found.total, pairs)]
        units += [(one.segment, one.figures, other.figures, [(one, other)]) for one, other in pairs]
        for name, exact, found, segments in units:
            size = sum(self._size(one.segment) for one, _ in segments)
            came = sum(other.people * self.times for _, other in segments)
            covered = sum(other.people * self.times * (one.figures.coverage.mean or 0) for one, other in segments)
            some = [*self._counts(exact, found, size), *self._sums(exact, found, size, came, covered)]
            some += self._times(found, segments)
            if came:
                some.append(("coverage", far(stats.binom(round(came), covered / came), found.coverage.mean * came)))
            yield from ((f"{name}: {figure}", z) for figure, z in some if z is not None)

    def _size(self, segment: str) -> float:
        """How many people there are in all replications; infinite if that is left to chance."""
        people = self.campaign.model.segment(segment).people
        if isinstance(people, Arrivals):
            return math.inf
        return self.times * (people.count if isinstance(people, Headcount) else len(self.campaign.contacts[segment]))

    def _counts(self, exact: Figures, found: Figures, size: float) -> Iterator[tuple[str, float]]:
        for theirs, ours in zip(exact.steps, found.steps, strict=True):
            for what in COUNTS:
                expected, seen = (self.times * getattr(step, what).mean for step in (theirs, ours))
                law = stats.poisson(expected) if math.isinf(size) else stats.binom(size, expected / size)
                yield f"step {theirs.step} {theirs.channel}: {what}", far(law, seen)

    def _sums(
        self, exact: Figures, found: Figures, size: float, came: float, covered: float
    ) -> Iterator[tuple[str, float | None]]:
        one, event = (1 / came if came else 0.0), DEAREST / self.times
        open_steps = [self._is_open(step, size) for step in exact.steps]
        for what in ("messages_per_person", "duplicates_per_person"):
            yield what, distance(getattr(exact, what), getattr(found, what), one, any(open_steps))
        # a minimum's expected bill is not quite the bill of what is expected, as the exact engine says
        if not (exact is self.exact.total and self.minimum):
            yield "cost", distance(exact.cost, found.cost, event, any(open_steps))
            per_person = exact.cost_per_person, found.cost_per_person
            yield "cost_per_person", distance(*per_person, one * DEAREST, any(open_steps))
            if covered > MANY:
                per_covered = exact.cost_per_covered, found.cost_per_covered
                yield "cost_per_covered", distance(*per_covered, DEAREST / covered, any(open_steps))
        for theirs, ours, is_open in zip(exact.steps, found.steps, open_steps, strict=True):
            yield f"step {theirs.step} {theirs.channel}: cost", distance(theirs.cost, ours.cost, event, is_open)

    def _is_open(self, step: StepFigures, size: float) -> bool:
        """Whether chance has its way with enough people: if nearly all get a message, few are left who do not."""
        expected = [self.times * getattr(step, what).mean for what in COUNTS]
        variances = [count * (1 - count / size) for count in expected]
        return min((v for v in variances if v > ROUNDING), default=0.0) > FEW

    @cached_property
    def _curve(self) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """The exact shares of openers by all the ages that are asked for."""
        figures = [self.found.total, *(segment.figures for segment in self.found.segments)]
        times = (getattr(some.time_to_open, quantile) for some in figures for quantile in QUANTILES)
        last = int(self.campaign.model.scenario.horizon)
        ages = {round(time * SECOND) - before for time in times if time is not None for before in (0, 1)} | {last}
        some = np.array(sorted(ages), float)
        return some, time_to_open(self.campaign.model, self.campaign.case.routes, some, self.campaign.contacts)

    def _openers(self, segments: Pairs, age: int) -> float:
        """How many open by the age, given who came."""
        ages, curve = self._curve
        at = np.searchsorted(ages, age)
        return sum(other.people * self.times * curve[one.segment][at] for one, other in segments if other.people)

    def _times(self, found: Figures, segments: Pairs) -> Iterator[tuple[str, float]]:
        """Quantiles of the time to open: on the exact curve they are order statistics of uniform numbers, thus Beta."""
        openers = self._openers(segments, int(self.campaign.model.scenario.horizon))
        for what, share in QUANTILES.items():
            if openers * (1 - share) > FEW:  # else one opener more or less makes another quantile
                age, rank = round(getattr(found.time_to_open, what) * SECOND), math.ceil(share * openers)
                law = stats.beta(rank, openers - rank + 1)
                by, before = (self._openers(segments, when) / openers for when in (age, age - 1))
                yield what, deviate(law.cdf(by), law.sf(before))


def far(law: stats.rv_discrete, seen: float) -> float:
    """How far out a count is of its law."""
    return deviate(law.cdf(round(seen)), law.sf(round(seen) - 1))


def deviate(below: float, above: float) -> float:
    """The normal deviate that has these probabilities of being below and above, itself included."""
    out = max(0.0, float(stats.norm.isf(min(below, above))))
    return out if above < below else -out


def distance(exact: Estimate, found: Estimate, event: float, is_open: bool) -> float | None:
    """In standard errors of the found one; None if it is made of too few events. One adds `event` to it, at most.

    Where all were alike, what was expected to differ may have been too rare to be seen.
    """
    if exact.mean is None or found.mean is None or found.low is None or found.high is None:
        return None
    apart, error = found.mean - exact.mean, (found.high - found.mean) / Z
    if error == 0:
        return 0.0 if math.isclose(exact.mean, found.mean, rel_tol=1e-9, abs_tol=RARE * event) else math.inf
    return apart / error if is_open and exact.mean * found.mean > MANY * error**2 else None


def error(
    campaign: Campaign, exact: ChainOutcome, found: ChainOutcome, times: int, others: Sequence[People]
) -> float | None:
    """How much coverage is off, in standard errors; cost, where hardly anybody, or nearly everybody, is covered.

    None where there is no law to speak of: if the cost is all the same, or made by a few. What is judged takes no part
    in the choice: that is made on other replications, which also tell the variance.
    """
    for name, column, unit, least in (("coverage", COVERED, 1, 0.1), ("cost_per_person", COST, BILLION, 0.001)):
        variance = most = off = 0.0
        for theirs, ours in zip(exact.segments, found.segments, strict=True):
            mean, seen = (getattr(segment.figures, name).mean or 0 for segment in (theirs, ours))
            each = [r[ours.segment][:, column] / unit - mean * r[ours.segment][:, ONE] for r in others]
            listed = isinstance(campaign.model.segment(ours.segment).people, Contacts)
            variance += spread(each, listed)
            most = max([most, *(float(np.abs(d).max(initial=0)) for d in each)])
            off += ours.people * (seen - mean)
        # people are seen to differ, and no one of them makes much of it
        if most > least and variance > 9 * most**2:
            return off * math.sqrt(times / variance)
    return None


def spread(each: Sequence[np.ndarray], listed: bool) -> float:
    """The variance of the sum of what people are off their segment's mean, all replications being alike.

    People from a file are the same each time, and what is expected of each is another thing.
    """
    if listed:
        return float(np.var(each, axis=0, ddof=1).sum())
    return sum(float((d**2).sum()) for d in each) / len(each)


def integrals(campaign: Campaign) -> int:
    """How many integrals, one inside the other, the exact engine takes over one message."""
    model, found = campaign.model, [0]
    for route, resend in itertools.product(campaign.case.routes, (False, True)):
        moves = model.segment(route.segment).reacts is not None
        for name in route.chain.channels:
            stage = message_stages(model, route.segment, name, resend, moves)
            stops = matched(model, route.chain.stop_when, name, only_reported=True) | {"unsubscribed"}
            covers = matched(model, model.goal[0], name)
            found.append(Watch((stage,), covers, np.ones(1), int(model.scenario.horizon), stops).integrals)
    return max(found)


def compared(people: int, examples: int, nested: bool) -> Findings:
    """So many random campaigns, no two with the same chains."""
    findings, done = Findings(), set()

    @rounds(examples)
    @given(campaigns(people, exact=True))
    def check(campaign: Campaign) -> None:
        chains = tuple(route.chain for route in campaign.case.routes)
        if chains in done or refusals(campaign.model, campaign.case.routes):
            reject()  # Hypothesis likes to vary a little what it has just tried
        if not nested and integrals(campaign) > 1:
            reject()  # one in some hundred, and takes the exact engine a minute
        done.add(chains)
        findings.compare(campaign)

    check()
    print(f"\n{findings}")
    return findings


def judge(findings: Findings, examples: int) -> None:
    assert findings.campaigns == examples
    assert findings.far == []
    for errors in findings.errors.values():
        assert len(errors) > 0.7 * examples
        assert max(map(abs, errors)) < FAR
        assert stats.kstest(errors, "norm").pvalue > 0.001


def test_random_campaigns_are_as_exact_says() -> None:
    judge(compared(PEOPLE, 80, nested=False), 80)


@pytest.mark.full
def test_many_random_campaigns_are_as_exact_says() -> None:
    judge(compared(4 * PEOPLE, 400, nested=True), 400)
