"""Who follows which chain, where a plan gives one segment several (S14, `by reach` and split segments)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate

from cascadesim.model.chain import Route
from cascadesim.model.person import Person


def choose(routes: Sequence[Route], person: Person, lot: Callable[[Person], float]) -> int | None:
    """The place in `routes` of the one that the person follows; None: the plan is not for them.

    A route's pattern speaks of the channels that any pattern of the segment names. Where several routes fit,
    their shares are laid end to end from 0, and the person's number in (0, 1), `lot`, falls into one of them.
    """
    mine = [place for place, route in enumerate(routes) if route.segment == person.segment]
    named = frozenset(channel for place in mine for channel in routes[place].reach or ())
    reach = person.reach & named
    fitting = [place for place in mine if (own := routes[place].reach) is None or frozenset(own) == reach]
    if len(fitting) < 2:
        return fitting[0] if fitting else None
    drawn, ends = lot(person), accumulate(routes[place].share for place in fitting)
    return next((place for place, end in zip(fitting, ends, strict=True) if drawn < end), fitting[-1])
