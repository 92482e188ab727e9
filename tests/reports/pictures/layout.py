"""What must hold of every picture as it is printed, whatever the names and however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.transforms import Bbox

LEAST = 6.0
"""Points: smaller letters cannot be read on paper."""

_TOUCH = 1.0  # pixels by which boxes may meet: letters do not fill theirs


def faults(ax: Axes) -> list[str]:
    """Texts that lie on another, leave the figure or are too small to be read; none, if all is well."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.canvas.draw()
    found = [(text, _box(text)) for text in _texts(ax)]
    assert found, "a picture without a word"
    frame = figure.bbox
    said = [f"too small: {text.get_text()!r}" for text, _ in found if text.get_fontsize() < LEAST]
    said += [
        f"leaves the figure: {text.get_text()!r}"
        for text, box in found
        if box.x0 < frame.x0 - _TOUCH or box.x1 > frame.x1 + _TOUCH or box.y0 < frame.y0 - _TOUCH or box.y1 > frame.y1
    ]
    said += [
        f"one on the other: {one.get_text()!r} and {other.get_text()!r}"
        for (one, a), (other, b) in combinations(found, 2)
        if _overlap(a, b)
    ]
    return said


def _texts(ax: Axes) -> Iterator[Text]:
    """Whatever is written: ticks beyond the ends of a scale are kept by matplotlib, but not drawn."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    kept = {label for axis in (ax.xaxis, ax.yaxis) for label in axis.get_ticklabels(which="both")}
    drawn = {
        label for axis in (ax.xaxis, ax.yaxis) for tick in axis._update_ticks() for label in (tick.label1, tick.label2)
    }
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip() and (text not in kept or text in drawn):
            yield text


def _box(text: Text) -> Bbox:
    return Text.get_window_extent(text)


def _overlap(a: Bbox, b: Bbox) -> bool:
    return min(a.x1, b.x1) - max(a.x0, b.x0) > _TOUCH and min(a.y1, b.y1) - max(a.y0, b.y0) > _TOUCH
