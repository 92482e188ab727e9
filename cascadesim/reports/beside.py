"""The forecast for a moment of a running campaign: the plan simulated for the very people in it, up to now.

People who entered at about the same time are simulated together, for as long as they have been there. With limits of
throughput that several such groups share, the forecast leaves out that they wait for each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, NamedTuple, get_args

from scipy.stats import binom

from cascadesim.contacts import Contact
from cascadesim.engines.case import Case
from cascadesim.engines.simulate import simulate
from cascadesim.live.rows import MessageState
from cascadesim.live.sql.history import Count
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model
from cascadesim.model.person import Person
from cascadesim.model.segment import Contacts
from cascadesim.plan import Plan
from cascadesim.units import Duration

_GROUPS = 8
_REPLICATIONS = 20
_BETWEEN = 0.999
"""Of a thousand figures one falls outside by chance."""

SHOWN = ("sent", "delivered", "opened")


class Line(NamedTuple):
    """One figure of a step: how many messages are known to have got there, beside the forecast for now."""

    segment: str
    step: int
    channel: str
    state: str
    so_far: int
    mean: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_outside(self) -> bool:
        """Whether reality has left what the model allows for."""
        return self.low is not None and self.high is not None and not self.low <= self.so_far <= self.high

    @property
    def warning(self) -> str:
        """What is the matter, in a sentence."""
        way = "fewer" if self.low is not None and self.so_far < self.low else "more"
        return (
            f"{self.segment}, step {self.step}: {self.so_far:,} {self.state} on {self.channel}, {way} than the"
            f" {self.low:,.0f} to {self.high:,.0f} that the plan's rates allow for"
        )

    def to_json(self) -> dict[str, Any]:
        """As data."""
        data = dict(zip(("segment", "step", "channel", "state", "count"), self[:5], strict=True))
        return data | {"forecast": {"mean": self.mean, "low": self.low, "high": self.high}, "outside": self.is_outside}


def lines_of(plan: Plan, counts: Sequence[Count], first_route: int, forecast: Forecast | None) -> tuple[Line, ...]:
    """The steps of the plan in force, segment by segment. `first_route` is the number of its first entry.

    As long as nothing at all has been reported, nothing is said of what should have been.
    """
    is_heard = any(not _is_handed(count.state) for count in counts)
    found: Counter[tuple[str, int, str, str]] = Counter()
    for count in counts:
        if count.route >= first_route:
            segment = plan.segments[count.route - first_route].segment
            for state in _shown_as(count.state):
                found[segment, count.step, count.channel, state] += count.people
    lines = []
    for segment in plan.names:
        for step, channel in _steps(plan, segment):
            for state in SHOWN:
                if state == "sent" or _is_reported(plan.model.channel(channel), state):
                    place = (segment, step, channel, state)
                    foreseen = _forecast(forecast, place)
                    known = foreseen if is_heard or state == "sent" else (foreseen[0], None, None)
                    lines.append(Line(*place, found[place], *known))
    return tuple(lines)


@dataclass(frozen=True)
class Forecast:
    """Expected numbers by (segment, step, channel, state), and how many people each segment has."""

    means: dict[tuple[str, int, str, str], float]
    people: Counter[str]


def forecast_now(plan: Plan, people: Iterable[Person], now: int) -> Forecast:
    """What the model expects of these people by the instant `now`."""
    everybody = sorted(people, key=lambda person: person.entry)
    means: dict[tuple[str, int, str, str], float] = {}
    for group in _groups(everybody):
        entry = sum(person.entry for person in group) // len(group)
        lasted = min(now - entry, int(plan.model.scenario.horizon))
        if lasted > 0:
            for place, mean in _simulated(plan, group, entry, lasted).items():
                means[place] = means.get(place, 0.0) + mean
    return Forecast(means, Counter(person.segment for person in everybody))


def _groups(people: Sequence[Person]) -> Iterable[Sequence[Person]]:
    """Those of one instant together, if there are few such instants; else as many equal parts."""
    instants = sorted({person.entry for person in people})
    if len(instants) <= _GROUPS:
        return [[p for p in people if p.entry == at] for at in instants]
    size = -(-len(people) // _GROUPS)
    return [people[at : at + size] for at in range(0, len(people), size)]


def _simulated(plan: Plan, group: Sequence[Person], entry: int, lasted: int) -> dict[tuple[str, int, str, str], float]:
    contacts: dict[str, list[Contact]] = {name: [] for name in plan.names}
    for person in sorted(group, key=lambda person: person.id):
        contacts[person.segment].append(Contact(person.id, _cells(plan.model, person)))
    model = _of_contacts(plan.model, entry, lasted)
    outcome = simulate(model, [Case("live", plan.routes())], contacts=contacts, replications=_REPLICATIONS)
    found: dict[tuple[str, int, str, str], float] = {}
    for segment in outcome.chains[0].segments:
        for step in segment.figures.steps:
            for state in SHOWN:
                found[segment.segment, step.step, step.channel, state] = getattr(step, state).mean or 0.0
    return found


def _cells(model: Model, person: Person) -> dict[str, str]:
    """The person's cells, with addresses on those channels alone that reach them."""
    cells = dict(person.columns)
    for channel in model.channels:
        cells[channel.column] = (cells.get(channel.column) or "-") if channel.name in person.reach else ""
    return cells


def _of_contacts(model: Model, entry: int, lasted: int) -> Model:
    starts = model.scenario.starts
    scenario = replace(
        model.scenario,
        horizon=Duration(lasted),
        starts=None if starts is None else starts + timedelta(microseconds=entry),
    )
    everybody = tuple(replace(segment, people=Contacts("")) for segment in model.segments)
    return replace(model, scenario=scenario, segments=everybody)


def _forecast(forecast: Forecast | None, place: tuple[str, int, str, str]) -> tuple[float | None, ...]:
    if forecast is None:
        return (None, None, None)
    mean, people = forecast.means.get(place, 0.0), forecast.people[place[0]]
    if not people:
        return (0.0, 0.0, 0.0)
    # People are independent: with equal chances for all of them a count varies at least as much as with their own.
    low, high = binom.interval(_BETWEEN, people, min(1.0, mean / people))
    return (mean, float(low), float(high))


def _steps(plan: Plan, segment: str) -> list[tuple[int, str]]:
    steps = {
        (number, channel)
        for entry in plan.entries(segment)
        for number, send in enumerate(entry.chain.sends, 1)
        for channel in send.channels
    }
    return sorted(steps)


def _is_reported(channel: Channel, state: str) -> bool:
    if state == "delivered":
        return channel.reports_state("delivered")
    return channel.reports_state("opened") or channel.reports_state("answered")


def _is_handed(state: str) -> bool:
    """Whether it is what the sender said, and no report."""
    return state in get_args(MessageState)


def _shown_as(state: str) -> tuple[str, ...]:
    if _is_handed(state):
        return ("sent",)
    return ("opened",) if state == "answered" else (state,) if state in SHOWN else ()
