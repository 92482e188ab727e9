"""How good each search is over time: the median of all runs as a line, the middle half of them as a band."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from cascadesim.reports.pictures import style
from tests.benchmarks.search.race import OURS, START, TO_THE_END, Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LINES = (("-", "o"), ("--", "s"), ("-.", "^"), (":", "D"))
_LEAST = 1e-3  # percent: what is nearer is drawn there


def draw(results: Results, path: Path) -> None:
    """Writes the picture: distances to the optimum, and shares of the frontier."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(style.STYLE):
        figure = Figure(figsize=(9.6, 4.8), layout="constrained")
        figure.get_layout_engine().set(wspace=0.07)  # type: ignore[union-attr]
        left, right = figure.subplots(1, 2)
        _distances(left, results)
        _shares(right, results)
        runs = len(results.of(OURS, frontier=True))
        figure.supxlabel(
            f"Lines: medians of {runs} runs; bands: the middle half of them.", x=0.01, ha="left", fontsize=8.5,
            color=style.SOFT,
        )  # fmt: skip
        figure.savefig(path, dpi=110)


def _distances(ax: Axes, results: Results) -> None:
    names = [name for name in dict.fromkeys(run.searcher for run in results.optimum) if name != START]
    for place, name in enumerate(names):
        _line(ax, results, name, place, frontier=False)
    times = [proof.seconds for proof in results.proofs]
    _cross(ax, times, [_LEAST] * len(times), style.ACCENT, f"{OURS}, proven: median and range")
    ax.set_yscale("log")
    ax.set_ylim(bottom=0.8 * _LEAST)
    ax.yaxis.set_major_formatter(lambda value, _: f"{'≤ ' if value <= _LEAST else ''}{value:g}%")
    _dress(ax, results, "Distance to the optimum")


def _shares(ax: Axes, results: Results) -> None:
    names = [name for name in dict.fromkeys(run.searcher for run in results.frontier) if name not in (OURS, TO_THE_END)]
    for place, name in enumerate(names):
        _line(ax, results, name, place, frontier=True)
    for name, fill, label in (
        (OURS, "white", f"{OURS}, stopped: median and range"),
        (TO_THE_END, style.ACCENT, f"{OURS}, to the end"),
    ):
        runs = results.of(name, frontier=True)
        _cross(ax, [run.seconds for run in runs], [100 * run.result for run in runs], fill, label)
    ax.set_ylim(0, 103)
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:g}%")
    _dress(ax, results, "Levels of coverage at the least cost, to 1%")


def _cross(ax: Axes, across: Sequence[float], up: Sequence[float], fill: str, label: str) -> None:
    """The median of some points, with the range of each coordinate."""
    x, y = median(across), median(up)
    ax.errorbar(
        x, y, xerr=[[x - min(across)], [max(across) - x]], yerr=[[y - min(up)], [max(up) - y]], fmt="D",
        color=style.ACCENT, markerfacecolor=fill, markersize=7, elinewidth=1.4, capsize=3, clip_on=False, zorder=5,
        label=label,
    )  # fmt: skip


def _line(ax: Axes, results: Results, name: str, place: int, frontier: bool) -> None:
    curves = 100 * np.array([run.curve for run in results.of(name, frontier)])
    if not frontier:
        curves = np.clip(curves, _LEAST, 1e3)
    low, middle, high = np.quantile(curves, (0.25, 0.5, 0.75), axis=0)
    dashes, marker = _LINES[place % len(_LINES)]
    colour = (style.INK, style.SOFT, "#a15c2f")[place % 3]
    ax.fill_between(results.instants, low, high, color=colour, alpha=0.10, linewidth=0)
    ax.plot(
        results.instants, middle, dashes, color=colour, linewidth=1.4, marker=marker, markevery=(5 * place, 20),
        markersize=4.5, markerfacecolor="white", label=name,
    )  # fmt: skip


def _dress(ax: Axes, results: Results, title: str) -> None:
    ax.set_xscale("log")
    ax.set_xlim(right=max(results.seconds, ax.get_xlim()[1]))
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    ax.xaxis.set_minor_formatter("")
    ax.set_xlabel("seconds")
    ax.set_title(title)
    ax.legend(frameon=False, fontsize=8.5, loc="upper center", bbox_to_anchor=(0.45, -0.15), ncols=2)
