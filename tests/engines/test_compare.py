"""Paired comparison against sums over people written out, against the exact engine, and what it refuses (S3, S14)."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t

from cascadesim.engines.case import Case, cases
from cascadesim.engines.compare import Side, compare
from cascadesim.engines.pairing import Pairs, Run, paired_figures
from cascadesim.engines.simulate import people_sums, simulate
from cascadesim.engines.tally import COST, COVERED, DUPLICATES, MESSAGES, ONE
from cascadesim.errors import RefusedError
from cascadesim.model.chain import Chain, Event, Hole, Send, Wait
from cascadesim.model.channel import Channel, Price, Throughput
from cascadesim.model.model import Model, Scenario
from cascadesim.model.rates import Delay, Rate
from cascadesim.model.segment import Arrivals, Headcount, OwnPrice, Segment
from cascadesim.units import BILLION, DAY, HOUR, SECOND, Duration, Money, Share

SLOW = Delay("exponential", ((Share(0.5), Duration(HOUR)),))
SENT = Price(Money.parse("0.05 EUR"), "message sent")
OPENED = Price(Money.parse("0.01 EUR"), "message opened")
Z = 1.959963984540054
OPENS = {"a": 0.3, "b": 0.5, "c": 0.2}


def channel(name: str, opens: float, *prices: Price, limit: Throughput | None = None) -> Channel:
    rates = [Rate("reaches", Share(0.8), Share(0.8)), Rate("delivers", Share(0.9), Share(0.9))]
    return Channel(
        name, rates=(*rates, Rate("opens", Share(opens), Share(opens), delay=SLOW)), costs=prices, throughput=limit
    )


def chain(name: str, *channels: str) -> Chain:
    steps = [Send((c,), wait=Wait(Duration(2 * HOUR))) for c in channels[:-1]]
    return Chain(name, (*steps, Send(channels[-1:])), stop_when=(Event("opened"),))


def model(people: int = 300, limit: Throughput | None = None, *extra: Price, stream: bool = True) -> Model:
    segments = (
        Segment("crowd", Headcount(people)),
        Segment("stream", Arrivals(100, Duration(DAY), Duration(2 * DAY))),
    )
    return Model(
        Scenario(seed=3),
        (channel("a", 0.3, SENT), channel("b", 0.5, SENT, OPENED, *extra, limit=limit)),
        segments if stream else segments[:1],
        chains=(chain("ab", "a", "b"), chain("ba", "b", "a"), chain("just-a", "a")),
    )


def sides(m: Model, one: str = "ab", other: str = "ba") -> tuple[Side, Side]:
    a, b = (Side(m, *cases(m, name)) for name in (one, other))
    return a, b


def tables(m: Model, name: str, replication: int = 0) -> dict[str, np.ndarray]:
    (case,) = cases(m, name)
    return people_sums(m, case, replication, {}, "simpy")


def spread(d: np.ndarray, arrives: bool) -> float:
    """The variance of the sum of d over people: about 0 where their number is random."""
    return float((d**2).sum()) if arrives else float(((d - d.mean()) ** 2).sum())


@pytest.mark.parametrize("name", ["coverage", "cost", "cost_per_person", "cost_per_covered", "messages_per_person"])
def test_intervals_are_those_of_the_differences_person_by_person(name: str) -> None:
    """Residuals written out row by row, without a product sum; two replications are one sample."""
    m = model()
    y, x = {
        "coverage": (COVERED, ONE), "cost": (COST, None), "cost_per_person": (COST, ONE),
        "cost_per_covered": (COST, COVERED), "messages_per_person": (MESSAGES, ONE),
    }[name]  # fmt: skip
    people = [
        {s: np.concatenate([tables(m, c, r)[s] for r in range(2)]).astype(float) for s in ("crowd", "stream")}
        for c in ("ab", "ba")
    ]
    unit = BILLION if y == COST else 1
    residuals, means = [], []
    for side in people:
        everybody = np.concatenate(list(side.values()))
        over = everybody[:, x].sum() if x is not None else 2
        means.append(everybody[:, y].sum() / over / unit)
        share = means[-1] * unit
        residuals.append({s: (v[:, y] - (0 if x is None else share * v[:, x])) / over / unit for s, v in side.items()})
    paired = sum(spread(residuals[1][s] - residuals[0][s], s == "stream") for s in ("crowd", "stream"))
    apart = sum(spread(side[s], s == "stream") for side in residuals for s in ("crowd", "stream"))
    found = compare(*sides(m), engine="simpy", replications=2).total[name]
    assert (found.a.mean, found.b.mean) == pytest.approx(means)
    assert found.difference.mean == pytest.approx(means[1] - means[0])
    assert found.difference.high - found.difference.mean == pytest.approx(Z * math.sqrt(paired), rel=1e-6)
    assert found.difference.mean - found.difference.low == pytest.approx(Z * math.sqrt(paired), rel=1e-6)
    assert found.variance_saved == pytest.approx(1 - paired / apart, rel=1e-6)


@pytest.mark.parametrize("limit", [None, Throughput(1, Duration(30 * SECOND))], ids=["free", "limited"])
def test_each_side_is_what_a_simulation_says(limit: Throughput | None) -> None:
    fees = (Price(Money.parse("7 EUR"), "campaign"), Price(Money.parse("90 EUR"), "campaign", at_least=True))
    for extra in (fees[:1], fees):
        m = model(300, limit, *extra)
        own = OwnPrice("a", Price(Money.parse("0.2 EUR"), "message sent"))  # beside a commitment on b
        m = replace(m, segments=(replace(m.segments[0], costs=(own,)), m.segments[1]))
        found = compare(*sides(m), engine="simpy", replications=3)
        outcome = simulate(m, cases(m, "ab", "ba"), engine="simpy", replications=3)
        for side, simulated in zip(("a", "b"), outcome.chains, strict=True):
            for name, figure in found.total.items():
                assert getattr(figure, side).to_json() == pytest.approx(getattr(simulated.total, name).to_json())
            for segment, other in zip(found.segments, simulated.segments, strict=True):
                assert (segment.segment, segment.people) == (other.segment, pytest.approx(other.people))
                for name, figure in segment.figures.items():
                    assert getattr(figure, side).to_json() == pytest.approx(getattr(other.figures, name).to_json())


@pytest.mark.parametrize("limit", [None, Throughput(1, Duration(30 * SECOND))], ids=["free", "limited"])
def test_a_chain_against_itself_differs_by_nothing(limit: Throughput | None) -> None:
    m = model(300, limit)
    found = compare(*sides(m, "ab", "ab"), engine="simpy", replications=2)
    for figures in (found.total, *(s.figures for s in found.segments)):
        for figure in figures.values():
            assert figure.difference.to_json() == {"mean": 0, "low": 0, "high": 0}
            assert figure.variance_saved in (1, None)
    assert found.total["coverage"].variance_saved == 1


def test_with_limits_replications_are_compared_and_one_cannot_tell() -> None:
    m = model(300, Throughput(1, Duration(30 * SECOND)))
    one = compare(*sides(m), engine="simpy", replications=1).total["coverage"]
    assert (one.difference.low, one.difference.high, one.variance_saved) == (None, None, None)
    assert one.difference.mean is not None
    many = compare(*sides(m), engine="simpy", replications=5).total["coverage"]
    residuals = []
    for name in ("ab", "ba"):
        people = [np.concatenate(list(tables(m, name, r).values())) for r in range(5)]
        covered, number = (np.array([p[:, q].sum() for p in people]) for q in (COVERED, ONE))
        residuals.append((covered - covered.sum() / number.sum() * number) / number.mean())
    d = residuals[1] - residuals[0]
    half = t.ppf(0.975, 4) * math.sqrt((d**2).sum() / 4 / 5)
    assert many.difference.high - many.difference.mean == pytest.approx(half)
    assert many.variance_saved == pytest.approx(1 - (d**2).sum() / sum((r**2).sum() for r in residuals))


def test_a_limit_on_one_side_is_enough_and_asks_for_ten_replications() -> None:
    m = model(20, Throughput(1, Duration(30 * SECOND)), stream=False)
    assert compare(*sides(m, "just-a", "ab"), engine="simpy").replications == 10
    assert compare(*sides(m, "just-a", "just-a"), engine="simpy").replications == 1


def test_nobody_covered_on_one_side_leaves_the_other() -> None:
    a = np.array([[1, 0, 5, 1, 0], [1, 0, 7, 1, 0]])
    b = np.array([[1, 1, 5, 1, 0], [1, 0, 9, 2, 0]])
    found = paired_figures([Run([Pairs.of(a, b, arrives=False)])], limited=False)
    assert found["cost_per_covered"].a.mean is None
    assert found["cost_per_covered"].b.mean == pytest.approx(14 / BILLION)
    assert found["cost_per_covered"].difference.mean is None
    assert found["cost_per_covered"].variance_saved is None
    assert found["duplicates_per_person"].variance_saved is None  # neither side varies


def test_other_people_are_not_paired() -> None:
    with pytest.raises(ValueError, match="3 people on one side and 2 on the other"):
        Pairs.of(np.ones((3, 5), np.int64), np.ones((2, 5), np.int64), arrives=False)


def drawn(rng: np.random.Generator, size: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """By channel: whom it reaches, and after how many hours its message would be opened (never: infinite)."""
    return {
        name: (
            rng.random(size) < 0.8,
            np.where(rng.random(size) < 0.9 * opens, rng.exponential(1 / math.log(2), size), np.inf),
        )
        for name, opens in OPENS.items()
    }


def followed(draws: dict[str, tuple[np.ndarray, np.ndarray]], *channels: str) -> np.ndarray:
    """The rows of people who follow a chain of these channels: S5, S9 and S11 in a few lines, for a whole run."""
    size = len(draws["a"][0])
    clock, opened = np.zeros(size), np.full(size, np.inf)
    table = np.zeros((size, 5), np.int64)
    table[:, ONE] = 1
    for name in channels:
        reach, delay = draws[name]
        sent = reach & (opened > clock)
        table[:, MESSAGES] += sent
        table[:, COST] += sent * 50_000_000 + (sent & (clock + delay < 168) & (name == "b")) * 10_000_000
        opened = np.where(sent, np.minimum(opened, clock + delay), opened)
        clock = clock + 2 * reach
    table[:, COVERED] = opened < 168
    return table


def test_intervals_contain_the_exact_difference() -> None:
    """1,000 runs of 1,000 people each; what the differences really are is known from the exact engine.

    The order of a and b changes cost and nobody's coverage, so coverage differs by what c adds: a share p of the
    people, whose pairs have variance p (1 - p), as against q (1 - q) of each side alone.
    """
    m = model(1000, stream=False)
    m = replace(m, channels=(*m.channels, channel("c", OPENS["c"], SENT)))
    m = replace(m, chains=(chain("ab", "a", "b"), chain("bac", "b", "a", "c")))
    one, other = (c.total for c in simulate(m, cases(m), engine="exact").chains)
    names = ("coverage", "cost", "cost_per_covered")
    wanted = {name: getattr(other, name).mean - getattr(one, name).mean for name in names}
    inside = dict.fromkeys(names, 0)
    rng, widths, alone = np.random.default_rng(20270301), [], []
    for _ in range(1000):
        draws = drawn(rng, 1000)
        pairs = Pairs.of(followed(draws, "a", "b"), followed(draws, "b", "a", "c"), arrives=False)
        found = paired_figures([Run([pairs])], limited=False)
        for name, value in wanted.items():
            inside[name] += found[name].difference.low <= value <= found[name].difference.high
        cover = found["coverage"]
        widths.append(cover.difference.high - cover.difference.low)
        alone.append(math.hypot(cover.a.high - cover.a.low, cover.b.high - cover.b.low))
    assert wanted["coverage"] > 0.05
    assert all(930 <= number <= 970 for number in inside.values()), inside
    p, apart = wanted["coverage"], sum(c.coverage.mean * (1 - c.coverage.mean) for c in (one, other))
    assert np.mean(widths) / np.mean(alone) == pytest.approx(math.sqrt(p * (1 - p) / apart), rel=0.02)
    assert np.mean(widths) < 0.5 * np.mean(alone)


def test_what_cannot_be_compared_is_refused_with_every_reason() -> None:
    m = model()
    (case,) = cases(m, "ab")
    only = Case("only", tuple(r for r in case.routes if r.segment == "crowd"))
    with pytest.raises(RefusedError, match="segment stream is in ab alone"):
        compare(Side(m, case), Side(m, only), engine="simpy")
    with pytest.raises(RefusedError, match="segment stream is in ab alone"):
        compare(Side(m, only), Side(m, case), engine="simpy")
    scenario = replace(m.scenario, seed=4, currency="USD", horizon=Duration(DAY))
    other = replace(m, scenario=scenario, segments=model(301).segments)
    with pytest.raises(RefusedError) as refused:
        compare(Side(m, case), Side(other, replace(case, name="B")), engine="simpy")
    said = "; ".join(refused.value.reasons)
    for reason in ("crowd is other people", "different seeds", "by covered", "runs for", "counts in EUR, B in USD"):
        assert reason in said
    assert len(refused.value.reasons) == 5
    draft = replace(only, routes=tuple(replace(r, chain=Chain("d", (Hole(),))) for r in only.routes), name="d")
    for two in ((case, draft), (draft, case)):
        with pytest.raises(RefusedError) as refused:
            compare(*(Side(m, c) for c in two), engine="simpy")
        assert {reason.partition(":")[0] for reason in refused.value.reasons} == {
            "chain d has a hole `...`",
            "segment stream is in ab alone",
        }


def test_a_seed_makes_two_models_comparable_and_prices_may_differ() -> None:
    m = model(stream=False)
    dear = replace(m, scenario=replace(m.scenario, seed=4), channels=(replace(m.channels[0], costs=()), m.channels[1]))
    (case,) = cases(m, "ab")
    found = compare(Side(m, case), Side(dear, case), engine="simpy", seed=9)
    assert found.seed == 9
    assert found.total["coverage"].difference.to_json() == {"mean": 0, "low": 0, "high": 0}
    assert found.total["cost"].difference.high < 0


def test_progress_is_told_by_replication() -> None:
    told: list[tuple[str, int, int]] = []
    m = model(20, stream=False)
    compare(*sides(m), engine="simpy", replications=2, progress=lambda *a: told.append(a))
    assert told == [("ab and ba", 1, 2), ("ab and ba", 2, 2)]


def test_duplicates_are_compared_too() -> None:
    m = model(stream=False)
    found = compare(*sides(m), engine="simpy").total["duplicates_per_person"]
    a, b = (tables(m, name)["crowd"][:, DUPLICATES] for name in ("ab", "ba"))
    assert found.difference.mean == pytest.approx(b.mean() - a.mean())
