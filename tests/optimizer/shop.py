"""A small shop for questions that can be worked by hand: three channels, two segments."""

from __future__ import annotations

from cascadesim.model.channel import Channel, Price
from cascadesim.model.model import Model, Scenario
from cascadesim.model.question import Keep, Objective, Question
from cascadesim.model.rates import Delay, Rate
from cascadesim.model.segment import Headcount, OwnRate, Segment
from cascadesim.optimizer import Answer
from cascadesim.units import DAY, HOUR, MINUTE, Duration, Money, Share

HOURS = tuple(Duration(n * HOUR) for n in (1, 6, 24))


def euro(text: str) -> Money:
    return Money.parse(f"{text} EUR")


def channel(name: str, reach: float, opens: float, cost: str, **more) -> Channel:
    """Delivered at once to all; opened after 20 minutes."""
    late = Delay("fixed", ((Share(1), Duration(20 * MINUTE)),))
    rates = (Rate("reaches", Share(reach), Share(reach)), Rate("opens", Share(opens), Share(opens), delay=late))
    costs = (Price(euro(cost), "message sent"), *more.pop("costs", ()))
    return Channel(name, rates=rates, costs=costs, **more)


PUSH = channel("push", 0.5, 0.1, "0")
EMAIL = channel("email", 1.0, 0.2, "0.001")
SMS = channel("sms", 1.0, 0.4, "0.04")
LOYAL, NEW = Segment("loyal", Headcount(1000)), Segment("new", Headcount(3000), rates=(
    OwnRate("sms", Rate("opens", Share(0.3), Share(0.3))),
))  # fmt: skip


def model_of(*segments: Segment, channels=(PUSH, EMAIL, SMS), **scenario) -> Model:
    return Model(Scenario(horizon=Duration(3 * DAY), **scenario), channels, segments)


def question_of(goal: str, *keeps: Keep, **more) -> Question:
    value = more.pop("value", None)
    settings = {"channels": ("push", "email", "sms"), "waits": HOURS, "max_steps": 3} | more
    return Question(Objective(goal, value), keeps=keeps, **settings)


def names(answer: Answer, segment: str = "loyal") -> list[str]:
    (plan,) = answer.plans[segment]
    return [step.channel for step in plan.steps]


AT_LEAST_HALF = Keep("coverage", "at least", Share(0.5))
