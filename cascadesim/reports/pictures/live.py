"""The forecast beside what is known of a running campaign, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cascadesim.reports import words
from cascadesim.reports.pictures.style import ACCENT, INK, SMALL, SOFT, WARM, drawing, key, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from cascadesim.reports.beside import Line


def live(counts: Sequence[Line], ax: Axes | None = None) -> Axes:
    """A row for each count: the forecast as a bar from low to high with its mean, the live count as a point.

    A point outside its bar is a filled square, and is named: the model does not hold there.
    """
    from matplotlib.lines import Line2D

    names = {c.segment for c in counts}
    with drawing(ax, 1.35 + 0.25 * max(2, len(counts))) as ax:
        most = max((max(c.so_far, c.high or 0.0) for c in counts), default=1.0) or 1.0
        for row, one in enumerate(counts):
            _row(ax, row, one, most)
        ax.set_yticks(range(len(counts)), [_label(c, len(names) > 1) for c in counts])
        ax.set_ylim(len(counts) - 0.4, -0.6)
        ax.set_xlim(0, 1.2 * most)
        ax.grid(axis="y", visible=False)
        ax.set_title("Forecast and reality, up to now")
        ax.set_xlabel("messages")
        parts = [
            Line2D([], [], color="#9fb4ad", linewidth=6, label="forecast, 99.9%"),
            Line2D([], [], color=INK, marker="o", markerfacecolor="white", linestyle="", label="live, as forecast"),
            Line2D([], [], color=WARM, marker="s", linestyle="", label="live, outside"),
        ]
        key(ax, parts)
    return ax


def _row(ax: Axes, row: int, one: Line, most: float) -> None:
    if one.mean is not None and one.low is not None and one.high is not None:
        ax.barh(row, one.high - one.low, 0.5, left=one.low, color="#9fb4ad", zorder=2)
        ax.plot([one.mean, one.mean], [row - 0.25, row + 0.25], color=ACCENT, linewidth=1.4, zorder=3)
    look: dict[str, Any] = (
        {"color": WARM, "marker": "s"} if one.is_outside else {"color": INK, "marker": "o", "markerfacecolor": "white"}
    )
    ax.plot([one.so_far], [row], markersize=5, linestyle="", zorder=4, **look)
    told = words.count(one.so_far)
    if one.is_outside and one.mean is not None:
        told += f", not {words.count(one.mean)}"
    right = max(one.so_far, one.high or 0.0) + 0.02 * most
    ax.text(
        right,
        row,
        told,
        va="center",
        fontsize=SMALL,
        color=WARM if one.is_outside else SOFT,
        fontweight="bold" if one.is_outside else "normal",
    )


def _label(one: Line, several: bool) -> str:
    whose = f"{short(one.segment, 16)}, " if several else ""
    return f"{whose}{one.step} {short(one.channel, 14)}, {one.state}"
