"""What one chain brings against another, segment by segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cascadesim.engines.compare import Comparison
from cascadesim.reports.comparison import label, signed
from cascadesim.reports.pictures.style import ACCENT, INK, SMALL, SOFT, drawing, entitle, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def difference(found: Comparison, ax: Axes | None = None, *, figure: str = "coverage", currency: str) -> Axes:
    """B minus A with its 95% interval: a row for each segment, and one for all of them.

    `figure` is one of the comparison's; KeyError for another. A row whose interval holds 0 is hollow: it may be chance.
    """
    rows = [(segment.segment, segment.figures[figure].difference) for segment in found.segments]
    rows = [*(rows if len(rows) > 1 else ()), ("all", found.total[figure].difference)]
    with drawing(ax, 1.25 + 0.32 * len(rows)) as ax:
        for row, (_, it) in enumerate(rows):
            if it.mean is None:
                continue
            low, high = (it.mean if end is None else end for end in (it.low, it.high))
            is_clear = not low <= 0 <= high
            ax.plot([low, high], [row, row], color=ACCENT if is_clear else SOFT, linewidth=2, zorder=3)
            ax.plot(
                [it.mean], [row], "o", markersize=6, color=ACCENT if is_clear else SOFT,
                markerfacecolor=ACCENT if is_clear else "white", zorder=4,
            )  # fmt: skip
            ax.annotate(
                signed(figure, it.mean, it.mean), (1, row), xycoords=ax.get_yaxis_transform(), xytext=(6, 0),
                textcoords="offset points", va="center", fontsize=SMALL, annotation_clip=False,
            )  # fmt: skip
        ax.axvline(0, color=INK, linewidth=1)
        ax.set_yticks(range(len(rows)), [short(name, 24) for name, _ in rows])
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.margins(x=0.08)
        ax.grid(axis="y", visible=False)
        if figure == "coverage":
            ax.xaxis.set_major_formatter(lambda at, _: f"{100 * at:+g}" if abs(at) > 1e-12 else "0")
        ax.set_xlabel(
            f"{label(figure, currency)}{', points' if figure == 'coverage' else ''}: B less A, with 95% intervals"
        )
        entitle(ax, f"{short(found.b, 28)} (B) against {short(found.a, 28)} (A)")
    return ax
