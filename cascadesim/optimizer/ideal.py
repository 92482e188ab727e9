"""The model without what the closed form cannot see (S15): throughput and every clock rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cascadesim.model.model import Model
from cascadesim.optimizer.restriction import listed


def idealised(
    model: Model, channels: Iterable[str] | None = None, segments: Iterable[str] | None = None
) -> tuple[Model, tuple[str, ...]]:
    """The model without throughput, quiet hours and `reacts from`, and what was set aside, one phrase each.

    Only what concerns these channels and segments (None: all) is taken out and named. Channels and segments
    of the model returned are in order of name: what is computed from it does not depend on the file's order.
    """
    used = {c.name for c in model.channels} if channels is None else set(channels)
    asked = {s.name for s in model.segments} if segments is None else set(segments)
    quiet = [c.name for c in model.channels if c.name in used and c.quiet]
    limited = [c.name for c in model.channels if c.name in used and c.throughput]
    reacting = [s.name for s in model.segments if s.name in asked and s.reacts]
    aside = [f"quiet hours of {listed(quiet)}"] if quiet else []
    aside += ["quiet hours of the whole campaign"] if model.scenario.quiet else []
    aside += [f"the throughput of {listed(limited)}"] if limited else []
    aside += [f"the hours in which {listed(reacting)} react{'s' if len(reacting) == 1 else ''}"] if reacting else []
    ideal = replace(
        model,
        scenario=replace(model.scenario, quiet=()),
        channels=tuple(
            replace(c, quiet=(), throughput=None) if c.name in used else c
            for c in sorted(model.channels, key=lambda c: c.name)
        ),
        segments=tuple(
            replace(s, reacts=None) if s.name in asked else s for s in sorted(model.segments, key=lambda s: s.name)
        ),
    )
    return ideal, tuple(aside)
