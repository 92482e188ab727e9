"""The house style of pictures: quiet, readable in grey, no text on another."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import Bbox, ScaledTranslation, Transform

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, SOFT, FAINT, PALE = "#1f2933", "#5c6773", "#d5dbe1", "#eef1f4"
ACCENT, WARM, COOL = "#0b6e4f", "#b4540a", "#33658a"
"""Of Okabe and Ito's kind: apart for all kinds of colour blindness, and dark, mid and light in grey."""
HATCH = "////"
SERIES: tuple[dict[str, Any], ...] = (
    {"color": ACCENT, "linestyle": "-"},
    {"color": WARM, "linestyle": (0, (5, 1.6))},
    {"color": COOL, "linestyle": (0, (1.2, 1.2))},
    {"color": INK, "linestyle": (0, (6, 1.5, 1.2, 1.5))},
    {"color": SOFT, "linestyle": "-"},
)
"""Lines to be told apart without their colours."""

SMALL, TINY = 8.0, 7.0
"""Points, on paper: what explains, and the least of all."""

WIDTH = 7.2
"""Inches: the text width of a page."""

_NAME, _TITLE, _ENTRY = 34, 52, 34  # characters
STYLE: dict[Any, Any] = {
    "font.size": 9, "font.family": "sans-serif", "text.color": INK, "axes.labelcolor": INK, "axes.labelsize": SMALL,
    "axes.edgecolor": SOFT, "axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True,
    "axes.grid": True, "grid.color": FAINT, "grid.linewidth": 0.6, "xtick.color": SOFT, "ytick.color": SOFT,
    "xtick.labelcolor": INK, "ytick.labelcolor": INK, "xtick.labelsize": SMALL, "ytick.labelsize": SMALL,
    "axes.titlelocation": "left", "axes.titlesize": 10.5, "axes.titleweight": "bold", "axes.titlepad": 12,
    "hatch.linewidth": 0.6, "legend.frameon": False, "legend.fontsize": SMALL, "svg.fonttype": "path",
}  # fmt: skip


@contextmanager
def drawing(ax: Axes | None, height: float, width: float = WIDTH) -> Iterator[Axes]:
    """The axes to draw into in the house style: those given, else a new figure's, of so many inches."""
    # The figure comes first: the context would undo what a notebook sets when its first one is made.
    figure = plt.figure(figsize=(width, height), layout="constrained") if ax is None else ax.figure
    with plt.rc_context(STYLE):
        yield figure.add_subplot() if ax is None else ax


def bare(ax: Axes) -> None:
    """No frame, no grid, no ticks: for pictures that are read without scales."""
    ax.grid(False)
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(False)


def short(name: str, most: int = _NAME) -> str:
    """A name that fits beside others: its beginning, if it is long."""
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def percent(value: float, _: object = None) -> str:
    """A tick of a scale of shares."""
    return f"{100 * value:g}%"


def entitle(ax: Axes, text: str) -> None:
    """The title, on two lines where names are long."""
    ax.set_title(textwrap.fill(text, _TITLE, break_long_words=False, break_on_hyphens=False))


def below(ax: Axes, points: float) -> Transform:
    """Axes coordinates, moved down by so many points: what stands there stays under the scale, however tall it is."""
    return ax.transAxes + ScaledTranslation(0, -points / 72, root(ax).dpi_scale_trans)


def footnote(ax: Axes, text: str, points: float = 34) -> None:
    """What must be said of the picture, small, under its scale; a constrained layout makes room for it."""
    root(ax).draw_without_rendering()
    inches = ax.get_window_extent().width / root(ax).dpi
    lines = textwrap.fill(text, max(20, int(inches * 72 / (0.53 * TINY))))
    ax.text(0, 0, lines, transform=below(ax, points), ha="left", va="top", fontsize=TINY, color=SOFT)


def key(ax: Axes, parts: Sequence[Any], points: float = 30) -> None:
    """What patches and lines mean, under the scale: beside each other where their names are short."""
    is_short = len(parts) <= 3 and all(len(part.get_label()) <= _ENTRY for part in parts)
    ax.legend(
        handles=parts, loc="upper left", bbox_to_anchor=(0, 0), bbox_transform=below(ax, points), borderaxespad=0.0,
        ncols=len(parts) if is_short else 1, handlelength=1.8, borderpad=0.0, columnspacing=1.6,
    )  # fmt: skip


def root(ax: Axes) -> Figure:
    """The figure that the axes are on, at the bottom of it all."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


def place(ax: Axes, labels: Sequence[tuple[float, float, str, dict[str, Any]]], avoid: Iterable[Text] = ()) -> None:
    """Writes names beside their points, each where it lies on no other text and leaves the axes nowhere.

    Near places are tried before far ones; a name that stands far from its point gets a thin line to it. A name for
    which there is no room is left out rather than printed over another: none are so many in a picture of this size.
    """
    figure = root(ax)
    figure.draw_without_rendering()
    frame = ax.get_window_extent()
    points = [ax.transData.transform((x, y)) for x, y, *_ in labels]
    unit = figure.dpi / 72
    taken = [text.get_window_extent() for text in avoid]
    taken += [Bbox.from_bounds(x - 4 * unit, y - 4 * unit, 8 * unit, 8 * unit) for x, y in points]
    for x, y, name, look in labels:
        for dx, dy in _PLACES:
            made = ax.annotate(
                name, (x, y), xytext=(dx, dy), textcoords="offset points", annotation_clip=False,
                ha="left" if dx > 0 else "right" if dx < 0 else "center",
                va="bottom" if dy > 0 else "top" if dy < 0 else "center",
                fontsize=SMALL, zorder=6, path_effects=[withStroke(linewidth=2.5, foreground="white")],
                arrowprops={"arrowstyle": "-", "color": SOFT, "linewidth": 0.6} if max(abs(dx), abs(dy)) > 15 else None,
                **look,
            )  # fmt: skip
            box = _text_box(made)
            fits = frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
            if fits and not any(box.overlaps(other) for other in taken):
                taken.append(box)
                break
            made.remove()


def _text_box(made: Text) -> Bbox:
    """The letters alone: an annotation's own extent has the line to its point in it."""
    made.get_window_extent()  # moves it to its place
    return Text.get_window_extent(made)


def _near_to_far() -> Iterator[tuple[float, float]]:
    for far in (6, 14, 26, 40, 58, 80):
        for way in ((1, -0.6), (-1, 0.6), (1, 0.6), (-1, -0.6), (0, 1), (0, -1), (1.6, 0), (-1.6, 0)):
            yield far * way[0], far * way[1]


_PLACES = tuple(_near_to_far())
