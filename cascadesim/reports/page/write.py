"""A dossier as one HTML page."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from rich.console import RenderableType
from rich.text import Text

from cascadesim.errors import RefusedError
from cascadesim.language.printer import question_text, script_of
from cascadesim.model.channel import Channel, Quiet
from cascadesim.model.model import Model
from cascadesim.optimizer.uncertainty import beliefs
from cascadesim.reports import answers, confirmation, tables, words
from cascadesim.reports.changes import changes_table
from cascadesim.reports.markup import STYLE, markup
from cascadesim.reports.page.colours import coloured, style
from cascadesim.reports.page.dossier import Dossier
from cascadesim.reports.page.svg import svg
from cascadesim.reports.page.ways import way_of
from cascadesim.reports.pictures.coverage import coverage
from cascadesim.reports.pictures.frontier import frontier
from cascadesim.reports.pictures.sends import sends
from cascadesim.reports.pictures.swings import tornado
from cascadesim.reports.plans import certificate_text, plan_table

_COLUMNS = ("channel", "sends", "not at", "price", "reports")


def page(found: Dossier, script: str | None = None) -> str:
    """The page. `script` is the text that the plan was made of; else it is printed from the model, without comments."""
    environment = Environment(
        loader=PackageLoader("cascadesim.reports.page", "."), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("page.html.jinja").render(_said(found, script)) + "\n"


def _said(found: Dossier, script: str | None) -> dict[str, Any]:
    plan, scenario = found.plan, found.plan.model.scenario
    question = None if found.question is None else question_text(plan.model, found.question)
    return {
        "title": scenario.title or f"Plan for {words.listed(plan.names)}",
        "style": Markup(STYLE + style()),
        "question": None if question is None else Markup(coloured(question)),
        "sentence": sentence(found),
        "certificate": certificate_text(plan.certificate, plan.objective, scenario.currency),
        "ways": [way_of(flow, scenario.currency) for flow in found.followed.flows()],
        "scaled": words.count(len(found.followed.trips)) if len(found.followed.trips) < found.people - 1 else None,
        "plan": _html([plan_table(plan, "Forecast, by segment")]),
        "coverage": _picture(coverage([found.followed.curve()]), "coverage", "Coverage over time."),
        "frontier": _frontier(found),
        "unanswered": found.unanswered,
        "runner_ups": _html(_runner_ups(found)),
        "uncertain": _html(_uncertain(found)),
        "tornado": _tornado(found),
        "run": _html(_run(found)),
        "sends": _picture(sends(found.followed.sendings(), scenario), "sends", "Messages per hour, by channel."),
        "script": Markup(coloured(_printed(plan.model) if script is None else script)),
        "is_printed": script is None,
        "plan_sha256": plan.sha256,
        "source_sha256": plan.source_sha256,
        "version": version("cascadesim"),
    }


def _printed(model: Model) -> str:
    """The script printed from the model; where no script says what is in the model, why."""
    try:
        return script_of(model)
    except RefusedError as error:
        return "\n".join(f"# {line}" for line in str(error).splitlines())


def sentence(found: Dossier) -> str:
    """The answer in one sentence."""
    plan, total = found.plan, found.simulated.total
    currency = plan.model.scenario.currency
    chains = len({entry.chain for entry in plan.segments})
    what = "One chain" if chains == 1 else f"{chains} chains for {words.plural(len(plan.names), 'segment')}"
    cover = "covers" if chains == 1 else "cover"
    kept = [limit.is_kept for limit in found.kept]
    limits = (
        "" if not kept else ", within all limits" if all(kept) else f", but {kept.count(False)} of the limits broken"
    )
    return (
        f"{what} {cover} {words.share(total.coverage.mean)} of {words.count(found.people)} people for "
        f"{words.money(total.cost_per_person.mean, currency)} each, {words.money(total.cost.mean, currency)} in all, "
        f"with {words.number(total.messages_per_person.mean)} messages per person{limits}."
    )


def _html(things: Iterator[RenderableType] | list[RenderableType]) -> Markup:
    return Markup(markup(things))


def _picture(ax: Any, name: str, told: str) -> Markup:
    return Markup(svg(ax, name, told))


def _frontier(found: Dossier) -> dict[str, Markup] | None:
    """The frontier as a picture and as a table. A plan that is not the question's answer stands beside it."""
    if found.answer is None or not found.answer.frontier:
        return None
    currency = found.plan.model.scenario.currency
    beside = found.compared if found.is_answer else (*found.compared, found.simulated)
    drawn = frontier(found.answer, beside, currency=currency)
    told = "What coverage costs: the frontier of plans, the plan, and the chains of the script."
    return {
        "picture": _picture(drawn, "frontier", told),
        "table": _html([answers.frontier_table(found.answer, currency)]),
    }


def _runner_ups(found: Dossier) -> Iterator[RenderableType]:
    if found.answer is None:
        return
    currency = found.plan.model.scenario.currency
    if not found.is_answer:
        yield Text("This plan is not the one that the question has for its answer; what follows is of the latter.")
    yield from changes_table(found.answer, currency)
    yield from answers.contest_report(found.answer, currency)


def _uncertain(found: Dossier) -> Iterator[RenderableType]:
    """What was set aside, whether limits are kept, and of which rates it is known how well they are known."""
    aside = found.plan.certificate.set_aside
    if aside:
        yield Text(f"The search left out {words.listed(aside)}; the simulation behind the figures above did not.")
    if found.kept:
        yield confirmation.keeps_table(found.kept)
    believed = () if found.question is None else beliefs(found.plan.model, found.question)
    if not believed:
        yield Text("None of the rates says how well it is known (`34% measured on 900`, `20% to 30%`).")
        return
    made = tables.table("rate", "taken as", "believed, 95%", left=1)
    for belief in believed:
        low, high = belief.interval
        made.add_row(str(belief.name), words.share(belief.mean), f"{words.share(low)} to {words.share(high)}")
    yield tables.titled("Rates that say how well they are known", made)


def _tornado(found: Dossier) -> Markup | None:
    if not found.swings or found.answer is None:
        return None
    objective, currency = found.answer.question.objective, found.plan.model.scenario.currency
    drawn = tornado(found.swings, found.answer.objective_value or 0.0, objective, currency=currency)
    return _picture(drawn, "tornado", "How far each rate moves the optimum, one at a time.")


def _run(found: Dossier) -> Iterator[RenderableType]:
    """When it begins, how long people are followed, and what each channel of the plan is bound to."""
    plan, scenario = found.plan, found.plan.model.scenario
    begins = "when it is started" if scenario.starts is None else f"on {scenario.starts:%Y-%m-%d at %H:%M}"
    yield Text(f"It begins {begins} ({scenario.zone}); everybody is followed for {scenario.horizon} from their entry.")
    made = tables.table(*_COLUMNS, left=len(_COLUMNS))
    used = sorted({channel for entry in plan.segments for channel in entry.chain.channels})
    for channel in map(plan.model.channel, used):
        made.add_row(*_channel(channel))
    yield tables.titled("Channels", made)


def _channel(channel: Channel) -> Iterator[str]:
    yield channel.name if channel.title is None else f"{channel.name}\n{channel.title}"
    yield "without a limit" if channel.throughput is None else f"up to {channel.throughput}"
    yield "\n".join(map(_quiet, channel.quiet)) or words.NOTHING
    prices = (f"{'at least ' if p.at_least else ''}{p.amount} per {p.basis}" for p in channel.costs)
    yield "\n".join(prices) or "nothing"
    yield "\n".join(channel.states if channel.reports is None else channel.reports) or "nothing"


def _quiet(rule: Quiet) -> str:
    hours = "all day" if rule.hours is None else f"{rule.hours.start:%H:%M} to {rule.hours.end:%H:%M}"
    days = [_DAYS[day] for day in rule.days] + [day.isoformat() for day in rule.dates]
    return f"{hours}{' on ' + words.listed(days) if days else ''}"


_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
