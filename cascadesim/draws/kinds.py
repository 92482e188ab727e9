"""Hidden kinds of people (S4): factors on open and answer rates, whose mean is 1."""

from __future__ import annotations

from cascadesim.model.segment import Segment

_CLOSE = 1e-9


def kinds(segment: Segment) -> tuple[tuple[str, float, float], ...]:
    """(name, share, factor) of each kind, in the script's order, the rest's computed.

    The rest's share is what the others leave, its factor the one that makes the mean 1. One usual kind where
    the segment states none. ValueError, which says why, where that is impossible.
    """
    if not segment.kinds:
        return (("usual", 1.0, 1.0),)
    stated = [(k.name, float(k.share), k.factor) for k in segment.kinds if k.share is not None and k.factor is not None]
    rest = [k.name for k in segment.kinds if k.share is None or k.factor is None]
    left = 1.0 - sum(share for _, share, _ in stated)
    owed = 1.0 - sum(share * factor for _, share, factor in stated)
    if left < -_CLOSE:
        raise ValueError(f"the kinds' shares come to {1 - left:.4%}, more than everybody")
    if not rest:
        if abs(left) > _CLOSE or abs(owed) > _CLOSE:
            raise ValueError("the kinds' shares must come to 100% and their factors average 1: say `the rest usual`")
        return tuple(stated)
    if left <= _CLOSE:
        raise ValueError(f"nobody is left for the kind {rest[0]}: the others are everybody")
    if owed < -_CLOSE:
        raise ValueError(f"the kinds before leave {rest[0]} a negative factor: their mean is over 1 already")
    return (*stated, (rest[0], left, max(0.0, owed) / left))
