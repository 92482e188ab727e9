"""Draws frontier.png beside this file, the README's picture: what coverage costs in the abandoned-basket campaign.

`python notebooks/frontier.py` in an environment with cascadesim; takes about a minute.
"""

from __future__ import annotations

from pathlib import Path

import cascadesim

HERE = Path(__file__).parent
SCRIPT = HERE.parent / "scenarios" / "abandoned-basket.cascade"


def main() -> None:
    """Simulates the chains, searches for the plan, draws them all."""
    script = cascadesim.read(SCRIPT)
    people = cascadesim.load_segments(script.model, script.base)
    chains = cascadesim.simulate(script.model, cascadesim.cases(script.model), contacts=people).chains
    answer = cascadesim.optimize(script.model, script.model.questions[0], people)
    axes = cascadesim.frontier(answer, chains, currency=script.model.scenario.currency)
    axes.figure.savefig(HERE / "frontier.png", dpi=110)


if __name__ == "__main__":
    main()
