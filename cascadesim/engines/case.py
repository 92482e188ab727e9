"""What is simulated as one whole, and how engines say how far they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cascadesim.model.chain import Hole, Route
from cascadesim.model.model import Model

Progress = Callable[[str, int, int], None]
"""Told what is being worked on, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is simulated as one whole: a chain, or a plan; who follows what is in its routes."""

    name: str
    routes: tuple[Route, ...]

    @property
    def segments(self) -> tuple[str, ...]:
        """The segments, by name."""
        return tuple(sorted({r.segment for r in self.routes}))

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels with a step, by name."""
        return tuple(sorted({c for r in self.routes for c in r.chain.channels}))


def cases(model: Model, *names: str) -> tuple[Case, ...]:
    """The model's chains of these names, or all of them; KeyError for a name that is none."""
    chosen = [model.chain(n) for n in names] if names else list(model.chains)
    return tuple(Case(c.name, model.routes(c)) for c in chosen)


def unfinished(*cases: Case) -> Iterator[str]:
    """Why the cases cannot be run yet: their chains with a hole."""
    for name, chain in {route.chain.name: route.chain for case in cases for route in case.routes}.items():
        if any(isinstance(node, Hole) for node in chain.nodes):
            yield f"chain {name} has a hole `...`: it is still to be written"


def is_limited(model: Model, case: Case) -> bool:
    """Whether a throughput limit ties people together."""
    return any(model.channel(c).throughput is not None for c in case.channels)
