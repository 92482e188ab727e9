"""How the optimum moves as rates move: all of them one by one (a tornado), or one of them from end to end."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from cascadesim.model.question import Objective
from cascadesim.optimizer.space import Steps
from cascadesim.optimizer.uncertainty import APART, Point, Swing
from cascadesim.optimizer.uncertainty.worth import Pick
from cascadesim.reports import words
from cascadesim.reports.answers import GOALS, goal_text, way
from cascadesim.reports.pictures.style import (
    ACCENT,
    HATCH,
    INK,
    SOFT,
    WARM,
    drawing,
    footnote,
    key,
    percent,
    place,
    short,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST = 10


def tornado(
    found: Sequence[Swing], value: float, objective: Objective, ax: Axes | None = None, *, currency: str
) -> Axes:
    """A bar for each rate, from the optimum at its lowest value to that at its highest; the widest at the top.

    `value` is the answer's own. Dark is the rate's lower end, hatched its upper. A star says that another plan is the
    best there. Rates that move the optimum least are left out beyond ten.
    """
    from matplotlib.patches import Patch

    shown = [swing for swing in found if swing.width > 0][:_MOST]
    word = GOALS[objective.goal]
    with drawing(ax, 1.75 + 0.34 * max(1, len(shown))) as ax:
        for row, swing in enumerate(shown):
            for point, look in ((swing.points[0], _LOW), (swing.points[-1], _HIGH)):
                if point.value is not None:
                    ax.barh(row, point.value - value, 0.56, left=value, **look)
        ax.axvline(value, color=INK, linewidth=1)
        ax.set_yticks(range(len(shown)), [_ends(swing) for swing in shown])
        ax.set_ylim(len(shown) - 0.4, -0.6)
        ax.margins(x=0.16)
        ax.grid(axis="y", visible=False)
        ax.xaxis.set_major_formatter(lambda at, _: word(at, value))
        ax.xaxis.set_major_locator(_few())
        ax.set_title("How far one rate moves the optimum")
        ax.set_xlabel(f"{goal_text(objective, currency)}, of the best plan")
        _stars(ax, shown, value)
        parts = [Patch(**_LOW, label="at the rate's low end"), Patch(**_HIGH, label="at its high end")]
        key(ax, parts)
        footnote(ax, _said(shown, len(found)), 46)
    return ax


_LOW: dict[str, Any] = {"facecolor": ACCENT, "edgecolor": ACCENT, "linewidth": 0.6}
_HIGH: dict[str, Any] = {"facecolor": "white", "edgecolor": SOFT, "hatch": HATCH, "linewidth": 0.6}


def _few() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(5)


def _ends(swing: Swing) -> str:
    low, high = swing.points[0].rate, swing.points[-1].rate
    assumed = "" if swing.is_believed else " (assumed)"
    return f"{short(str(swing.name))}\n{words.share(low)} to {words.share(high)}{assumed}"


def _stars(ax: Axes, shown: Sequence[Swing], value: float) -> None:
    for row, swing in enumerate(shown):
        for point in (swing.points[0], swing.points[-1]):
            if point.value is None or not _is_other(point):
                continue
            right = point.value >= value
            ax.annotate(
                "*", (point.value, row), xytext=(4 if right else -4, -1.5), textcoords="offset points",
                ha="left" if right else "right", va="center", fontsize=12, color=WARM, fontweight="bold",
            )  # fmt: skip


def _is_other(point: Point) -> bool:
    """Whether another plan than the answer's is the best there."""
    if point.value is None or point.own is None:
        return True
    return not point.kept or abs(point.value - point.own) > 1e-9 * max(1.0, abs(point.value))


def _said(shown: Sequence[Swing], count: int) -> str:
    text = "* another plan is the best there. One rate moves at a time, over what is believed of it (95%)"
    text += f"; `assumed`: nobody says how well it is known, so {words.share(APART)} either way."
    left = count - len(shown)
    return text + (f" {words.plural(left, 'rate')} that matter{'s' if left == 1 else ''} less." if left else "")


def switches(
    found: Swing, segments: Sequence[str], objective: Objective, ax: Axes | None = None, *, currency: str
) -> Axes:
    """The optimum along one rate (the line), the answer's plan along it (dashed), and which plan is best where.

    Where the dashed line leaves the other, the answer's plan is no longer the best, or breaks a limit (not drawn).
    """
    from matplotlib.lines import Line2D

    word = GOALS[objective.goal]
    points = [point for point in found.points if point.value is not None]
    values = [point.value or 0.0 for point in points]
    with drawing(ax, 4.0) as ax:
        rates = [point.rate for point in points]
        ax.plot(rates, values, color=ACCENT, linewidth=2, zorder=3)
        kept = [(p.rate, p.own) for p in found.points if p.kept and p.own is not None]
        if kept:
            ax.plot(*zip(*kept, strict=True), color=INK, linewidth=1.2, linestyle=(0, (5, 2)), zorder=4)
        ax.axvline(found.assumed, color=SOFT, linewidth=0.9, linestyle=(0, (1, 2)))
        ax.margins(y=0.3)
        ax.set_title(f"The best plan as {short(str(found.name), 50)} moves")
        ax.set_xlabel(f"{found.name}; dotted: {words.share(found.assumed)}, as the script says")
        ax.set_ylabel(goal_text(objective, currency))
        ax.xaxis.set_major_formatter(percent)
        ax.yaxis.set_major_formatter(lambda at, _: word(at, values[0] if values else None))
        ax.yaxis.set_major_locator(_few())
        runs = _runs(points)
        for before, after in pairwise(runs):
            ax.axvline((before[-1].rate + after[0].rate) / 2, color=WARM, linewidth=0.9, zorder=2)
        lines = [
            Line2D([], [], color=ACCENT, linewidth=2, label="the best plan for that rate"),
            Line2D(
                [],
                [],
                color=INK,
                linewidth=1.2,
                linestyle=(0, (5, 2)),
                label="the answer's plan, where it keeps the limits",
            ),
        ]
        key(ax, lines)
        told = "; ".join(f"{chr(65 + n)}: {_named(run[0].pick, segments)}" for n, run in enumerate(runs[:_LETTERS]))
        footnote(ax, f"Best plan between the upright lines, from left to right. {told}.", 46)
        middle = [(run[len(run) // 2].rate, run[len(run) // 2].value or 0.0) for run in runs[:_LETTERS]]
        place(ax, [(*at, chr(65 + n), {"color": WARM, "fontweight": "bold"}) for n, at in enumerate(middle)])
    return ax


_LETTERS = 6


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    """Neighbouring points with the same best plan."""
    runs: list[list[Point]] = []
    for point in points:
        if runs and runs[-1][-1].pick == point.pick:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


def _named(pick: Pick | None, segments: Sequence[str]) -> str:
    plans: Sequence[Steps] = pick or ()
    named = zip(segments, plans, strict=True) if pick else ()
    return ", ".join(f"{name} {way(steps)}" if len(segments) > 1 else way(steps) for name, steps in named)
