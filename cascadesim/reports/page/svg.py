"""Pictures as SVG inside a page."""

from __future__ import annotations

import io
import re

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from cascadesim.reports.pictures.style import root

_ID = re.compile(r'(\bid="|xlink:href="#|\burl\(#)')
_OPENING = re.compile(r"<svg [^>]*?(viewBox=\"[^\"]*\")[^>]*>")


def svg(ax: Axes, name: str, told: str) -> str:
    """The picture as one `<svg>` element, and closed. `name` keeps its ids apart from others', `told` is read aloud."""
    from html import escape

    figure, file = root(ax), io.StringIO()
    with plt.rc_context({"svg.hashsalt": name, "svg.fonttype": "path"}):
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    plt.close(figure)
    text = _ID.sub(lambda found: f"{found[1]}{name}-", file.getvalue().partition("<svg")[2])
    drawn = re.sub(r"<metadata>.*?</metadata>", "", "<svg" + text, flags=re.S)
    opening = f'<svg xmlns:xlink="http://www.w3.org/1999/xlink" role="img" aria-label="{escape(told)}" '
    return _OPENING.sub(lambda found: f"{opening}{found[1]}>", drawn, count=1)
