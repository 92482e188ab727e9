"""How the optimum moves as rates move: all of them one by one (a tornado), or one of them from end to end."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator, ScalarFormatter

from cascadesim.model.question import Objective
from cascadesim.optimizer.uncertainty import APART, Point, Swing
from cascadesim.optimizer.uncertainty.worth import Pick
from cascadesim.reports import words
from cascadesim.reports.answers import goal_text, way
from cascadesim.reports.pictures.style import (
    ACCENT,
    HATCH,
    INK,
    SOFT,
    TINY,
    WARM,
    drawing,
    entitle,
    footnote,
    key,
    percent,
    place,
    short,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

_MOST = 10


def tornado(
    found: Sequence[Swing], value: float, objective: Objective, ax: Axes | None = None, *, currency: str
) -> Axes:
    """A bar for each rate, from the optimum at its lowest value to that at its highest; the widest at the top.

    `value` is the answer's own. Dark is the rate's lower end, hatched its upper. A star says that another plan is the
    best there. Rates that move the optimum least are left out beyond ten.
    """
    shown = [swing for swing in found if swing.width > 0 and any(p.pick for p in swing.points)][:_MOST]
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
        _scale(ax.xaxis, objective)
        entitle(ax, "How far one rate moves the optimum")
        ax.set_xlabel(f"{goal_text(objective, currency)}, of the best plan")
        _stars(ax, shown, value)
        parts = [Patch(**_LOW, label="at the rate's low end"), Patch(**_HIGH, label="at its high end")]
        key(ax, parts)
        footnote(ax, _said(shown, len(found)), 46)
    return ax


_LOW: dict[str, Any] = {"facecolor": ACCENT, "edgecolor": ACCENT, "linewidth": 0.6}
_HIGH: dict[str, Any] = {"facecolor": "white", "edgecolor": SOFT, "hatch": HATCH, "linewidth": 0.6}


def _scale(axis: Axis, objective: Objective) -> None:
    """Few ticks, in the objective's unit."""
    axis.set_major_locator(MaxNLocator(5))
    if objective.goal == "coverage":
        axis.set_major_formatter(percent)
    elif objective.goal == "time to open":
        axis.set_major_formatter(lambda at, _: words.span(at))
    else:
        axis.set_major_formatter(ScalarFormatter(useOffset=False))


def _ends(swing: Swing) -> str:
    low, high = swing.points[0].rate, swing.points[-1].rate
    assumed = "" if swing.is_believed else " (assumed)"
    return f"{short(str(swing.name))}\n{words.share(low)} to {words.share(high)}{assumed}"


def _stars(ax: Axes, shown: Sequence[Swing], value: float) -> None:
    for row, swing in enumerate(shown):
        for point in (swing.points[0], swing.points[-1]):
            if point.value is None:
                _nowhere(ax, row, swing, value)
            if point.value is None or not _is_other(point):
                continue
            right = point.value >= value
            ax.annotate(
                "*", (point.value, row), xytext=(4 if right else -4, -1.5), textcoords="offset points",
                ha="left" if right else "right", va="center", fontsize=12, color=WARM, fontweight="bold",
                path_effects=[withStroke(linewidth=2, foreground="white")],
            )  # fmt: skip


def _nowhere(ax: Axes, row: int, swing: Swing, value: float) -> None:
    """No plan keeps the limits at an end: said on the side where there is no bar."""
    ends = [name for name, p in zip(("low", "high"), (swing.points[0], swing.points[-1]), strict=True) if not p.pick]
    to_right = all(p.value is None or p.value <= value for p in (swing.points[0], swing.points[-1]))
    ax.annotate(
        f"{' and '.join(ends)} end: no plan", (value, row), xytext=(5 if to_right else -5, 0),
        textcoords="offset points", ha="left" if to_right else "right", va="center", fontsize=TINY, color=WARM,
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
        entitle(ax, f"The best plan as `{short(str(found.name), 50)}` moves")
        ax.set_xlabel(f"{found.name}; dotted: {words.share(found.assumed)}, as the script says")
        ax.set_ylabel(goal_text(objective, currency))
        ax.xaxis.set_major_formatter(percent)
        _scale(ax.yaxis, objective)
        runs = _runs(points)
        for before, after in pairwise(runs):
            ax.axvline((before[-1].rate + after[0].rate) / 2, color=WARM, linewidth=0.9, zorder=2)
        lines = [
            Line2D([], [], color=ACCENT, linewidth=2, label="the best plan for each rate"),
            Line2D(
                [],
                [],
                color=INK,
                linewidth=1.2,
                linestyle=(0, (5, 2)),
                label="the answer's, where allowed",
            ),
        ]
        key(ax, lines)
        footnote(ax, f"Upright lines: another plan becomes the best. {_told(runs, segments)}", 46)
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


def _told(runs: Sequence[Sequence[Point]], segments: Sequence[str]) -> str:
    """The best plans from left to right: of one segment each in full, of several what changes, in two of them."""
    if len(segments) == 1:
        named = (f"{chr(65 + n)}: {_ways(run[0].pick, segments, 1)}" for n, run in enumerate(runs[:_LETTERS]))
        return ". ".join(named) + "."
    said = []
    for n, (before, after) in enumerate(pairwise(runs[:_LETTERS])):
        changed = [
            s for s, (a, b) in enumerate(zip(before[-1].pick or (), after[0].pick or (), strict=False)) if a != b
        ]
        some = [segments[s] for s in changed]
        plans = tuple((after[0].pick or ())[s] for s in changed)
        said.append(f"{chr(65 + n)} to {chr(66 + n)}: {_ways(plans, some, 2)}.")
    return " ".join(said) or "None does."


def _ways(plans: Pick | None, segments: Sequence[str], most: int) -> str:
    named = [f"{short(name)} gets {way(steps)}" for name, steps in zip(segments, plans or (), strict=False)]
    if len(segments) == 1:
        return way((plans or ((),))[0])
    return "; ".join(named[:most]) + (f"; and {len(named) - most} more segments" if len(named) > most else "")
