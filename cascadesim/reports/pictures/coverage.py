"""Coverage over time, with the steps marked and the people still at risk under the axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cascadesim.reports import words
from cascadesim.reports.following import Curve
from cascadesim.reports.pictures.style import INK, SERIES, SOFT, TINY, drawing, percent, place, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_UNITS = ((4 * 86_400.0, 86_400.0, "days"), (3 * 3_600.0, 3_600.0, "hours"), (180.0, 60.0, "minutes"))


def coverage(curves: Sequence[Curve], ax: Axes | None = None) -> Axes:
    """The share of people covered by each age from entry; more than one curve are told apart by their lines.

    Marks are where half of a step's messages were out. Under the axis: how many people are not yet
    covered, as under survival curves. A dashed line is where covering ends to count.
    """
    with drawing(ax, 3.6 + 0.17 * len(curves)) as ax:
        last = max(map(_interesting, curves))
        size, unit = next(((size, unit) for least, size, unit in _UNITS if last >= least), (1.0, "seconds"))
        for number, curve in enumerate(curves):
            look = SERIES[number % len(SERIES)]
            ax.plot(curve.ages / size, curve.shares, linewidth=1.8, zorder=3, **look)
        top = max(float(curve.shares.max()) for curve in curves)
        ax.set_xlim(0, last / size)
        ax.set_ylim(0, min(1.18, top * 1.32 + 0.01))
        ax.yaxis.set_major_formatter(percent)
        ax.set_yticks([tick for tick in ax.get_yticks() if tick <= min(1.0, top * 1.15 + 0.01)])
        ax.set_title("Coverage over time")
        ax.set_ylabel("covered")
        _ticks(ax, last / size)
        _deadline(ax, curves, size, last)
        _risk(ax, curves, size, f"{unit} since entry")
        _names(ax, curves, size)
    return ax


def _ticks(ax: Axes, last: float) -> None:
    from matplotlib.ticker import MaxNLocator

    ax.set_xticks([tick for tick in MaxNLocator(8, integer=True).tick_values(0, last) if 0 <= tick <= last])


def _deadline(ax: Axes, curves: Sequence[Curve], size: float, last: float) -> None:
    deadline = curves[0].deadline
    if deadline < last:
        ax.axvline(deadline / size, color=SOFT, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)


def _risk(ax: Axes, curves: Sequence[Curve], size: float, label: str) -> None:
    """A row of figures for each curve, in the label of the axis: so that the layout makes room for it."""
    ax.tick_params(axis="x", length=3)
    ticks = ax.get_xticks()
    labels = []
    for tick in ticks:
        left = [words.count(c.people * (1 - float(np.interp(tick * size, c.ages, c.shares)))) for c in curves]
        labels.append("\n".join([f"{tick:g}", *left]))
    ax.set_xticks(ticks, labels)
    who = f", by line: {words.listed([short(curve.name, 22) for curve in curves])}" if len(curves) > 1 else ""
    ax.set_xlabel(f"{label}; under it: people not yet covered{who}", fontsize=TINY)


def _names(ax: Axes, curves: Sequence[Curve], size: float) -> None:
    labels = []
    deadline = curves[0].deadline
    for number, curve in enumerate(curves):
        at = min(deadline, ax.get_xlim()[1] * size)
        share = float(np.interp(at, curve.ages, curve.shares))
        name = words.share(share) if len(curves) == 1 else f"{short(curve.name, 26)} {words.share(share)}"
        labels.append((at / size, share, name, {"color": SERIES[number % len(SERIES)]["color"], "fontweight": "bold"}))
        ax.plot([at / size], [share], "o", markersize=4, color=SERIES[number % len(SERIES)]["color"], zorder=4)
    if deadline < float(curves[0].ages[-1]):
        span = words.span(deadline)
        labels.append((deadline / size, ax.get_ylim()[1] * 0.04, f"counts until {span}", {"color": SOFT}))
    for curve in curves:
        for channel, seconds in curve.marks:
            share = float(np.interp(seconds, curve.ages, curve.shares))
            ax.plot([seconds / size], [share], "v", markersize=5, color=INK, markerfacecolor="white", zorder=5)
            if len(curves) == 1:  # of several, who is who would take too many words
                labels.append((seconds / size, share, short(channel, 18), {"color": INK}))
    place(ax, labels)


def _interesting(curve: Curve) -> float:
    """Up to which age there is something to be seen: the deadline, the last step, most of what still comes."""
    most = curve.ages[np.searchsorted(curve.shares, 0.99 * curve.shares[-1])]
    wanted = max(1.15 * curve.deadline, 1.1 * float(most), *(1.1 * at for _, at in curve.marks), 1.0)
    return min(float(curve.ages[-1]), wanted)
