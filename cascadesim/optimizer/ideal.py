"""The model without what the closed form cannot see (S15): throughput and every clock rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cascadesim.engines import exact
from cascadesim.model.chain import Chain, Route, Send
from cascadesim.model.model import Model
from cascadesim.model.question import Question
from cascadesim.optimizer.restriction import listed


def idealised(
    model: Model,
    channels: Iterable[str] | None = None,
    segments: Iterable[str] | None = None,
    by_clock: bool = False,
) -> tuple[Model, tuple[str, ...]]:
    """The model without throughput and, unless `by_clock`, quiet hours and `reacts from`; what was set aside.

    Only what concerns these channels and segments (None: all) is taken out and named. Channels and segments
    of the model returned are in order of name: what is computed from it does not depend on the file's order.
    """
    used = {c.name for c in model.channels} if channels is None else set(channels)
    asked = {s.name for s in model.segments} if segments is None else set(segments)
    quiet = [c.name for c in model.channels if c.name in used and c.quiet and not by_clock]
    limited = [c.name for c in model.channels if c.name in used and c.throughput]
    reacting = [s.name for s in model.segments if s.name in asked and s.reacts and not by_clock]
    aside = [f"quiet hours of {listed(quiet)}"] if quiet else []
    aside += ["quiet hours of the whole campaign"] if model.scenario.quiet and not by_clock else []
    aside += [f"the throughput of {listed(limited)}"] if limited else []
    aside += [f"the hours in which {listed(reacting)} react{'s' if len(reacting) == 1 else ''}"] if reacting else []
    ideal = replace(
        model,
        scenario=model.scenario if by_clock else replace(model.scenario, quiet=()),
        channels=tuple(
            replace(c, quiet=c.quiet if by_clock else (), throughput=None) if c.name in used else c
            for c in sorted(model.channels, key=lambda c: c.name)
        ),
        segments=tuple(
            replace(s, reacts=None) if s.name in asked and not by_clock else s
            for s in sorted(model.segments, key=lambda s: s.name)
        ),
    )
    return ideal, tuple(aside)


def clock_rules(model: Model, question: Question, segments: Iterable[str]) -> bool | None:
    """Whether the closed form can see the clock rules that concern the question (S15); None if there are none.

    It can where everybody enters at the campaign's start, and no integrals inside integrals are asked for.
    """
    chain = Chain("", tuple(Send((c,)) for c in question.channels), stop_when=question.stop_events)
    routes = [Route(name, chain) for name in segments]
    if not any(exact.clock_rules(model, route) for route in routes):
        return None
    ideal, _ = idealised(model, question.channels, by_clock=True)
    within = model.scenario.horizon if question.within is None else question.within
    return not exact.refusals(ideal, routes, (question.goal_events, int(within)))
