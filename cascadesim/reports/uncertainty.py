"""What the rates' uncertainty does to the plan, and what to measure next."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from cascadesim.model.question import Objective
from cascadesim.optimizer.space import Steps
from cascadesim.optimizer.uncertainty import PlanRegret, PricedLimit, Uncertainty
from cascadesim.reports import tables, words
from cascadesim.units import Duration, Money

TITLE = "What the rates' uncertainty does to it"
_MOST = 5  # plans, and rates
_SOME = 0.01  # of what the first rate is worth to know: less is next to nothing
_SHOWN = (300, 3_000)  # people on whom a rate may be measured, of those calculated


def uncertainty_report(found: Uncertainty, currency: str) -> Iterator[RenderableType]:
    """The contenders, what the rates are worth, how limits are charged, and one sentence of advice."""
    if not found.rates:
        yield Text(TITLE, "bold")
        yield Text("Nothing: of its rates none says how well it is known (`34% measured on 900`, `20% to 30%`).")
        return
    yield tables.titled(TITLE, _plans(found, currency))
    yield tables.titled("What it is worth to know a rate better", _rates(found, currency))
    if found.limits:
        yield Text(_charges(found, currency), tables.QUIET)
    yield Text(advice(found, currency))


def advice(found: Uncertainty, currency: str) -> str:
    """Which plan to take and which rate to measure, on how many people, with what that is expected to bring."""
    chosen, least, objective = found.chosen, found.least, found.objective
    said = f"regret of {regret_text(least.regret, objective, currency)} is expected"
    if least is chosen:
        take = f"Keep the plan, of which a {said}, the least of all"
    else:
        other = regret_text(chosen.regret, objective, currency)
        take = f"Take the first plan of the table, of which a {said}, against {other} of the plan chosen"
    if found.suggestion is None:
        return f"{take}; no rate is worth measuring by itself."
    rate, people = found.suggestion.belief.name, found.suggestion.people
    gain = regret_text(found.suggestion.gain, objective, currency)
    return f"{take}; measure `{rate}` next, on {people:,} people: that is expected to save {gain}."


def regret_text(value: float, objective: Objective, currency: str) -> str:
    """A difference in the objective, with its unit."""
    told, unit = _told(value, objective), _unit(objective, currency)
    return f"{told} {unit}" if unit else told


def _told(value: float, objective: Objective) -> str:
    match objective.goal:
        case "coverage":
            return words.number(100 * value)
        case "time to open":
            return words.span(value)
        case _:
            return words.amount(value)


def _unit(objective: Objective, currency: str) -> str:
    """What a regret is told in; nothing where the figure says so itself."""
    units = {"cost per person": f"{currency} per person", "coverage per cost": f"{currency} per covered person"}
    return {**units, "coverage": "points", "profit": currency}.get(objective.goal, "")


def _plans(found: Uncertainty, currency: str) -> Table:
    limited = ["keeps all\nlimits"] if found.limits else []
    unit = _unit(found.objective, currency)
    made = tables.table("plan", "best in", *limited, f"expected regret{unit and ','}\n{unit}", "±")
    shown = [plan for n, plan in enumerate(found.plans) if n < _MOST or plan is found.chosen]
    for plan in shown:
        figures = (_told(value, found.objective) for value in (plan.regret, 1.96 * plan.error))
        kept = [words.share(plan.keeps_all)] if found.limits else []
        style = tables.BEST if plan is found.chosen else None
        made.add_row(_named(found, plan), words.share(plan.wins), *kept, *figures, style=style)
    left = [plan for plan in found.plans if not any(plan is one for one in shown)]
    if left:
        share = words.share(sum(plan.wins for plan in left))
        made.add_row(words.plural(len(left), "other plan"), share)
    if found.unkeepable:
        made.add_row("no plan keeps the limits", words.share(found.unkeepable))
    return made


def _named(found: Uncertainty, plan: PlanRegret) -> str:
    """`the plan`, or what another gives to those who get something else."""
    if plan is found.chosen:
        return "the plan"
    both = zip(found.segments, plan.pick, found.chosen.pick, strict=True)
    other = [(segment, _way(steps)) for segment, steps, chosen in both if steps != chosen]
    return "\n".join(f"{segment}: {way}" if len(found.segments) > 1 else way for segment, way in other)


def _way(steps: Steps) -> str:
    return ", ".join(s.channel if s.wait is None else f"{s.channel} ({s.wait})" for s in steps)


def _rates(found: Uncertainty, currency: str) -> Table:
    """The rates that matter: those worth some of what the first one is."""
    shown = [rate for rate in found.rates if rate.exactly > _SOME * found.rates[0].exactly][:_MOST]
    unit = _unit(found.objective, currency)
    headers = (*(f"on {people:,}\npeople" for people in _SHOWN), f"exactly{unit and ','}\n{unit}")
    made = tables.table("rate", "believed", *headers, left=2)
    for rate in shown:
        low, high = rate.belief.interval
        gains = (*map(rate.gain, _SHOWN), rate.exactly)
        believed = f"{words.share(low)} to {words.share(high)}"
        made.add_row(str(rate.belief.name), believed, *(_told(gain, found.objective) for gain in gains))
    if len(found.rates) > len(shown):
        other = "other rate" if shown else "rate"
        made.add_row(words.plural(len(found.rates) - len(shown), other), "", "next to nothing")
    return made


def _charges(found: Uncertainty, currency: str) -> str:
    """How a limit that is missed enters the regret."""
    priced = [_charge(limit, found.objective, currency) for limit in found.limits if limit.price]
    free = [limit.limit.named for limit in found.limits if not limit.price]
    said = [f"a limit missed is charged twice what keeping it costs: {'; '.join(priced)}"] if priced else []
    said += (
        [f"{words.listed(free)} {'is' if len(free) == 1 else 'are'} kept for nothing, and not charged"] if free else []
    )
    text = ". ".join(part[0].upper() + part[1:] for part in said)
    return f"{text}. {found.draws:,} draws."


def _charge(priced: PricedLimit, objective: Objective, currency: str) -> str:
    value = priced.limit.keep.value
    if priced.limit.keep.openers is not None or priced.limit.keep.measure == "coverage":
        size, unit = 0.01, "point"
    elif isinstance(value, Duration):
        size, unit = 3_600.0, "hour"
    else:
        size, unit = 1.0, currency if isinstance(value, Money) else "message"
    return f"{regret_text(priced.price * size, objective, currency)} for each {unit} of {priced.limit.named}"
