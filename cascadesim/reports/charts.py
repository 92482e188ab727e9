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
        ax.set_xlim(left=0)
        ax.set_ylim(bottom=max(0.0, ax.get_ylim()[0]))
        _label_points(ax, answer, compared)
        if answer.set_aside:
            _footnote(ax, f"Plans without {words.listed(answer.set_aside)}.")
    return ax


def _draw_frontier(ax: Axes, answer: Answer) -> None:
    costs = [point.cost_per_person for point in answer.frontier]
    coverages = [point.coverage for point in answer.frontier]
    ax.step(costs, coverages, where="post", color=_SOFT, linewidth=1.1, zorder=2)
    ax.plot(costs, coverages, "o", color=_SOFT, markersize=3.2, zorder=3, label="no plan covers more for less")


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
    """The plan's name above the frontier, where nothing else is; chains' names below their points."""
    _label(ax, "the plan", answer.total.cost_per_person, answer.total.coverage, above=True)
    for chain in compared:
        x, y = chain.total.cost_per_person.mean, chain.total.coverage.mean
        if x is not None and y is not None:
            _label(ax, chain.chain, x, y, above=False)


def _label(ax: Axes, name: str, x: float, y: float, above: bool) -> None:
    left, right = ax.get_xlim()
    place = (x - left) / (right - left)
    is_left = place > (0.2 if above else 0.75)
    ax.annotate(
        name, (x, y), xytext=(-8 if is_left else 8, 4 if above else -4), textcoords="offset points",
        color=_ACCENT if above else _INK, fontweight="bold" if above else "normal",
        ha="right" if is_left else "left", va="bottom" if above else "top", zorder=6,
    )  # fmt: skip


def _footnote(ax: Axes, text: str) -> None:
    ax.annotate(
        text, (0, 0), xycoords="axes fraction", xytext=(0, -38), textcoords="offset points", fontsize=7.5,
        color=_SOFT, va="top", wrap=True, annotation_clip=False,
    )  # fmt: skip
