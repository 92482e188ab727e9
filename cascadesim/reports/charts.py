"""Pictures: a quiet house style that is read in grey as well. Matplotlib is imported when one is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cascadesim.engines.outcome import ChainOutcome, Estimate
from cascadesim.reports import words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from cascadesim.optimizer import Answer

_INK, _SOFT, _FAINT, _ACCENT = "#1f2933", "#6b7785", "#d5dbe1", "#0b6e4f"
_LETTER = 0.011  # of the axes' width, roughly: how much of it a letter takes
_STYLE: dict[Any, Any] = {
    "font.size": 9.5, "font.family": "sans-serif", "text.color": _INK, "axes.labelcolor": _INK,
    "axes.edgecolor": _SOFT, "axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True,
    "axes.grid": True, "grid.color": _FAINT, "grid.linewidth": 0.6, "xtick.color": _SOFT, "ytick.color": _SOFT,
    "axes.titlelocation": "left", "axes.titlesize": 11, "axes.titleweight": "bold", "axes.titlepad": 12,
}  # fmt: skip


def frontier(
    answer: Answer, compared: Sequence[ChainOutcome] = (), ax: Axes | None = None, *, currency: str | None = None
) -> Axes:
    """What coverage costs: the frontier of plans, the plan chosen, and the chains it is compared with.

    Each point of the staircase is a plan (for several segments: one for each) that no other beats in coverage and
    in cost per person, both. Chains carry their 95% intervals as crosses. A new figure is made where `ax` is None.
    """
    import matplotlib.pyplot as plt

    with plt.rc_context(_STYLE):
        if ax is None:
            _, ax = plt.subplots(figsize=(7.2, 4.4), layout="constrained")
        _draw_frontier(ax, answer)
        _draw_chosen(ax, answer)
        for chain in compared:
            _draw_chain(ax, chain)
        ax.set_title("What coverage costs")
        ax.set_xlabel("cost per person" + (f", {currency}" if currency else ""))
        ax.set_ylabel("coverage")
        ax.yaxis.set_major_formatter(lambda value, _: f"{100 * value:g}%")
        ax.margins(x=0.1, y=0.12)
        ax.set_xlim(0, 1.1 * ax.get_xlim()[1])  # names below the frontier are to the right of their points
        ax.set_ylim(bottom=max(0.0, ax.get_ylim()[0]))
        _label_points(ax, answer, compared)
        if answer.set_aside:
            _footnote(ax, f"Plans without {words.listed(answer.set_aside)}.")
    return ax


def _draw_frontier(ax: Axes, answer: Answer) -> None:
    costs = [point.cost_per_person for point in answer.frontier]
    coverages = [point.coverage for point in answer.frontier]
    ax.step(costs, coverages, where="post", color=_SOFT, linewidth=1.1, zorder=2)
    ax.plot(costs, coverages, "o", color=_SOFT, markersize=3.2, zorder=3, clip_on=False)


def _draw_chosen(ax: Axes, answer: Answer) -> None:
    at = answer.total.cost_per_person, answer.total.coverage
    ax.plot(*at, "D", color=_ACCENT, markersize=8.5, markeredgecolor="white", zorder=5)


def _draw_chain(ax: Axes, chain: ChainOutcome) -> None:
    x, y = chain.total.cost_per_person, chain.total.coverage
    if x.mean is None or y.mean is None:
        return
    ax.errorbar(
        x.mean, y.mean, xerr=_margin(x), yerr=_margin(y), fmt="s", color=_INK, markerfacecolor="white",
        markersize=6, elinewidth=0.9, zorder=4,
    )  # fmt: skip


def _margin(figure: Estimate) -> list[list[float]] | None:
    if figure.mean is None or figure.low is None or figure.high is None:
        return None
    return [[figure.mean - figure.low], [figure.high - figure.mean]]


def _label_points(ax: Axes, answer: Answer, compared: Sequence[ChainOutcome]) -> None:
    """Names on the side of the frontier where the point is: the plan's above, most chains' below."""
    _label(ax, "the plan", answer.total.cost_per_person, answer.total.coverage, above=True, chosen=True)
    for chain in compared:
        x, y = chain.total.cost_per_person.mean, chain.total.coverage.mean
        if x is not None and y is not None:
            reached = max((p.coverage for p in answer.frontier if p.cost_per_person <= x), default=0.0)
            _label(ax, chain.chain, x, y, above=y > reached)


def _label(ax: Axes, name: str, x: float, y: float, above: bool, chosen: bool = False) -> None:
    from matplotlib.patheffects import withStroke

    left, right = ax.get_xlim()
    place = (x - left) / (right - left)
    width = 0.02 + _LETTER * len(name)
    is_left = place > width if above else place + width > 1
    ax.annotate(
        name, (x, y), xytext=(-8 if is_left else 8, 4 if above else -4), textcoords="offset points",
        color=_ACCENT if chosen else _INK, fontweight="bold" if chosen else "normal",
        ha="right" if is_left else "left", va="bottom" if above else "top", zorder=6,
        path_effects=[withStroke(linewidth=3, foreground="white")],
    )  # fmt: skip


def _footnote(ax: Axes, text: str) -> None:
    ax.annotate(
        text, (0, 0), xycoords="axes fraction", xytext=(0, -38), textcoords="offset points", fontsize=7.5,
        color=_SOFT, va="top", wrap=True, annotation_clip=False,
    )  # fmt: skip
