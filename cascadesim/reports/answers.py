"""The optimizer's answer as tables: beside the chains it is compared with, and what other coverage would cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from cascadesim.engines.outcome import Figures, Outcome
from cascadesim.optimizer import Answer, Step
from cascadesim.optimizer.answer import Totals
from cascadesim.reports import tables, words

_MOST = 12
_FIGURES: tuple[tuple[str, tables.Word], ...] = (
    ("coverage", words.share),
    ("cost_per_person", words.amount),
    ("cost_per_covered", words.amount),
    ("cost", words.amount),
    ("messages_per_person", words.number),
)


def comparison_report(answer: Answer, compared: Sequence[Outcome], currency: str) -> Iterator[RenderableType]:
    """The plan beside the chains, by what counts for the choice among them, and who says so."""
    made = tables.table(
        "chain", "coverage", f"{currency} per\nperson", f"{currency} per\ncovered", f"{currency}\nin all",
        "messages\neach",
    )  # fmt: skip
    made.add_row("the plan", *_of_plan(answer.total), style=tables.BEST)
    for chain in (chain for outcome in compared for chain in outcome.chains):
        made.add_row(chain.chain, *_of_chain(chain.total))
    yield tables.titled("The plan beside the chains" if compared else "The plan", made)
    yield Text(_sources(compared), tables.QUIET)


def _of_plan(total: Totals) -> Iterator[str]:
    return (word(getattr(total, name), None) for name, word in _FIGURES)


def _of_chain(figures: Figures) -> Iterator[Text]:
    return (tables.estimate(getattr(figures, name), word) for name, word in _FIGURES)


def _sources(compared: Sequence[Outcome]) -> str:
    """Who says what: the search, the exact engine, simulation."""
    said = ["The plan is as the search forecasts it"]
    for what, is_exact in (("computed exactly", True), ("simulated once", False)):
        names = [c.chain for o in compared for c in o.chains if (o.engine == "exact") is is_exact]
        said += [f"{words.listed(names)} {'is' if len(names) == 1 else 'are'} {what}"] if names else []
    return "; ".join(said) + "."


def frontier_table(answer: Answer, currency: str) -> Group:
    """What coverage costs: up to a dozen points, evenly over the frontier, first and last among them."""
    points = answer.frontier
    last = len(points) - 1
    shown = sorted({round(i * last / (_MOST - 1)) for i in range(_MOST)}) if last >= _MOST else range(len(points))
    made = tables.table("coverage", f"{currency} per\nperson", "channels and waits", left=0)
    made.columns[2].justify, made.columns[2].no_wrap = "left", False
    for point in (points[i] for i in shown):
        ways = {name: ", ".join(map(_step, steps)) for name, steps in sorted(point.steps.items())}
        told = [f"{name}: {way}" if len(ways) > 1 else way for name, way in ways.items()]
        made.add_row(words.share(point.coverage), words.amount(point.cost_per_person), "\n".join(told))
    some = f" ({len(shown)} of {len(points)} points)" if len(shown) < len(points) else ""
    return tables.titled(f"What coverage costs{some}", made)


def _step(step: Step) -> str:
    return step.channel if step.wait is None else f"{step.channel} ({step.wait})"
