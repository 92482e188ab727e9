"""How time grows with people, steps, channels and segments: measured, and drawn as the README's picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cascadesim import Model
from cascadesim.reports.pictures import style
from tests.benchmarks.speed.campaign import campaign, with_channels, with_segments, with_steps, without_limits
from tests.benchmarks.speed.engine import seconds_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PEOPLE = (30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
OTHERS: dict[str, tuple[Callable[[int], Model], tuple[int, ...]]] = {
    "steps": (with_steps, (1, 2, 3, 4, 5, 6, 8, 10)),
    "channels": (with_channels, (1, 2, 3, 4, 5, 6, 8, 10)),
    "segments": (with_segments, (1, 2, 4, 8, 16, 32, 64)),
}
_TITLES = {
    "people": "People",
    "steps": "Steps, 100,000 people",
    "channels": "Channels, in ten steps",
    "segments": "Segments, 100,000 people",
}


@dataclass(frozen=True)
class Curve:
    """Seconds by what grows: with limits and quiet hours in one thread, and without limits in two."""

    what: str
    sizes: tuple[int, ...]
    limited: tuple[float, ...]
    unlimited: tuple[float, ...]


def growth(most_people: int, most_else: int, seconds: float) -> tuple[Curve, ...]:
    """The four curves, as far as these sizes; each point is the best time within so many seconds."""
    curves = [_curve("people", campaign, [n for n in PEOPLE if n <= most_people], seconds)]
    for what, (variant, sizes) in OTHERS.items():
        curves.append(_curve(what, variant, [n for n in sizes if n <= most_else], seconds))
    return tuple(curves)


def _curve(what: str, variant: Callable[[int], Model], sizes: Sequence[int], seconds: float) -> Curve:
    models = [variant(size) for size in sizes]
    limited = tuple(seconds_of(model, 1, seconds) for model in models)
    return Curve(what, tuple(sizes), limited, tuple(seconds_of(without_limits(m), 2, seconds) for m in models))


def draw(curves: Sequence[Curve], path: Path) -> None:
    """Writes the picture: a panel a curve, in the house style."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(style.STYLE):
        figure = Figure(figsize=(7.6, 5.6), layout="constrained")
        figure.get_layout_engine().set(hspace=0.08, wspace=0.06)  # type: ignore[union-attr]
        for curve, ax in zip(curves, figure.subplots(2, 2).flat, strict=True):
            _panel(ax, curve)
        figure.align_ylabels()
        figure.savefig(path, dpi=110)


def _panel(ax: Axes, curve: Curve) -> None:
    scale = 1 if curve.what == "people" else 1000
    for seconds, colour, marker, name in (
        (curve.limited, style.ACCENT, "o", "limits and quiet hours, one thread"),
        (curve.unlimited, style.INK, "s", "no limits, two threads"),
    ):
        values = [scale * s for s in seconds]
        ax.plot(
            curve.sizes, values, color=colour, marker=marker, markersize=4.5, linewidth=1.2,
            markerfacecolor="white" if marker == "s" else colour, label=name,
        )  # fmt: skip
    ax.set_title(_TITLES[curve.what])
    ax.set_ylabel("seconds" if scale == 1 else "milliseconds")
    if curve.what == "people":
        _by_decades(ax, curve)
    else:
        ax.set_ylim(0, 1.15 * scale * max(*curve.limited, *curve.unlimited))
        ax.set_xticks([size for size in curve.sizes if size == 1 or size > max(curve.sizes) / 10])


def _by_decades(ax: Axes, curve: Curve) -> None:
    """Both axes by powers of ten, with the slope of what grows in proportion, and names of the lines."""
    first, last = curve.sizes[0], curve.sizes[-1]
    begun = min(curve.limited[-1], curve.unlimited[-1]) / 2  # below both lines
    ax.plot((first, last), (begun * first / last, begun), ":", color=style.SOFT, linewidth=1.2, label="in proportion")
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.xaxis.set_major_formatter(lambda value, _: f"{value / 1e6:g}M" if value >= 1e6 else f"{value / 1e3:g}k")
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    ax.margins(y=0.2)
    ax.legend(frameon=False, fontsize=8.5, loc="upper left", borderaxespad=0)
