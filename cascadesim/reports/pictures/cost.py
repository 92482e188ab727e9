"""What each channel costs, one chain beside another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.patches import Patch

from cascadesim.engines.outcome import ChainOutcome
from cascadesim.reports import words
from cascadesim.reports.pictures.style import ACCENT, INK, SMALL, SOFT, drawing, entitle, key, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LOOKS: tuple[dict[str, Any], ...] = (
    {"facecolor": ACCENT}, {"facecolor": "white", "hatch": "////"}, {"facecolor": "#b9c3cc"},
    {"facecolor": "white", "hatch": "...."}, {"facecolor": INK},
)  # fmt: skip
FEES = "fees and minimums"


def cost(chains: Sequence[ChainOutcome], ax: Axes | None = None, *, currency: str) -> Axes:
    """A bar for each channel and chain, the dearest channel of the first chain at the top; figures beside the bars."""
    spent = [_by_channel(chain) for chain in chains]
    order = sorted(
        {name for one in spent for name in one}, key=lambda name: (name == FEES, -spent[0].get(name, 0.0), name)
    )
    thick = 0.8 / len(chains)
    with drawing(ax, 1.1 + len(order) * (0.16 + 0.2 * len(chains)) + 0.2 * len(chains)) as ax:
        most = max((value for one in spent for value in one.values()), default=0.0) or 1.0
        for number, one in enumerate(spent):
            for row, name in enumerate(order):
                y, value = row - 0.4 + thick * (number + 0.5), one.get(name, 0.0)
                look = _LOOKS[number % len(_LOOKS)]
                ax.barh(y, value, thick * 0.9, edgecolor=SOFT, linewidth=0.6, **look, label="_" if row else None)
                told = words.amount(value) if value else words.NOTHING
                ax.text(value + 0.012 * most, y, told, va="center", fontsize=SMALL)
        ax.set_yticks(range(len(order)), [short(name, 28) for name in order])
        ax.set_ylim(len(order) - 0.45, -0.55)
        ax.set_xlim(0, 1.14 * most)
        ax.grid(axis="y", visible=False)
        ax.set_xlabel(f"{currency}, all people together")
        if len(chains) == 1:
            entitle(
                ax, f"Cost by channel: {short(chains[0].chain)}, {words.money(chains[0].total.cost.mean, currency)}"
            )
        else:
            entitle(ax, "Cost by channel")
            key(ax, _named(chains, currency))
    return ax


def _by_channel(chain: ChainOutcome) -> dict[str, float]:
    """Currency units by channel; what campaign fees and minimum commitments add is a line of its own."""
    spent: dict[str, float] = {}
    for step in chain.total.steps:
        spent[step.channel] = spent.get(step.channel, 0.0) + (step.cost.mean or 0.0)
    rest = (chain.total.cost.mean or 0.0) - sum(spent.values())
    return spent | ({FEES: rest} if rest > 1e-6 * max(1.0, sum(spent.values())) else {})


def _named(chains: Sequence[ChainOutcome], currency: str) -> list[Patch]:
    return [
        Patch(
            edgecolor=SOFT, **_LOOKS[n % len(_LOOKS)],
            label=f"{short(chain.chain, 40)}: {words.money(chain.total.cost.mean, currency)}",
        )
        for n, chain in enumerate(chains)
    ]  # fmt: skip
