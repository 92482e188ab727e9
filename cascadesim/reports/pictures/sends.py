"""What goes out in each hour, channel by channel, against what its limit lets out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
from matplotlib import dates

from cascadesim.model.model import Scenario
from cascadesim.reports import words
from cascadesim.reports.following import Sending
from cascadesim.reports.pictures.style import ACCENT, FAINT, INK, SMALL, SOFT, WARM, drawing, footnote, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_dates: Any = dates  # its functions have no types
_TALL = 0.62
_NEAR = 0.05
"""A limit over twenty times the busiest hour is not drawn: the hour would be nothing beside it."""


def sends(sendings: Sequence[Sending], scenario: Scenario, ax: Axes | None = None) -> Axes:
    """A row for each channel, each on its own scale: its busiest hour, or its limit (a line) where that is near.

    Hours are of the wall clock in the scenario's zone where the campaign has a start, else since the start.
    """
    rows = [s for s in sendings if s.per_hour.any()]
    with drawing(ax, 1.3 + 0.62 * max(1, len(rows))) as ax:
        hours = max((len(s.per_hour) for s in rows), default=1)
        times = _times(scenario, hours + 1)
        for row, sending in enumerate(rows):
            _row(ax, len(rows) - 1 - row, sending, times)
        ax.set_ylim(-0.2, len(rows) - 0.02)
        ax.set_yticks([len(rows) - 1 - n + 0.02 for n in range(len(rows))], [short(s.channel, 22) for s in rows])
        for label in ax.get_yticklabels():
            label.set_verticalalignment("bottom")
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.grid(axis="y", visible=False)
        ax.set_xlim(times[0], times[-1])
        ax.set_title("Messages per hour, each channel on its own scale")
        if scenario.starts is None:
            ax.set_xlabel("hours since the campaign's start")
        else:
            locator = _dates.AutoDateLocator(tz=ZoneInfo(scenario.zone), minticks=3, maxticks=9)
            ax.xaxis.set_major_locator(locator)
            ax.xaxis.set_major_formatter(_dates.ConciseDateFormatter(locator, tz=ZoneInfo(scenario.zone)))
            ax.set_xlabel(f"time in {scenario.zone}")
        if any(s.limit is not None for s in rows):
            footnote(
                ax,
                "A dashed line is what the channel's limit lets out in an hour; where none is drawn, the limit "
                "is more than twenty times the busiest hour, or there is none.",
                38,
            )
    return ax


def _times(scenario: Scenario, count: int) -> Any:
    if scenario.starts is None:
        return np.arange(count, dtype=float)
    begin = scenario.starts.replace(tzinfo=ZoneInfo(scenario.zone))
    utc = begin.astimezone(ZoneInfo("UTC"))
    return [utc + timedelta(hours=hour) for hour in range(count)]


def _row(ax: Axes, base: int, sending: Sending, times: Any) -> None:
    most, limit = float(sending.per_hour.max()), sending.limit
    is_near = limit is not None and most > _NEAR * limit
    scale = _TALL / max(most, limit if is_near and limit is not None else 0.0)
    edges = times[: len(sending.per_hour) + 1]
    ax.stairs(base + sending.per_hour * scale, _numbers(edges), baseline=base, fill=True, color=ACCENT, zorder=3)
    ax.axhline(base, color=FAINT, linewidth=0.8, zorder=1)
    told = f"busiest hour {words.count(most)}"
    if limit is not None and is_near:
        ax.axhline(base + limit * scale, color=WARM, linewidth=1.1, linestyle=(0, (4, 2)), zorder=4)
    if limit is not None:
        told += f", limit {words.count(limit)}"
    ax.text(
        1.0, base + _TALL + 0.05, told, transform=ax.get_yaxis_transform(), ha="right", va="bottom", fontsize=SMALL,
        color=INK if is_near else SOFT,
    )  # fmt: skip


def _numbers(edges: Any) -> Any:
    return edges if isinstance(edges, np.ndarray) else _dates.date2num(edges)
