"""The optimizer's answer as tables: beside the chains it is compared with, and what other coverage would cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from cascadesim.engines.outcome import Figures, Outcome
from cascadesim.model.question import Goal, Objective
from cascadesim.optimizer import Answer, Step, Steps
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

GOALS: dict[Goal, tables.Word] = {
    "coverage": words.share,
    "time to open": lambda value, _: words.span(value),
    "coverage per cost": words.number,
    "cost per person": words.amount,
    "profit": words.amount,
}


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


def contest_report(answer: Answer, currency: str) -> Iterator[RenderableType]:
    """How the plan was chosen on simulated people, where it was: the plans still in, and what may be said (S16)."""
    contest = answer.contest
    if contest is None:
        return
    goal, shown = answer.question.objective.goal, contest.survivors or range(len(contest.contenders))
    made = tables.table("forecast", "simulated", "repli-\ncations", "channels and waits", left=0)
    made.columns[3].justify, made.columns[3].no_wrap = "left", False
    for place in shown:
        it = contest.contenders[place]
        style = tables.BEST if place == contest.chosen else None
        found = tables.estimate(it.found, GOALS[goal])
        made.add_row(GOALS[goal](it.forecast, None), found, str(it.replications), _ways(it.steps), style=style)
    yield tables.titled(f"Chosen by simulation: {goal_text(answer.question.objective, currency)}", made)
    unsure = () if contest.chosen is None else contest.contenders[contest.chosen].unsure
    told = [contest.statement, *(f"Not sure to be kept: {limit}." for limit in unsure)]
    yield Text(" ".join(told), tables.QUIET)


def goal_text(objective: Objective, currency: str) -> str:
    """What is best, with the unit of its figures."""
    units = {"coverage per cost": f"covered people per {currency}", "coverage": "", "time to open": ""}
    unit = units.get(objective.goal, currency)
    return f"{objective.goal}, {unit}" if unit else objective.goal


def _ways(plan: Mapping[str, Steps]) -> str:
    """Each segment's steps in a line; without its name where there is but one."""
    ways = {name: way(steps) for name, steps in sorted(plan.items())}
    return "\n".join(f"{name}: {way}" if len(ways) > 1 else way for name, way in ways.items())


def frontier_table(answer: Answer, currency: str) -> Group:
    """What coverage costs: up to a dozen points, at even distances in coverage, first and last among them."""
    points = answer.frontier
    shown = _spread([point.coverage for point in points])
    made = tables.table("coverage", f"{currency} per\nperson", "for 1% more\nat least", "channels and waits", left=0)
    made.columns[3].justify, made.columns[3].no_wrap = "left", False
    for point in (points[i] for i in shown):
        cost, further = words.amount(point.cost_per_person), words.amount(point.next_percent)
        made.add_row(words.share(point.coverage), cost, further, _ways(point.steps))
    some = f" ({len(shown)} of {len(points)} points)" if len(shown) < len(points) else ""
    some += ", with one plan for each segment" if answer.question.may_split else ""
    return tables.titled(f"What coverage costs{some}", made)


def _spread(coverage: Sequence[float]) -> list[int]:
    """The places of a dozen points, those next to even distances."""
    if len(coverage) <= _MOST:
        return list(range(len(coverage)))
    low, high = coverage[0], coverage[-1]
    wanted = [low + (high - low) * i / (_MOST - 1) for i in range(_MOST)]
    return sorted({min(range(len(coverage)), key=lambda k: abs(coverage[k] - at)) for at in wanted})


def ended_text(answer: Answer) -> Iterator[RenderableType]:
    """What helps where the search was ended before it was done."""
    if answer.stopped:
        told = "The search was ended early. To come closer, give it longer (`search for`), or fewer steps or waits."
        yield Text(told, tables.QUIET)


def restricted_text(answer: Answer) -> Iterator[RenderableType]:
    """What a vendor's restriction took out of the question."""
    for sentence in answer.restricted:
        yield Text(f"Left out: {sentence}.", tables.QUIET)


def by_reach_text(answer: Answer) -> Iterator[RenderableType]:
    """What a chain for each reach pattern gains over one chain a segment."""
    if not answer.question.by_reach:
        return
    word = GOALS[answer.question.objective.goal]
    if answer.one_chain is None:
        yield Text("No plan with one chain for each segment keeps the limits.", tables.QUIET)
        return
    own, one = word(answer.objective_value, None), word(answer.one_chain, None)
    goal = answer.question.objective.goal
    yield Text(
        f"By reach, the plan comes to a {goal} of {own}; with one chain for each segment, to {one}.", tables.QUIET
    )


def way(steps: Steps) -> str:
    """A plan's steps in a line: `push (6 h), viber`."""
    return ", ".join(map(_step, steps))


def _step(step: Step) -> str:
    return step.channel if step.wait is None else f"{step.channel} ({step.wait})"
