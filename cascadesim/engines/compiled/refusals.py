"""What the compiled engine cannot do. No numba here: who only asks does not wait for it."""

from __future__ import annotations

from collections.abc import Iterator

from cascadesim.engines.case import Case
from cascadesim.model.model import Model
from cascadesim.units import SECOND

_MOST_CHANNELS = 62  # people's reach is kept in the bits of one number
_FASTEST = 1_000_000  # a second: slots of one instant would not be told apart


def refusals(model: Model, case: Case) -> Iterator[str]:
    """Why the compiled engine cannot simulate the case; nothing if it can."""
    if len(model.channels) > _MOST_CHANNELS:
        yield f"the compiled engine does up to {_MOST_CHANNELS} channels, and there are {len(model.channels)}"
    for name in case.channels:
        limit = model.channel(name).throughput
        if limit is not None and limit.count * SECOND > _FASTEST * limit.per:
            yield f"{name} sends more than {_FASTEST:,} messages a second, which the compiled engine cannot tell apart"
