"""Plans as people read them: who gets what and when, what it promises, and what is proven of it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from cascadesim.engines.outcome import Figures
from cascadesim.model.chain import Chain, Send
from cascadesim.model.question import Objective
from cascadesim.plan import Certificate, Forecast, Plan, PlanSegment
from cascadesim.reports import tables, words
from cascadesim.units import SECOND, Duration, Share


def plan_report(plan: Plan, title: str) -> Iterator[RenderableType]:
    """The plan's table, and its certificate in words."""
    yield plan_table(plan, title)
    yield Text(certificate_text(plan.certificate, plan.objective, plan.model.scenario.currency), tables.QUIET)


def plan_table(plan: Plan, title: str) -> Group:
    """Each segment's steps and waits, and what is forecast of it for one person."""
    currency = plan.model.scenario.currency
    hurried = any(s.wait and s.wait.undelivered_after for entry in plan.segments for s in entry.chain.sends)
    made = tables.table(
        "segment", "step", "channel", "wait", *(["but if\nundelivered"] if hurried else []), "coverage",
        f"{currency} per\nperson", f"{currency} per\ncovered", "messages\neach", left=5 if hurried else 4,
    )  # fmt: skip
    for entry in plan.segments:
        made.add_section()
        label, figures = _who(entry), list(_forecast(entry.forecast))
        for number, channels, wait, early in _steps(entry.chain):
            made.add_row(label, number, channels, wait, *([early] if hurried else []), *figures)
            label, figures = "", [""] * 4
    return tables.titled(title, made)


def _who(entry: PlanSegment) -> str:
    """The segment, the share of it if it is split, and the reach pattern if the entry is for one."""
    share = "" if entry.share >= 1.0 else f" ({words.share(entry.share)})"
    pattern = "" if entry.reach is None else f"\nreached by {words.listed(entry.reach or ('no channel',))}"
    return f"{entry.segment}{share}{pattern}"


def certificate_text(certificate: Certificate, objective: Objective | None, currency: str) -> str:
    """What may be said of the plan (S16), and no more."""
    if certificate.status == "chosen":
        return "Written by hand: nothing was searched, so nothing is known of better plans."
    channels = words.listed(certificate.channels)
    waits = words.listed([str(Duration(round(wait * SECOND))) for wait in certificate.waits])
    space = f"{words.plural(certificate.max_steps or 0, 'step')} at most, on {channels}"
    space += f", with waits of {waits}" if waits else ""
    reached = "" if objective is None else f" for: {_asked(objective)}, {_reached(certificate, objective, currency)}"
    looked = f"{words.plural(certificate.nodes, 'plan')} looked at"
    if certificate.status == "proven":
        return f"Proven best{reached}. No plan of {space}, is better ({looked})."
    if certificate.set_aside:
        aside = words.listed(certificate.set_aside)
        return f"Best found{reached}: {looked}, of {space}. Set aside in the search, so nothing is proven: {aside}."
    gap = certificate.gap
    far = "how far from the optimum is not known" if gap is None else f"at most {words.share(gap)} from the optimum"
    return f"Best found{reached}, {far}: {looked}, of {space}."


def _asked(objective: Objective) -> str:
    verb = "maximize" if objective.maximizes else "minimize"
    worth = f" at {objective.value} per covered person" if objective.value is not None else ""
    return f"{verb} {objective.goal}{worth}"


def _reached(certificate: Certificate, objective: Objective, currency: str) -> str:
    value = certificate.objective_value
    match objective.goal:
        case "coverage":
            return words.share(value)
        case "time to open":
            return f"{words.span(value)} (who never opens counts with the whole campaign)"
        case "coverage per cost":
            return "at no cost at all" if value is None else f"{words.number(value)} covered people per {currency}"
        case "cost per person" | "profit":
            return words.money(value, currency)


def _forecast(forecast: Forecast) -> Iterator[str]:
    cost, coverage = forecast.cost_per_person, forecast.coverage
    yield words.share(coverage)
    yield words.amount(cost)
    yield words.amount(cost / coverage if cost is not None and coverage else None)
    yield words.number(forecast.messages_per_person)


def _steps(chain: Chain) -> Iterator[tuple[str, str, str, str]]:
    """Number, channels, wait and early end of each step; where the chain branches, that is said once."""
    for number, send in enumerate(chain.sends, 1):
        yield str(number), *_step(send)
    if not chain.is_linear and any(not isinstance(node, Send) for node in chain.body):
        yield "", "(with branches)", "", ""


def _step(send: Send) -> tuple[str, str, str]:
    channels, wait = words.listed(send.channels), send.wait
    if wait is None:
        return channels, "", ""
    until = f" or until {words.listed([str(e) for e in wait.until])}" if wait.until else ""
    return channels, f"{wait.lasting}{until}", "" if wait.undelivered_after is None else str(wait.undelivered_after)


def forecast_of(figures: Figures) -> Forecast:
    """What a plan says that is expected of one of its entries."""
    coverage = figures.coverage.mean
    return Forecast(
        None if coverage is None else Share(min(1.0, max(0.0, coverage))),  # float noise may pass 1 by a hair
        figures.cost_per_person.mean,
        figures.messages_per_person.mean,
    )
