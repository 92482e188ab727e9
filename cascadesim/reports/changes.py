"""Why this plan: what it would cost to change one step of it, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from cascadesim.optimizer import Answer, RunnerUp, Steps, in_units
from cascadesim.reports import tables, words

_NOISE = 1e-12  # of a value: what adding up in another order may change
_FEW = 2  # audiences up to which every step has its lines; of more, the best change of each kind is enough


def changes_table(answer: Answer, currency: str) -> Iterator[RenderableType]:
    """The best plan of each kind of change; nothing where no step can be changed."""
    shown = _shown(answer.runner_ups)
    if not shown:
        return
    several = len({r.name for r in answer.runner_ups}) > 1
    columns = [
        *(["segment"] if several else []),
        "change",
        "coverage",
        f"{currency} per\nperson",
        f"{answer.question.objective.goal}\nby",
    ]
    made = tables.table(*columns, "", left=2 if several else 1)
    made.columns[-1].justify, made.columns[-1].no_wrap = "left", False
    chosen = dict(_plans(answer))
    for r in shown:
        cells = [r.name] if several else []
        own = words.share(r.coverage), words.amount(r.cost_per_person), _difference(answer, r)
        broken = "breaks " + words.listed([f"{limit.named} {limit.asked}" for limit in r.broken]) if r.broken else ""
        made.add_row(*cells, _change(chosen[r.name], r), *own, broken)
    yield tables.titled("What a change of one step would cost", made)


def _shown(found: Sequence[RunnerUp]) -> list[RunnerUp]:
    if len({r.name for r in found}) <= _FEW:
        return list(found)
    best: dict[tuple[str, str], RunnerUp] = {}
    for r in found:
        known = best.setdefault((r.name, r.change), r)
        if (len(r.broken) > 0, r.value) < (len(known.broken) > 0, known.value):
            best[r.name, r.change] = r
    return list(best.values())


def _plans(answer: Answer) -> Iterator[tuple[str, Steps]]:
    for segment in sorted(answer.plans):
        for plan in answer.plans[segment]:
            yield plan.name(segment), plan.steps


def _change(steps: Steps, r: RunnerUp) -> str:
    """`viber before sms`, `without email`, `viber: wait 1 h, not 2 h`, `sms in place of viber`."""
    step = steps[r.place - 1]
    own = step.channel if _once(steps, step.channel) else f"step {r.place}, {step.channel}"
    match r.change:
        case "swap":
            return f"{steps[r.place].channel} before {own}"
        case "drop":
            return f"without {own}"
        case "wait":
            return f"{own}: wait {r.steps[r.place - 1].wait}, not {step.wait}"
        case "channel":
            return f"{r.steps[r.place - 1].channel} in place of {own}"


def _once(steps: Steps, channel: str) -> bool:
    return sum(step.channel == channel for step in steps) == 1


def _difference(answer: Answer, r: RunnerUp) -> Text:
    objective = answer.question.objective
    value, best = in_units(objective, r.value), answer.objective_value
    if value is None or best is None:
        return Text(words.NOTHING)
    by = value - best
    by = 0.0 if abs(by) <= _NOISE * max(abs(value), abs(best)) else by
    size = abs(by)
    said = {
        "coverage": words.share(size),
        "time to open": words.span(size),
        "coverage per cost": words.number(size),
    }.get(objective.goal, words.amount(size))
    return Text(said if size == 0 else f"{'+' if by > 0 else '-'}{said}")
