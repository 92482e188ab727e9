"""The instances that searches are measured on: campaigns with names, drawn from what channels are like.

An instance's name is its seed, so that nothing but its text decides what it is. Figures are drawn from ranges: what
vendors list for a message in Europe, and rates of opening as campaigns report them; no instance is anybody's campaign.
Three channels are apps that somebody has or has not, which makes eight reach patterns; with two kinds of people there
are sixteen classes. Who lacks another channel counts in its rate of delivery.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

WAITS = ("5 min", "30 min", "1 h", "3 h", "8 h", "1 day")


@dataclass(frozen=True)
class Profile:
    """What a channel is like, as ranges; `reach` is None for what everybody can be sent. Prices are in EUR."""

    delivers: tuple[float, float]
    opens: tuple[float, float]
    half_within: tuple[int, ...]  # minutes
    price: tuple[float, float]
    reach: tuple[float, float] | None = None


CHANNELS = {
    "push": Profile((85, 97), (6, 22), (2, 5, 12), (0.0001, 0.0006), reach=(25, 65)),
    "viber": Profile((90, 99), (35, 65), (4, 8, 15), (0.008, 0.03), reach=(20, 70)),
    "whatsapp": Profile((92, 99), (45, 75), (3, 6, 12), (0.03, 0.11), reach=(45, 90)),
    "email": Profile((92, 99), (14, 38), (40, 90, 180), (0.0002, 0.0015)),
    "inbox": Profile((60, 95), (4, 15), (120, 240), (0.0001, 0.0004)),
    "telegram": Profile((20, 55), (40, 70), (5, 10, 20), (0.006, 0.02)),
    "messenger": Profile((30, 60), (30, 55), (8, 15, 30), (0.004, 0.015)),
    "rcs": Profile((45, 80), (25, 55), (5, 10, 20), (0.015, 0.06)),
    "sms": Profile((93, 98.5), (25, 50), (5, 12, 25), (0.03, 0.09)),
    "call": Profile((55, 80), (30, 55), (1, 2), (0.05, 0.2)),
}
"""Ten channels; those of fewer are the first ones of `FEWER`."""

FEWER = ("push", "email", "viber", "sms", "whatsapp", "call", "rcs", "telegram", "messenger", "inbox")


@dataclass(frozen=True)
class Instance:
    """A campaign: what a person who is not covered costs (EUR), and by when one counts as covered."""

    name: str
    miss: float
    within: str = "2 days"


INSTANCES = (
    Instance("abandoned-basket", 0.08),
    Instance("appointment", 0.60),
    Instance("contract-renewal", 1.50),
    Instance("delivery-window", 0.25, "1 day"),
    Instance("event-tickets", 0.12),
    Instance("flight-moved", 0.90, "1 day"),
    Instance("loyalty-points", 0.03),
    Instance("new-terms", 0.20),
    Instance("payment-reminder", 0.40),
    Instance("satisfaction-survey", 0.05),
)


@dataclass(frozen=True)
class Size:
    """The space of a question: the plans of up to `steps` steps on so many channels, with so many waits."""

    channels: int = 10
    waits: int = 6
    steps: int = 5
    times: int = 1

    def __str__(self) -> str:
        repeats = "" if self.times == 1 else f", each up to {self.times} times"
        return f"{self.channels} channels x {self.waits} waits, up to {self.steps} steps{repeats}"


def script(instance: Instance, size: Size) -> str:
    """The instance as a script, with its question."""
    drawn = {name: _channel(instance, name) for name in CHANNELS}
    names = FEWER[: size.channels]
    share = random.Random(f"{instance.name}: kinds").randint(20, 45)
    return "\n".join([
        "cascade 1", "", "scenario", "    runs for 5 days", "",
        *(line for name in names for line in drawn[name]),
        "segment everyone", "    people    10k", f"    kinds     {share}% eager x1.3, the rest usual", "",
        *_question(instance, size, names), "",
    ])  # fmt: skip


def _channel(instance: Instance, name: str) -> list[str]:
    """A channel's block; it does not depend on which other channels there are."""
    draw, profile = random.Random(f"{instance.name}: {name}"), CHANNELS[name]
    half = draw.choice(profile.half_within)
    low, high = profile.price
    return [
        f"channel {name}",
        "    reaches   " + (f"{draw.uniform(*profile.reach):.0f}%" if profile.reach else "100%"),
        f"    delivers  {draw.uniform(*profile.delivers):.1f}%",
        f"    opens     {draw.uniform(*profile.opens):.1f}%, half within {half} min, "
        f"90% within {half * draw.randint(6, 20)} min",
        f"    costs     {low * (high / low) ** draw.random():.5f} EUR per message sent",
        "",
    ]


def _question(instance: Instance, size: Size, names: Sequence[str]) -> list[str]:
    repeats = [f"    repeat {name} up to {size.times} times" for name in names if size.times > 1]
    return [
        "optimize",
        f"    covered when opened within {instance.within}",
        "    maximize coverage",
        f"    choose from {', '.join(names)}",
        f"    steps 1 to {size.steps}",
        f"    waits {', '.join(WAITS[-size.waits :])}",
        *repeats,
    ]
