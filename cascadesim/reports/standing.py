"""How a campaign stands: its people, and its messages beside what the model forecasts for this very moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import RenderableType
from rich.text import Text

from cascadesim.live.sql import About
from cascadesim.live.sql.office import Entry
from cascadesim.plan import Plan
from cascadesim.reports import tables, words
from cascadesim.reports.beside import SHOWN, Line
from cascadesim.units import BILLION, SECOND

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = 8
_ENDS = {
    "paused": "It is paused: `cascadesim resume` lets it go on.",
    "cancelled": "It has been cancelled, and stays so.",
    "capped": "It has reached its cap: raise it by --cap-cost or --cap-messages, and run `cascadesim send` again.",
    "stopped": "It was stopped: the same command goes on where it was.",
    None: "Everybody's way has come to its end.",
}


@dataclass(frozen=True)
class Standing:
    """How it stands at an instant of the campaign. `people` counts them by state; `lines` are the steps."""

    about: About
    plan: Plan
    now: int
    people: dict[str, int]
    lines: tuple[Line, ...]
    cost: int
    reports: int
    log: tuple[Entry, ...] = ()
    unforeseen: str | None = None
    """Why there is no forecast."""

    @property
    def outside(self) -> list[Line]:
        """The lines whose figures have left what was forecast."""
        return [line for line in self.lines if line.is_outside]

    def to_json(self) -> dict[str, Any]:
        """As data: times in seconds, money in units of the currency."""
        return {
            "campaign": self.about.name,
            "plan_sha256": self.about.plan,
            "course": self.about.course,
            "seconds": self.now / SECOND,
            "people": {state: self.people.get(state, 0) for state in ("waiting", "queued", "done")},
            "cost": self.cost / BILLION,
            "receipts": self.reports,
            "lines": [line.to_json() for line in self.lines],
            "log": [entry._asdict() for entry in self.log],
        }


def standing_report(standing: Standing, ended: str | bool | None = False) -> Iterator[RenderableType]:
    """The campaign in a few lines, and the funnel; `ended` is why a run of it has just ended."""
    about, scenario = standing.about, standing.plan.model.scenario
    began = (_EPOCH + timedelta(microseconds=about.began)).astimezone(ZoneInfo(scenario.zone))
    since = f"begun {began:%Y-%m-%d %H:%M} {scenario.zone}, {words.span(standing.now / SECOND)} ago"
    if standing.now < 0:
        since = f"begins {began:%Y-%m-%d %H:%M} {scenario.zone}"
    yield Text.assemble((f"The campaign {about.name}", "bold"), f": {about.course}, {since}")
    total, done = sum(standing.people.values()), standing.people.get("done", 0)
    cost = words.money(standing.cost / BILLION, scenario.currency)
    yield Text(f"{total:,} people, {done:,} of them at the end of their way; {cost} so far")
    if standing.now >= 0:
        yield _funnel(standing)
    if standing.outside:
        yield Text("\n".join(line.warning for line in standing.outside), tables.BAD)
    if not standing.reports and any(line.so_far for line in standing.lines):
        hint = "no receipts have come in yet: `cascadesim senders listen` says how they do; the console sends none"
        yield Text(f"Nothing is known of what became of messages: {hint}.", tables.QUIET)
    if standing.unforeseen is not None:
        yield Text(standing.unforeseen, tables.QUIET)
    if standing.log:
        yield _log(standing.log)
    if ended in _ENDS:
        yield Text(_ENDS[ended])


def _funnel(standing: Standing) -> RenderableType:
    """A row a step, each figure beside what is forecast of it for now: `7 to 25`, or what is expected."""
    columns = [column for state in SHOWN for column in (state, "forecast")]
    made = tables.table("segment", "step", "channel", *columns, left=3)
    before = None
    for (segment, step, channel), lines in groupby(standing.lines, key=lambda line: line[:3]):
        if before not in (None, segment):
            made.add_section()
        cells: dict[str, tuple[Text, str]] = {line.state: _figure(line) for line in lines}
        figures = [cell for state in SHOWN for cell in cells.get(state, ("", ""))]
        made.add_row("" if segment == before else segment, str(step), channel, *figures)
        before = segment
    return tables.titled("Step by step", made)


def _log(entries: Sequence[Entry]) -> RenderableType:
    made = tables.table("when", "who", "what was ordered", left=3)
    for entry in entries[-_LAST:]:
        made.add_row(entry.at.replace("T", " ").replace("+00:00", " UTC"), entry.who, entry.what)
    return tables.titled("The last orders", made)


def _figure(line: Line) -> tuple[Text, str]:
    figure = Text(words.count(line.so_far), tables.BAD if line.is_outside else "")
    if line.low is None or line.high is None:
        return figure, words.count(line.mean)
    return figure, f"{words.count(line.low)} to {words.count(line.high)}"
