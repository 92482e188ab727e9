"""The bound is one: no way of going on from a beginning comes to less, whatever the weights (see `optimizer.bound`)."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
import pytest

from cascadesim.engines.exact.evaluator import Evaluator
from cascadesim.model.channel import Channel, Price
from cascadesim.model.model import Model, Scenario
from cascadesim.model.question import Objective, Question, Repeat
from cascadesim.model.rates import Delay, Rate
from cascadesim.model.segment import Headcount, Segment
from cascadesim.optimizer.board import Board, board_of
from cascadesim.optimizer.bound import Weights
from cascadesim.optimizer.ideal import clock_rules
from cascadesim.optimizer.solver import best, within
from cascadesim.optimizer.space import Space
from cascadesim.units import BILLION, DAY, HOUR, MINUTE, Duration, Money, Share
from tests.optimizer.beginnings import bounds_of, plans_of, random_weights, value_of
from tests.optimizer.instances import HORIZON, random_instance

COUNT = 252
NOISE = 1e-10  # of what the weights can come to: sums in another order, and integrals
WAITS = tuple(Duration(m * MINUTE) for m in (30, 120, 360, 1440))


class Case:
    """A question of one segment: its space, its board, and the value of every plan by random weights."""

    def __init__(
        self, model: Model, question: Question, rng: random.Random, deadlines: tuple[int, ...] | None = None
    ) -> None:
        segment = model.segments[0].name
        self.space = Space.of(model, question)
        self.evaluator = Evaluator(
            model,
            segment,
            cover=question.goal_events,
            within=HORIZON,
            stop=question.stop_events,
            channels=self.space.channels,
            by_clock=clock_rules(model, question, [segment]) or False,
        )
        several = sorted({rng.choice([5 * HOUR, DAY]), HORIZON, 2 * HOUR})
        self.deadlines = deadlines or tuple(several[: rng.choice([1, 1, 2, 3])])
        charged = frozenset(name for name in self.space.channels if rng.random() < 0.5)
        self.board: Board = board_of(self.evaluator, self.space, self.deadlines, charged)
        self.plans = dict(plans_of(self.space, self.evaluator))
        self.weigh(random_weights(rng, self.board, len(self.deadlines)))

    def weigh(self, weights: Weights) -> None:
        """What the plans come to by these weights."""
        self.weights = weights
        self.values = {n: value_of(plan, self.space, weights, self.deadlines) for n, plan in self.plans.items()}
        self.size = max(map(abs, self.values.values()))

    @classmethod
    def random(cls, number: int) -> Case:
        """The instance of that number, made wider."""
        rng = random.Random(f"bound {number}")
        return cls(*wider(rng, *random_instance(number, is_plain=True), number), rng)

    def least_after(self) -> dict[tuple[tuple[int, int], ...], float]:
        """The least that the completions of each beginning come to."""
        least: defaultdict[tuple[tuple[int, int], ...], float] = defaultdict(lambda: np.inf)
        for numbers, value in self.values.items():
            for depth in range(len(numbers)):
                least[numbers[:depth]] = min(least[numbers[:depth]], value)
        return least

    def beaten(self) -> list[tuple[tuple[int, int], ...]]:
        """The beginnings whose bound a completion is under."""
        least = self.least_after()
        bounds = bounds_of(self.board, self.weights)
        return [beginning for beginning, bound in bounds if bound > least[beginning] + NOISE * self.size]

    @property
    def is_plain(self) -> bool:
        """Whether costs and misses are weighed, and nothing lowers the value."""
        weights = self.weights
        return bool(
            (weights.cost > 0).all() and min(weights.messages.min(), weights.use.min(), weights.miss.min()) >= 0
        )

    @property
    def chooses_together(self) -> bool:
        """Whether it matters to the bound that all classes choose the same channels."""
        return self.is_plain and len(self.deadlines) == 1 and self.space.max_steps < sum(self.space.times.values())

    @property
    def sorts(self) -> list[str]:
        has = {
            "stops that are no covers": not self.board.implied,
            "quiet hours": self.evaluator.tables.by_clock,
            "waits that end early": bool(self.board.splits.any()),
            "several deadlines": len(self.deadlines) > 1,
            "negative prices": bool((self.weights.cost < 0).any() or (self.weights.messages < 0).any()),
            "negative misses": bool((self.weights.miss < 0).any()),
            "charges": bool(self.weights.use.any()),
            "repeats": bool((self.board.times > 1).any()),
            "kinds": self.board.weight.shape[1] > 1,
            "outside events": self.board.unprompted,
            "four channels": len(self.space.channels) == 4,
            "plain": self.is_plain,
            "one deadline, fewer steps than channels": self.chooses_together,
            "three waits on four channels": len(self.space.channels) == 4 and self.board.later.shape[0] == 4,
        }
        return [sort for sort, it_has in has.items() if it_has]


def wider(rng: random.Random, model: Model, question: Question, number: int) -> tuple[Model, Question]:
    """Up to four channels, three waits and four steps; all at once in a twelfth."""
    names = list(question.channels)
    if number % 3 == 0:
        extra = replace(model.channels[0], name="rcs", quiet=())
        model = replace(model, channels=(*model.channels, extra))
        names.append("rcs")
    waits = tuple(sorted(rng.sample(WAITS, 2 if len(names) > 3 and number % 12 else 3)))
    repeats = (Repeat(rng.choice(names), 2),) if rng.random() < 0.5 and len(names) < 4 else ()
    if repeats and rng.random() < 0.7:
        model = better_again(model, repeats[0].channel)
    most = min(4, len(names) + len(repeats)) - (rng.random() < 0.5)  # or fewer than there are channels
    limits = {"never_more": None, "max_steps": max(2, most), "min_steps": rng.choice([1, 1, 2])}
    return model, replace(question, channels=tuple(names), waits=waits, repeats=repeats, **limits)


def better_again(model: Model, name: str) -> Model:
    """A second message on the channel is opened by more people than a first one may be."""
    opens = Rate("answers" if model.channel(name).is_call else "opens", Share(0.6), Share(0.6))
    channels = tuple(replace(c, resend=(opens,)) if c.name == name else c for c in model.channels)
    return replace(model, channels=channels)


def test_no_completion_of_a_beginning_beats_its_bound():
    """All beginnings of one to three steps; and the gap at the root, from the bound to the best plan."""
    seen: Counter[str] = Counter()
    checked, gaps = 0, []
    for number in range(COUNT):
        case = Case.random(number)
        seen.update(case.sorts)
        least = case.least_after()
        roots = [v for n, v in case.values.items() if len(n) == 1]
        for beginning, bound in bounds_of(case.board, case.weights):
            assert bound <= least[beginning] + NOISE * case.size, (number, beginning)
            checked += 1
            roots += [bound] if len(beginning) == 1 else []
        if "plain" in case.sorts:
            gaps.append(1 - min(roots) / min(case.values.values()))
    middle, high, most = np.quantile(gaps, [0.5, 0.9, 1.0])
    print(f"\n{checked:,} beginnings of {COUNT} instances: {dict(seen)}")
    print(f"gap at the root, as a share of the best value, in the {len(gaps)} without rebates: ", end="")
    print(f"median {middle:.2%}, 90% {high:.2%}, most {most:.2%}; none in {sum(gap < 1e-12 for gap in gaps)}")
    assert checked > 6_000
    assert len(seen) == 14
    assert min(seen.values()) >= 10
    assert middle < 0.05, "so loose a bound cuts off little"


def test_a_price_that_falls_with_time_is_foreseen():
    """A click, which is what the last channel bills, comes 10 h after the open: sent 66 h after entry it is free.

    The campaign is over after 72 h (S13), and whoever opens by then is covered. So a beginning with a short wait may be
    followed by a long one, and the least price of a cover is that of a later instant.
    """
    clicks = Rate("clicks", Share(0.5), Share(0.5), delay=Delay("fixed", ((Share(1), Duration(10 * HOUR)),)))
    euro, cent = Money(BILLION, "EUR"), Money(BILLION // 100, "EUR")
    channels = (
        Channel("a", rates=(opening(0.5),), costs=(Price(euro, "message sent"),)),
        Channel("b", rates=(opening(0.0),), costs=(Price(cent, "message sent"),)),  # it only takes time
        Channel("c", rates=(opening(0.5), clicks), costs=(Price(euro, "message clicked"),)),
    )
    model = Model(Scenario(horizon=Duration(HORIZON)), channels, (Segment("all", Headcount(1)),))
    waits = (Duration(30 * MINUTE), Duration(66 * HOUR))
    case = Case(model, Question(Objective("coverage"), ("a", "b", "c"), waits=waits), random.Random(1), (HORIZON,))
    case.weigh(Weights(np.ones(3), np.zeros(3), np.zeros(3), np.array([10.0 * BILLION])))
    assert case.least_after()[(0, 0),] == pytest.approx((1 + 0.5 * (0.01 + 0.5 * 10)) * BILLION)
    assert case.beaten() == []


def test_a_channel_that_may_come_again_is_in_a_set_of_channels_as_often():
    """Twice more on the first channel is far better than anything with the others, which hardly anybody opens."""
    channels = tuple(
        Channel(name, rates=(opening(share),), costs=(Price(Money(BILLION, "EUR"), "message sent"),))
        for name, share in (("a", 0.5), ("b", 0.01), ("c", 0.01))
    )
    model = Model(Scenario(horizon=Duration(HORIZON)), channels, (Segment("all", Headcount(1)),))
    question = Question(Objective("coverage"), ("a", "b", "c"), waits=WAITS[:1], repeats=(Repeat("a", 3),))
    case = Case(model, question, random.Random(1), (HORIZON,))
    case.weigh(Weights(np.ones(3), np.zeros(3), np.zeros(3), np.array([50.0 * BILLION])))
    assert case.least_after()[(0, 0),] == pytest.approx((1 + 0.5 + 0.25 + 0.125 * 50) * BILLION)
    assert case.beaten() == []


def opening(share: float) -> Rate:
    return Rate("opens", Share(share), Share(share), delay=Delay("fixed", ((Share(1), Duration(MINUTE)),)))


@pytest.mark.parametrize("part", range(3))
def test_the_search_s_sums_are_those_of_the_closed_form(part):
    """Of every plan: value, misses by deadline, messages and cost by channel; and the best is the best of all."""
    for number in range(part * COUNT // 3, (part + 1) * COUNT // 3, 4):
        case = Case.random(number)
        parts, _, finished = within(case.board, case.weights, np.inf)
        assert finished
        for found in parts:
            for k, (channels, waits) in enumerate(zip(found.channel.tolist(), found.wait.tolist(), strict=True)):
                numbers = tuple((c, w) for c, w in zip(channels, waits, strict=True) if c >= 0)
                prefix = case.plans[numbers]
                assert found.missed[k] == pytest.approx([1 - prefix.covered_by(d) for d in case.deadlines], abs=1e-11)
                for of_channels, known in (
                    (found.cost, prefix.measures().cost_on),
                    (found.messages, prefix.measures().messages_on),
                ):
                    expected = [known.get(c, 0.0) for c in case.space.channels]
                    assert of_channels[k] == pytest.approx(expected, rel=1e-10), (number, numbers)
        answer = best(case.board, case.weights)
        assert answer is not None
        assert answer.value == pytest.approx(min(case.values.values()), abs=NOISE * case.size), number
        assert answer.bound == answer.value
