"""The cascade as a flow: how many go on, stop or are skipped at each step, and at what cost."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from cascadesim.reports import words
from cascadesim.reports.following import Flow, FlowStep
from cascadesim.reports.pictures.style import (
    ACCENT,
    FAINT,
    HATCH,
    INK,
    PALE,
    SMALL,
    SOFT,
    TINY,
    bare,
    drawing,
    short,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW, _BAR = 1.0, 0.34
_COLUMNS = (1.13, 1.28, 1.43, 1.58)
"""Where figures stand to the right of the bars, which are from 0 to 1: right-aligned."""


def flow(shown: Flow, ax: Axes | None = None, *, currency: str) -> Axes:
    """One row a step, from the top down. A bar is as long as the share of people who get to the step.

    Its dark part are those who first react to this step's message, the middle those who get it otherwise; hatched are
    those whom it skips. Between two steps the shape narrows by those who go no further. Where a chain branches, only
    what was sent is known, and bars stand alone.
    """
    count = len(shown.steps)
    with drawing(ax, 1.15 + 0.62 * max(count, 1)) as ax:
        bare(ax)
        ax.set_xlim(0, _COLUMNS[-1] + 0.005)
        ax.set_ylim(count + 0.55, -0.75)
        ax.set_title(
            f"{short(shown.name, 48)}: {words.count(shown.people)} people, {words.share(shown.covered)} covered"
        )
        _head(ax, currency)
        for row, step in enumerate(shown.steps):
            _step(ax, row, step, shown.people or 1.0)
        for row, (step, following) in enumerate(pairwise(shown.steps)):
            if step.came is not None and following.came is not None:
                _narrowing(ax, row, step.came / (shown.people or 1.0), following.came / (shown.people or 1.0))
        _key(ax, count, any(step.came is not None for step in shown.steps))
    return ax


def _head(ax: Axes, currency: str) -> None:
    for x, name in zip(_COLUMNS, ("sent", "skipped", "stop here", currency), strict=True):
        ax.text(x, -0.52, name, ha="right", va="bottom", fontsize=SMALL, color=SOFT)


def _step(ax: Axes, row: int, step: FlowStep, people: float) -> None:
    y = row * _ROW
    ax.text(0, y - 0.06, _label(step), ha="left", va="bottom", fontsize=SMALL, color=INK)
    first, sent = min(step.covered, step.sent) / people, step.sent / people
    skipped = (step.skipped or 0.0) / people
    ax.barh(y + _BAR / 2, first, _BAR, color=ACCENT, zorder=3)
    ax.barh(y + _BAR / 2, sent - first, _BAR, left=first, color="#9fb4ad", zorder=3)
    ax.barh(y + _BAR / 2, skipped, _BAR, left=sent, color="white", edgecolor=SOFT, hatch=HATCH, linewidth=0.5, zorder=3)
    texts = (words.count(step.sent), words.count(step.skipped), words.count(step.stopped), words.amount(step.cost))
    for x, text in zip(_COLUMNS, texts, strict=True):
        ax.text(x, y + _BAR / 2, text, ha="right", va="center", fontsize=SMALL, color=INK)


def _label(step: FlowStep) -> str:
    """`2  push and email, wait 3 h`: what is sent, and how long is waited for an answer."""
    wait = step.send.wait
    waited = "" if wait is None else f", then {wait.lasting}"
    if wait is not None and wait.undelivered_after is not None:
        waited += f" ({wait.undelivered_after} if undelivered)"
    return f"{step.number}  {short(words.listed(step.send.channels), 40)}{waited}"


def _narrowing(ax: Axes, row: int, came: float, following: float) -> None:
    top, bottom = row * _ROW + _BAR, (row + 1) * _ROW
    ax.fill([0, came, following, 0], [top, top, bottom, bottom], color=PALE, zorder=1, linewidth=0)


def _key(ax: Axes, count: int, is_straight: bool) -> None:
    parts: list[tuple[str, dict[str, Any]]] = [
        ("covered first by it", {"color": ACCENT}),
        ("sent to besides", {"color": "#9fb4ad"}),
    ]
    hatched: dict[str, Any] = {"facecolor": "white", "edgecolor": SOFT, "hatch": HATCH, "linewidth": 0.5}
    x, y = 0.0, count * _ROW + 0.12
    for name, look in [*parts, ("not reached: skipped", hatched)] if is_straight else parts:
        ax.barh(y, 0.03, 0.2, left=x, **look)
        ax.text(x + 0.042, y, name, ha="left", va="center", fontsize=TINY, color=SOFT)
        x += 0.062 + 0.0125 * len(name)
    ax.axhline(count * _ROW - 0.15, color=FAINT, linewidth=0.6)
