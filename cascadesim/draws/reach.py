"""Joint reach (S4): who has which channels, as likely together as the script says, and no further from chance.

`reaches both viber and whatsapp 48%` ties two channels. Among all joint distributions with the stated margins
and pairs we take the one of maximum entropy, found by iterative proportional fitting (Deming and Stephan,
"On a least squares adjustment of a sampled frequency table", 1940; Csiszar 1975 proves that it converges to
the maximum-entropy table). Channels that no pair ties together are independent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cascadesim.model.model import Model

_ROUNDS = 5_000
_CLOSE = 1e-13
_ACCEPTED = 1e-6  # at the edge of what is possible the fit comes close only slowly
_MOST = 14  # channels tied together: the table has two to this power cells


@dataclass(frozen=True, slots=True)
class _Group:
    """Channels tied by pairs, by name; `table[i]` is the probability of the pattern with bit j for `names[j]`."""

    names: tuple[str, ...]
    table: tuple[float, ...]

    def given(self, known: int, upto: int) -> float:
        """P(names[upto] reaches | the channels before it reach as the bits of `known` say)."""
        mask, bit = (1 << upto) - 1, 1 << upto
        total = hit = 0.0
        for pattern, probability in enumerate(self.table):
            if pattern & mask == known:
                total += probability
                hit += probability if pattern & bit else 0.0
        return hit / total if total else 0.0


class Reach:
    """The joint reach of one segment over all channels of the model; ValueError where no joint has its margins."""

    def __init__(self, model: Model, segment: str) -> None:
        self.names = tuple(sorted(c.name for c in model.channels))
        margins = {}
        for name in self.names:
            rate = model.rate(segment, name, "reaches")
            margins[name] = 1.0 if rate is None else rate.share
        pairs = {(min(b.one, b.other), max(b.one, b.other)): float(b.share) for b in model.segment(segment).both}
        self.groups = tuple(_fitted(names, margins, pairs) for names in _tied(self.names, pairs))
        self._given: dict[tuple[int, int, int], float] = {}

    def draw(self, uniform: Callable[[str], float]) -> frozenset[str]:
        """One person's reach: channel by channel in order of name within what is tied, each given those before."""
        reached = []
        for number, group in enumerate(self.groups):
            known = 0
            for place, name in enumerate(group.names):
                asked = (number, known, place)
                chance = self._given.get(asked)
                if chance is None:
                    chance = self._given[asked] = group.given(known, place)
                if uniform(name) < chance:
                    known |= 1 << place
                    reached.append(name)
        return frozenset(reached)

    def patterns(self, channels: Iterable[str]) -> tuple[tuple[frozenset[str], float], ...]:
        """The patterns over these channels that somebody has, with their probabilities, by names."""
        wanted = frozenset(channels)
        found: dict[frozenset[str], float] = {frozenset(): 1.0}
        for group in self.groups:
            mine: dict[frozenset[str], float] = {}
            for bits, probability in enumerate(group.table):
                pattern = frozenset(n for j, n in enumerate(group.names) if bits >> j & 1 and n in wanted)
                mine[pattern] = mine.get(pattern, 0.0) + probability
            found = {a | b: p * q for a, p in found.items() for b, q in mine.items() if p * q > 0}
        return tuple(sorted(found.items(), key=lambda item: sorted(item[0])))


def patterns(model: Model, segment: str, channels: Iterable[str]) -> tuple[tuple[frozenset[str], float], ...]:
    """The reach patterns over these channels with their probabilities, which sum to 1.

    A channel without a `reaches` rate reaches everybody. ValueError where no joint has the margins and pairs.
    """
    return Reach(model, segment).patterns(channels)


def _tied(names: tuple[str, ...], pairs: Iterable[tuple[str, str]]) -> list[tuple[str, ...]]:
    """The groups of channels that pairs tie together, directly or not; each and all in order of name."""
    group = {n: {n} for n in names}
    for one, other in pairs:
        merged = group[one] | group[other]
        for name in merged:
            group[name] = merged
    return sorted({tuple(sorted(g)) for g in group.values()})


def _fitted(names: tuple[str, ...], margins: dict[str, float], pairs: dict[tuple[str, str], float]) -> _Group:
    if len(names) > _MOST:
        raise ValueError(f"`reaches both` ties {len(names)} channels together; up to {_MOST} can be")
    if len(names) == 1:
        return _Group(names, (1 - margins[names[0]], margins[names[0]]))
    targets = [
        (names.index(one), names.index(other), _quarters(one, other, margins, share))
        for (one, other), share in sorted(pairs.items())
        if one in names
    ]
    table = [1.0 / (1 << len(names))] * (1 << len(names))
    error = 1.0
    for _ in range(_ROUNDS):
        error = max(_scale(table, i, j, quarters) for i, j, quarters in targets)
        if error < _CLOSE:
            break
    if error > _ACCEPTED:
        raise ValueError(f"no people can have these shares of {', '.join(names)} together")
    return _Group(names, tuple(table))


def _quarters(one: str, other: str, margins: dict[str, float], both: float) -> list[float]:
    """P(neither), P(one only), P(other only), P(both)."""
    a, b = margins[one], margins[other]
    low, high = max(0.0, a + b - 1), min(a, b)
    if not low - 1e-12 <= both <= high + 1e-12:
        raise ValueError(
            f"{one} reaches {a:.4%} and {other} {b:.4%}, so both reach between {low:.4%} and {high:.4%}, not {both:.4%}"
        )
    return [max(0.0, x) for x in (1 - a - b + both, a - both, b - both, both)]


def _scale(table: list[float], i: int, j: int, quarters: list[float]) -> float:
    """Gives the table the pair's four shares, keeping the odds within each; returns how far off it was."""
    sums = [0.0] * 4
    for pattern, probability in enumerate(table):
        sums[(pattern >> i & 1) | (pattern >> j & 1) << 1] += probability
    factors = [q / s if s else 0.0 for q, s in zip(quarters, sums, strict=True)]
    for pattern in range(len(table)):
        table[pattern] *= factors[(pattern >> i & 1) | (pattern >> j & 1) << 1]
    return max(abs(q - s) for q, s in zip(quarters, sums, strict=True))
