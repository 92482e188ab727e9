"""The exact engine against a simulator of its own: a chain followed by two hundred thousand people in NumPy.

All delays are random, and every rule of S15's scope takes part. The simulator shares nothing with the engines but
the model; its figures must be within 4.5 standard errors of the exact ones.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from scipy import stats

from cascadesim.engines.exact import evaluate
from cascadesim.engines.outcome import Figures
from cascadesim.model.chain import Chain, Event, Route
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model
from cascadesim.model.rates import Delay, Verb
from cascadesim.model.segment import Both, Headcount, Kind, Leave, OwnPrice, OwnRate, Segment
from cascadesim.units import SECOND, Share
from tests.engines.exact_models import chain, curve, half, model, opened, price, rate, send

PEOPLE = 200_000
FAR = 4.5  # standard errors

VIBER = Channel(
    "viber",
    rates=(
        rate("reaches", 0.6),
        rate("delivers", 0.95, half("20 s", "30 min")),
        rate("opens", 0.45, half("4 min", "2 h")),
        rate("clicks", 0.3, half("1 min", "20 min", "weibull")),
        rate("unsubscribes", 0.05, half("2 min")),
    ),
    costs=(price("0.02 EUR", "message delivered"), price("0.1 EUR", "message clicked")),
)
SMS = Channel(
    "sms",
    rates=(
        rate("reaches", 0.9),
        rate("delivers", 0.9, curve((0.5, "6 s"), (0.9, "40 min"), (1.0, "12 h"))),
        rate("opens", 0.3, half("12 min", "6 h")),
        rate("clicks", 0.4),
        rate("replies", 0.2, half("30 min"), of="delivered"),
    ),
    resend=(rate("opens", 0.15, half("1 h")),),
    reports=("delivered", "clicked", "replied"),
    costs=(price("0.04 EUR", "part sent"), price("0.3 EUR", "message replied")),
)
CALL = Channel(
    "call",
    rates=(rate("reaches", 0.8), rate("answers", 0.4, half("15 s"))),
    lasts=None,
    costs=(price("0.06 EUR", "message opened"), price("120 EUR", "campaign")),
)
SEGMENT = Segment(
    "all",
    Headcount(PEOPLE),
    kinds=(Kind("eager", Share(0.3), 1.8), Kind("silent", Share(0.2), 0.1), Kind("usual", None, None)),
    both=(Both("viber", "sms", Share(0.57)),),
    leaves=(Leave("bought", Share(0.2), half("5 h")),),
    rates=(OwnRate("sms", rate("opens", 0.35)),),
    costs=(OwnPrice("viber", price("0.03 EUR", "message sent")),),
)
CLICKED, REPLIED, BOUGHT = Event("clicked"), Event("replied"), Event(outside="bought")

CASES: dict[str, tuple[Model, Chain]] = {
    "stops cover": (
        model(VIBER, SMS, CALL, segments=(SEGMENT,), horizon="3 days", cover=(opened(),), within="20 h"),
        chain(send("viber", "2 h", "10 min"), send("sms", "5 h"), send("call", "6 h"), send("sms")),
    ),
    "late reactions": (
        model(VIBER, SMS, CALL, segments=(SEGMENT,), horizon="12 h", cover=(CLICKED, Event("answered", "call"))),
        chain(
            send("sms", "20 min", "1 min"),
            send("sms", "4 h"),
            send("viber", "30 min"),
            send("call"),
            stop=(opened(), CLICKED, BOUGHT),
        ),
    ),
    "stops elsewhere": (
        model(VIBER, SMS, segments=(SEGMENT,), horizon="1 day", cover=(CLICKED, BOUGHT), within="6 h"),
        chain(send("viber", "30 min"), send("sms", "45 min"), send("viber"), stop=(REPLIED, Event("delivered", "sms"))),
    ),
}


@dataclass
class Simulated:
    """Per-person sums of the simulation, and the time of the first covering event (infinite: none)."""

    first: np.ndarray
    first_step: np.ndarray
    duplicates: np.ndarray
    cost: np.ndarray
    messages: np.ndarray
    steps: dict[int, dict[str, np.ndarray]] = field(default_factory=dict)


@functools.cache
def simulated(name: str) -> Simulated:
    return Simulation(*CASES[name], np.random.default_rng(20270301)).run()


@pytest.mark.parametrize("name", CASES)
def test_simulated_figures_agree(name: str) -> None:
    made, steps = CASES[name]
    figures = evaluate(made, (Route("all", steps),)).segments[0].figures
    apart = {key: z for key, z in distances(made, figures, simulated(name)).items() if not abs(z) < FAR}
    assert not apart


def distances(made: Model, figures: Figures, found: Simulated) -> dict[str, float]:
    """How far the exact figures are from the simulated ones, in standard errors."""
    covered = found.first <= made.goal[1]
    pairs = {
        "coverage": (figures.coverage.mean, covered),
        "cost": (figures.cost_per_person.mean, found.cost),
        "messages": (figures.messages_per_person.mean, found.messages),
        "duplicates": (figures.duplicates_per_person.mean, found.duplicates),
    }
    for step in figures.steps:
        for what in ("sent", "delivered", "opened", "cost"):
            pairs[f"{what} {step.step}"] = getattr(step, what).mean / PEOPLE, found.steps[step.step][what]
        pairs[f"first {step.step}"] = step.first_opens.mean / PEOPLE, found.first_step == step.step
    openers = found.first[np.isfinite(found.first)]
    for share, name in ((0.5, "p50"), (0.9, "p90"), (0.99, "p99")):
        pairs[name] = share, openers <= getattr(figures.time_to_open, name) * SECOND
    return {key: distance(mean, sample) for key, (mean, sample) in pairs.items()}


def distance(mean: float | None, sample: np.ndarray) -> float:
    assert mean is not None
    error = float(np.std(sample)) / math.sqrt(len(sample))
    return (
        (float(np.mean(sample)) - mean) / error if error else (0.0 if abs(np.mean(sample) - mean) < 1e-9 else math.inf)
    )


class Simulation:
    """Everybody at once: one array per state, infinite where it never comes."""

    def __init__(self, made: Model, steps: Chain, random: np.random.Generator) -> None:
        self.model, self.chain, self.random = made, steps, random
        self.horizon = int(made.scenario.horizon)
        self.reach = self._reach()
        self.factor = random.choice([1.8, 0.1, (1 - 0.54 - 0.02) / 0.5], PEOPLE, p=[0.3, 0.2, 0.5])
        self.stopped = np.full(PEOPLE, np.inf)
        nobody = np.full(PEOPLE, np.inf)
        self.found = Simulated(nobody, np.zeros(PEOPLE), np.zeros(PEOPLE), np.zeros(PEOPLE), np.zeros(PEOPLE))
        self._count("bought", "", self._event(0.2, half("5 h"), np.zeros(PEOPLE)), 0)

    def run(self) -> Simulated:
        now, sends = np.zeros(PEOPLE), []
        for number, step in enumerate(self.chain.sends, 1):
            (channel,) = step.channels
            goes = self.reach[channel] & (now < self.horizon) & ~(self.stopped <= now)
            self.found.messages += goes
            states = self._message(channel, any(channel in s.channels for s in sends), np.where(goes, now, np.inf))
            sends.append(step)
            self._bill(number, channel, goes, states)
            dispatched = self.found.first <= now
            self.found.duplicates += goes & dispatched
            for state, at in states.items():
                self._count(state, channel, at, number)
            if step.wait is not None:
                wait, early = step.wait.lasting, step.wait.undelivered_after
                late = states["delivered"] > now + (early if early is not None else np.inf)
                now = now + np.where(goes, np.where(late, early or 0, wait), 0)
        return self.found

    def _message(self, channel: str, resend: bool, at: np.ndarray) -> dict[str, np.ndarray]:
        states = {"delivered": self._stage(channel, "delivers", resend, at, 1.0)}
        verb: Verb = "answers" if channel == "call" else "opens"
        states["opened"] = self._stage(channel, verb, resend, states["delivered"], self.factor)
        for state, verb in (("clicked", "clicks"), ("replied", "replies"), ("unsubscribed", "unsubscribes")):  # type: ignore[assignment]
            if self.model.rate("all", channel, verb, resend) is not None:
                of = "delivered" if state == "replied" else "opened"
                states[state] = self._stage(channel, verb, resend, states[of], 1.0)
        return states

    def _stage(
        self, channel: str, verb: Verb, resend: bool, since: np.ndarray, factor: np.ndarray | float
    ) -> np.ndarray:
        found = self.model.rate("all", channel, verb, resend)
        return self._event(1.0, None, since) if found is None else self._event(found.share * factor, found.delay, since)

    def _event(self, share: np.ndarray | float, delay: Delay | None, since: np.ndarray) -> np.ndarray:
        at = since + np.maximum(1.0, np.ceil(drawn(delay, self.random.random(PEOPLE))))
        return np.where((self.random.random(PEOPLE) < share) & (at <= self.horizon), at, np.inf)

    def _count(self, state: str, channel: str, at: np.ndarray, number: int) -> None:
        """Notes what a state's times stop and cover."""
        named = Event(outside=state) if not number else None
        if is_in(self.model.goal[0], state, channel, named):
            self.found.first_step = np.where(at < self.found.first, number, self.found.first_step)
            self.found.first = np.minimum(self.found.first, at)
        reported = not number or state == "unsubscribed" or self.model.channel(channel).reports_state(
            "answered" if (state, channel) == ("opened", "call") else state)  # type: ignore[arg-type]  # fmt: skip
        if state == "unsubscribed" or (is_in(self.chain.stop_when, state, channel, named) and reported):
            self.stopped = np.minimum(self.stopped, at)

    def _bill(self, number: int, channel: str, goes: np.ndarray, states: dict[str, np.ndarray]) -> None:
        happened = {state: np.isfinite(at) for state, at in states.items()}
        cost = {
            "viber": lambda: 0.03 * goes,
            "sms": lambda: 0.04 * goes + 0.3 * happened["replied"],
            "call": lambda: 0.06 * happened["opened"],
        }[channel]()
        self.found.cost += cost
        step = {"sent": goes, "delivered": happened["delivered"], "opened": happened["opened"]}
        self.found.steps[number] = {**step, "cost": cost}

    def _reach(self) -> dict[str, np.ndarray]:
        """Viber and sms together as the segment says (57% have both), calls independently."""
        which = self.random.choice(4, PEOPLE, p=[0.57, 0.03, 0.33, 0.07])
        call = self.random.random(PEOPLE) < 0.8
        return {"viber": which < 2, "sms": (which == 0) | (which == 2), "call": call}


def drawn(delay: Delay | None, share: np.ndarray) -> np.ndarray | float:
    """The delays at these shares of their distribution."""
    if delay is None:
        return 0.0
    points = [(float(p), float(t)) for p, t in delay.points]
    if delay.shape == "fixed":
        return points[0][1]
    if delay.shape == "curve":
        return np.interp(share, [0.0, *(p for p, _ in points)], [0.0, *(t for _, t in points)])
    (p1, t1), (p2, t2) = points[0], points[-1]
    if delay.shape == "exponential":
        return -t1 / math.log(1 - p1) * -np.log(1 - share)
    if delay.shape == "weibull":
        shape = math.log(math.log(1 - p2) / math.log(1 - p1)) / math.log(t2 / t1)
        return t1 * (np.log(1 - share) / math.log(1 - p1)) ** (1 / shape)
    sigma = math.log(t2 / t1) / (stats.norm.ppf(p2) - stats.norm.ppf(p1))
    return t1 * np.exp(sigma * (stats.norm.ppf(share) - stats.norm.ppf(p1)))


def is_in(events: tuple[Event, ...], state: str, channel: str, outside: Event | None) -> bool:
    if outside is not None:
        return outside in events
    alike = {state, "answered"} if (state, channel) == ("opened", "call") else {state}
    return any(e.state in alike and e.channel in (None, channel) for e in events)


def test_a_wrong_model_is_told_apart() -> None:
    """The comparison has teeth: a median of 15 minutes to the open in place of 4 is seen."""
    made, steps = CASES["stops cover"]
    wrong = replace(VIBER, rates=(*VIBER.rates[:2], rate("opens", 0.45, half("15 min", "2 h")), *VIBER.rates[3:]))
    figures = evaluate(replace(made, channels=(wrong, SMS, CALL)), (Route("all", steps),)).segments[0].figures
    assert max(abs(z) for z in distances(made, figures, simulated("stops cover")).values()) > 2 * FAR
