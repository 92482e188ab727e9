"""What coverage costs: the frontier of plans, the plan chosen, and the chains it is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cascadesim.engines.outcome import ChainOutcome, Estimate
from cascadesim.reports import words
from cascadesim.reports.pictures.style import ACCENT, INK, SOFT, drawing, footnote, percent, place, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from cascadesim.optimizer import Answer


def frontier(
    answer: Answer, compared: Sequence[ChainOutcome] = (), ax: Axes | None = None, *, currency: str | None = None
) -> Axes:
    """Each point of the staircase is a plan that no other beats in coverage and in cost per person, both.

    For several segments a point is a plan for each. Chains carry their 95% intervals as crosses. The plan's label says
    what the next percent of coverage would cost. A new figure is made where `ax` is None.
    """
    with drawing(ax, 4.4) as ax:
        _staircase(ax, answer)
        at = answer.total.cost_per_person, answer.total.coverage
        ax.plot(*at, "D", color=ACCENT, markersize=8.5, markeredgecolor="white", zorder=5)
        for chain in compared:
            _chain(ax, chain)
        ax.set_title("What coverage costs")
        ax.set_xlabel("cost per person" + (f", {currency}" if currency else ""))
        ax.set_ylabel("coverage")
        ax.yaxis.set_major_formatter(percent)
        ax.margins(x=0.1, y=0.12)
        ax.set_xlim(0, 1.1 * ax.get_xlim()[1])  # names below the frontier are to the right of their points
        ax.set_ylim(bottom=max(0.0, ax.get_ylim()[0]))
        if answer.set_aside:
            footnote(ax, f"Plans without {words.listed(answer.set_aside)}.")
        labels: list[tuple[float, float, str, dict[str, Any]]] = [
            (*at, _plan_text(answer, currency), {"color": ACCENT, "fontweight": "bold"})
        ]
        for chain in compared:
            x, y = chain.total.cost_per_person.mean, chain.total.coverage.mean
            if x is not None and y is not None:
                labels.append((x, y, short(chain.chain), {"color": INK}))
        place(ax, labels)
    return ax


def _staircase(ax: Axes, answer: Answer) -> None:
    costs = [point.cost_per_person for point in answer.frontier]
    coverages = [point.coverage for point in answer.frontier]
    ax.step(costs, coverages, where="post", color=SOFT, linewidth=1.1, zorder=2)
    ax.plot(costs, coverages, "o", color=SOFT, markersize=3.2, zorder=3, clip_on=False)


def _chain(ax: Axes, chain: ChainOutcome) -> None:
    x, y = chain.total.cost_per_person, chain.total.coverage
    if x.mean is None or y.mean is None:
        return
    ax.errorbar(
        x.mean, y.mean, xerr=_margin(x), yerr=_margin(y), fmt="s", color=INK, markerfacecolor="white",
        markersize=6, elinewidth=0.9, zorder=4,
    )  # fmt: skip


def _margin(figure: Estimate) -> list[list[float]] | None:
    if figure.mean is None or figure.low is None or figure.high is None:
        return None
    return [[figure.mean - figure.low], [figure.high - figure.mean]]


def _plan_text(answer: Answer, currency: str | None) -> str:
    """`the plan`, and what a percent more would cost, from the frontier's next point on."""
    ahead = [point for point in answer.frontier if point.cost_per_person >= answer.total.cost_per_person - 1e-9]
    price = ahead[0].next_percent if ahead else None
    if price is None:
        return "the plan"
    return f"the plan\nnext 1%: +{words.amount(price)}{f' {currency}' if currency else ''} each"
