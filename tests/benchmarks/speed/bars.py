"""What was measured beside what was promised, as a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from rich.console import Group, RenderableType
from rich.text import Text

from cascadesim.reports import tables, words
from tests.benchmarks.speed.bare import Bare
from tests.benchmarks.speed.engine import BesideSimPy
from tests.benchmarks.speed.figures import Figures
from tests.benchmarks.speed.growth import Curve

_MILLION, _GIGABYTE = 1e6, 1e9


class Unit(NamedTuple):
    """How a figure is written; of some, less is better."""

    pattern: str
    less_is_better: bool = False

    def __call__(self, value: float) -> str:
        return self.pattern.format(value)


PEOPLE, PLANS, BLOCKS = (Unit("{:,.1f} M " + what + "/s") for what in ("people", "plans", "blocks"))
TIMES = Unit("{:,.0f} x")
SECONDS, GIGABYTES = Unit("{:.2f} s", less_is_better=True), Unit("{:.2f} GB", less_is_better=True)


@dataclass(frozen=True)
class Bar:
    """A figure and what it is to reach; without a bar it stands beside those that have one."""

    what: str
    measured: float
    unit: Unit
    bar: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the bar is reached: from 1 on it is met."""
        if self.bar is None:
            return None
        return self.bar / self.measured if self.unit.less_is_better else self.measured / self.bar


def bars(figures: Figures) -> dict[str, list[Bar]]:
    """The rows of the table, under the headings of its parts."""
    free, bare = figures.unlimited, figures.bare
    fast = min(20.0, 0.1 * bare.words_by_two / _MILLION)
    return {
        "Compiled, limits and quiet hours, one thread": list(_limited(figures)),
        "Compiled, no limits, two threads": [
            Bar(f"{free.people:,} people, quiet hours", _rate(free.people, free.quiet_hours), PEOPLE, fast),
            Bar(f"{free.people:,} people, no quiet hours", _rate(free.people, free.no_quiet_hours), PEOPLE, fast),
        ],
        "Exact, one class of people, two threads": [
            Bar("five of eight channels, six waits", figures.plans / _MILLION, PLANS, 15.0),
        ],
        "Starting a command, code compiled": [
            Bar(f"cascadesim {command}", taken, SECONDS, 1.0 if command == "simulate" else 0.3)
            for command, taken in figures.starts.items()
        ],
        "Bare Philox, blocks of four words": list(_bare(bare)),
    }


def _limited(figures: Figures) -> Iterator[Bar]:
    it, many = figures.beside_simpy, figures.many
    fast = min(4.0, 0.02 * figures.bare.words / _MILLION)
    yield Bar(f"{it.people:,} people", _rate(it.people, it.compiled), PEOPLE, fast)
    yield from _beside_simpy(it)
    if many is not None:
        yield Bar(f"{many.people:,} people", _rate(many.people, many.seconds), PEOPLE, fast)
        yield Bar("their peak memory", many.peak_memory / _GIGABYTE, GIGABYTES, 1.5)


def _beside_simpy(it: BesideSimPy) -> Iterator[Bar]:
    if it.idiomatic is not None and it.idiomatic_uncollected is not None:
        yield Bar(f"faster than idiomatic SimPy ({it.idiomatic:.2f} s)", it.idiomatic / it.compiled, TIMES, 850)
        yield Bar("the same, its garbage collector off", it.idiomatic_uncollected / it.compiled, TIMES)
    yield Bar(f"faster than the leanest SimPy ({it.leanest:.2f} s)", it.leanest / it.compiled, TIMES, 75)
    yield Bar("the same, its garbage collector off", it.leanest_uncollected / it.compiled, TIMES)


def _bare(it: Bare) -> Iterator[Bar]:
    yield Bar("words, one thread", it.words / _MILLION, BLOCKS)
    yield Bar("words, two threads", it.words_by_two / _MILLION, BLOCKS)
    yield Bar("uniform numbers, one thread", it.uniforms / _MILLION, BLOCKS)
    yield Bar("uniform numbers, two threads", it.uniforms_by_two / _MILLION, BLOCKS)


def _rate(people: int, seconds: float) -> float:
    return people / seconds / _MILLION


def table(figures: Figures) -> RenderableType:
    """All rows, each with how many times it reaches its bar; 1 meets it."""
    made = tables.table("what", "measured", "bar", "of the bar")
    for heading, rows in bars(figures).items():
        made.add_row(Text(heading, "bold"))
        for row in rows:
            bar = "" if row.bar is None else row.unit(row.bar)
            made.add_row(f"  {row.what}", row.unit(row.measured), bar, _verdict(row.ratio))
        made.add_section()
    notes = (Text(note, tables.QUIET) for note in _notes(figures))
    return Group(tables.titled(str(figures.machine), made), *notes)


def _notes(figures: Figures) -> Iterator[str]:
    it, others = figures.beside_simpy, figures.others
    found = f"{it.messages:,} messages to {it.people:,} people, of whom {it.covered:,} are covered"
    yield f"The SimPy models find what the compiled engine finds, step for step: {found}."
    if others is not None and others > 0.02:
        yield f"Other processes had {words.share(others)} of the machine's time meanwhile: alone it does better."


def _verdict(ratio: float | None) -> Text:
    if ratio is None:
        return Text("")
    return Text(f"{ratio:.2f} met", tables.BEST) if ratio >= 1 else Text(f"{ratio:.2f} missed", tables.BAD)


def growth_table(curve: Curve) -> RenderableType:
    """How time grows with one thing: a column a size, in milliseconds."""
    made = tables.table(curve.what, *(f"{size:,}" for size in curve.sizes))
    for name, seconds in (("limits, ms", curve.limited), ("no limits, ms", curve.unlimited)):
        made.add_row(name, *(f"{1000 * s:,.{1 if s < 0.1 else 0}f}" for s in seconds))
    return made
