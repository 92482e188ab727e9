"""A script's question with all that it takes to answer it: what `optimize` and `run` have in common."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Event, current_thread, main_thread
from typing import TYPE_CHECKING, Any

import click

from cascadesim.cli.output import Output
from cascadesim.cli.scripts import finished, first_question, named_chains, people_of, read_script
from cascadesim.model.chain import Chain
from cascadesim.model.model import Model
from cascadesim.model.question import Question
from cascadesim.units import Duration

if TYPE_CHECKING:
    from cascadesim.contacts import Contact
    from cascadesim.engines.outcome import Outcome
    from cascadesim.language import Script
    from cascadesim.optimizer import Answer, FrontierPoint, Restriction, Steps
    from cascadesim.optimizer.contest import Contest


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, of which model (with the seed asked for), beside which chains, of which people."""

    script: Script
    model: Model
    question: Question
    chains: tuple[Chain, ...]
    contacts: Mapping[str, Sequence[Contact]]

    @property
    def currency(self) -> str:
        """The currency of results."""
        return self.model.scenario.currency


def ask(out: Output, file: Path, seed: int | None) -> Asked:
    """Reads a script, its question and its people. The chains are those it compares, or all that are finished."""
    script = read_script(out, file)
    model = script.model
    question = first_question(out, model)
    chains = finished(out, named_chains(model, question.compare) if question.compare else model.chains)
    segments = {*model.segments_of(question.segments), *(s for c in chains for s in model.segments_of(c.segments))}
    if seed is not None:
        model = replace(model, scenario=replace(model.scenario, seed=seed))
    return Asked(script, model, question, tuple(chains), people_of(script, segments))


def compare(out: Output, asked: Asked) -> tuple[Outcome, ...]:
    """What the chains come to, each by the engine that says most of it: exactly, else by one replication."""
    from cascadesim.engines.case import Case
    from cascadesim.engines.simulate import simulate

    outcomes = []
    with out.progress("simulating") as progress:
        for chain in asked.chains:
            case = Case(chain.name, asked.model.routes(chain))
            outcomes.append(simulate(asked.model, [case], contacts=asked.contacts, progress=progress))
    return tuple(outcomes)


def search(out: Output, asked: Asked, question: Question | None = None, within: Restriction | None = None) -> Answer:
    """The best plan for the question (by default the one that is asked), within a vendor's restriction."""
    from cascadesim.engines.jit import noticing
    from cascadesim.optimizer import optimize

    with out.progress("looking at") as progress, interrupted() as stop:
        told = None if progress is None else lambda done, total: progress("plans", done, total)
        first = partial(told, 0, 1) if told is not None else lambda: None
        with noticing(first):
            return optimize(asked.model, question or asked.question, asked.contacts, within, told, stop)


@contextmanager
def interrupted() -> Iterator[Callable[[], bool]]:
    """Within it, the first Ctrl-C asks the search to end with what it has; a second one ends the command."""
    asked = Event()
    usual = signal.getsignal(signal.SIGINT)

    def ask(*_: object) -> None:
        asked.set()
        signal.signal(signal.SIGINT, usual)
        click.echo("\nending the search with the best plan so far; Ctrl-C again to stop at once", err=True)

    is_main = current_thread() is main_thread()
    if is_main:
        signal.signal(signal.SIGINT, ask)
    try:
        yield asked.is_set
    finally:
        if is_main:
            signal.signal(signal.SIGINT, usual)


def compared_json(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """The totals of the chains, each with its name."""
    return [{"chain": c.chain, **c.total.to_json()} for outcome in outcomes for c in outcome.chains]


def frontier_json(points: Sequence[FrontierPoint]) -> list[dict[str, Any]]:
    """The points, cheapest first; the steps of each by segment, waits in seconds."""
    return [
        {
            "coverage": point.coverage,
            "cost_per_person": point.cost_per_person,
            "next_percent": point.next_percent,
            "steps": steps_json(point.steps),
        }
        for point in points
    ]


def contest_json(contest: Contest | None) -> dict[str, Any] | None:
    """How the plan was chosen on simulated people, the plans with the best forecasts first; None if it was not."""
    if contest is None:
        return None
    plans = [
        {
            "steps": steps_json(it.steps),
            "forecast": it.forecast,
            "simulated": it.found.to_json(),
            "replications": it.replications,
            "broken": list(it.broken),
            "unsure": list(it.unsure),
        }
        for it in contest.contenders
    ]
    about = {"statement": contest.statement, "winner": contest.winner, "chosen": contest.chosen}
    return {**about, "survivors": list(contest.survivors), "replications": contest.replications, "plans": plans}


def changes_json(answer: Answer) -> list[dict[str, Any]]:
    """The best plan that each kind of change of a step makes, and what it would come to."""
    from cascadesim.optimizer import in_units

    return [
        {
            "segment": it.name,
            "step": it.place,
            "change": it.change,
            "objective_value": in_units(answer.question.objective, it.value),
            "coverage": it.coverage,
            "cost_per_person": it.cost_per_person,
            "broken": [f"{limit.named} {limit.asked}" for limit in it.broken],
            "steps": steps_json({it.name: it.steps}),
        }
        for it in answer.runner_ups
    ]


def steps_json(plans: Mapping[str, Steps]) -> list[dict[str, Any]]:
    """The steps of each segment's plan, segments by name; waits in seconds."""
    return [
        {
            "segment": segment,
            "channel": s.channel,
            "wait": _seconds(s.wait),
            "undelivered_after": _seconds(s.undelivered_after),
        }
        for segment, steps in sorted(plans.items())
        for s in steps
    ]


def _seconds(duration: Duration | None) -> float | None:
    return None if duration is None else duration.seconds
