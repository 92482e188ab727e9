"""Draws the README's pictures beside this file, all of the abandoned-basket campaign.

`python notebooks/pictures.py` draws them, `python notebooks/pictures.py --check` draws them again and says which of
those here are no longer what comes out: by what is written in them and how many things are drawn, which each picture
carries with it, and not by its bytes, which fonts and libraries change. Either takes about a minute.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

from matplotlib.axes import Axes
from matplotlib.text import Text
from PIL import Image

import cascadesim

HERE = Path(__file__).parent
SCRIPT = HERE.parent / "scenarios" / "abandoned-basket.cascade"
CARRIED = "Description"  # a key that PNG has for words


def pictures() -> Iterator[tuple[str, Axes]]:
    """Simulates the chains, searches for the plan, and draws by name."""
    script = cascadesim.read(SCRIPT)
    people = cascadesim.load_segments(script.model, script.base)
    outcome = cascadesim.simulate(script.model, cascadesim.cases(script.model), contacts=people)
    answer = cascadesim.optimize(script.model, script.model.questions[0], people)
    plan = cascadesim.plan_of(answer, script.model, script.source_sha256).plot.of(people)
    yield "frontier", answer.plot.frontier(outcome.chains)
    yield "flow", plan.flow(segment="loyal")
    yield "sends", plan.sends()


def structure(ax: Axes) -> str:
    """What is written and how much is drawn."""
    ax.figure.canvas.draw()
    texts = sorted({text.get_text() for text in ax.figure.findobj(Text)} - {""})
    drawn = {"lines": len(ax.lines), "patches": len(ax.patches), "collections": len(ax.collections)}
    return json.dumps({"size": list(ax.figure.get_size_inches()), "texts": texts, "drawn": drawn})


def main() -> int:
    """Draws, or with `--check` compares; 1 if a picture is stale."""
    is_check = "--check" in sys.argv[1:]
    stale = []
    for name, ax in pictures():
        file, told = HERE / f"{name}.png", structure(ax)
        if not is_check:
            ax.figure.savefig(file, dpi=110, metadata={CARRIED: told, "Software": None})
        elif not file.exists() or Image.open(file).info.get(CARRIED) != told:
            stale.append(f"{file.name} is no longer what comes out: python notebooks/pictures.py")
    print("\n".join(stale) or "the pictures are as they come out" if is_check else "drawn")
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main())
