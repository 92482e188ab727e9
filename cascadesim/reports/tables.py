"""Outcomes and plans as tables for a terminal, narrow enough for 100 columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.measure import Measurement
from rich.table import Column, Table
from rich.text import Text

from cascadesim.engines.outcome import ChainOutcome, Estimate, Figures
from cascadesim.reports import words

Word = Callable[[float | None, float | None], str]
"""How a figure is written, and how its margin of error is written beside it."""
QUIET = "dim"
"""The style of what explains, as against what is told."""
BEST = "bold green"
"""The style of what was chosen."""
BAD = "bold red"
"""The style of what must not be overlooked."""

_SHORT_WORD = 8
"""To this many characters a column of words may be folded."""


def table(*columns: str, left: int = 1) -> Table:
    """An empty table in the house style; `left` columns hold words, the others figures."""
    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, collapse_padding=True)
    for place, name in enumerate(columns):
        if place < left:
            made.add_column(name, vertical="top", overflow="fold")
        else:
            made.add_column(name, justify="right", vertical="top", no_wrap=True)
    return made


def titled(title: str, made: Table) -> Group:
    """The table under its title, which may be longer than the table is wide."""
    return Group(Text(title, "bold"), made)


def needed(console: Console, thing: RenderableType) -> int:
    """How wide the tables in it must be, lest figures lose their digits or words their column.

    On a narrower screen a terminal breaks the lines, which can be read; half a figure cannot.
    """
    if isinstance(thing, Group):
        return max((needed(console, part) for part in thing.renderables), default=0)
    if not isinstance(thing, Table):
        return 0
    return sum(_widest(console, column) for column in thing.columns) + 2 * (len(thing.columns) - 1)


def _widest(console: Console, column: Column) -> int:
    unbound = console.options.update(max_width=1000)
    widest = max(Measurement.get(console, unbound, cell).maximum for cell in (column.header, *column.cells))
    return widest if column.no_wrap else min(widest, _SHORT_WORD)


def comparison(outcomes: Sequence[ChainOutcome], currency: str, title: str) -> Group:
    """What several chains come to, one row a chain."""
    made = _figures_table("chain", currency)
    for outcome in outcomes:
        made.add_row(outcome.chain, *_figures(outcome.total))
    return titled(title, made)


def segments(outcome: ChainOutcome, currency: str, title: str) -> Group:
    """What a chain comes to in each segment and in all."""
    made = _figures_table("segment", currency, "people")
    for segment in outcome.segments:
        made.add_row(segment.segment, words.count(segment.people), *_figures(segment.figures))
    if len(outcome.segments) > 1:
        made.add_section()
        people = sum(segment.people for segment in outcome.segments)
        made.add_row("all", words.count(people), *_figures(outcome.total))
    return titled(title, made)


def steps(figures: Figures, currency: str, title: str) -> Group:
    """What becomes of each step's messages, in expected numbers of people."""
    headers = ("step", "channel", "sent", "delivered", "opened", "opened\nfirst", currency, "90%\nqueue under")
    made = table(*headers, left=2)
    for step in figures.steps:
        counts = (step.sent, step.delivered, step.opened, step.first_opens)
        made.add_row(
            str(step.step),
            step.channel,
            *(words.count(e.mean) for e in counts),
            words.amount(step.cost.mean),
            words.NOTHING if not step.queue_p90 else words.span(step.queue_p90),
        )
    return titled(title, made)


def estimate(figure: Estimate, word: Word) -> Text:
    """A figure; where it has an interval, half the interval's width on a second, quieter line."""
    text = Text(word(figure.mean, None))
    if figure.low is not None and figure.high is not None and figure.high > figure.low:
        text.append(f"\n±{word((figure.high - figure.low) / 2, figure.mean)}", QUIET)
    return text


def interval(figure: Estimate, word: Word) -> str:
    """The interval's ends; a dash where there is none."""
    if figure.low is None or figure.high is None:
        return words.NOTHING
    return f"{word(figure.low, None)} to {word(figure.high, None)}"


def _figures_table(subject: str, currency: str, *more: str) -> Table:
    per_person, per_covered = f"{currency} per\nperson", f"{currency} per\ncovered"
    headers = (*more, "coverage", per_person, per_covered, f"{currency}\nin all", "messages\neach")
    return table(subject, *headers, "half of\nopeners", "90% of\nopeners")


def _figures(figures: Figures) -> Iterable[Text | str]:
    yield estimate(figures.coverage, words.share)
    yield estimate(figures.cost_per_person, words.amount)
    yield estimate(figures.cost_per_covered, words.amount)
    yield estimate(figures.cost, words.amount)
    yield estimate(figures.messages_per_person, words.number)
    yield words.span(figures.time_to_open.p50)
    yield words.span(figures.time_to_open.p90)
