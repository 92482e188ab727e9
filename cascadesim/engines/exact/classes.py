"""Who is written to: the classes of a segment's people, who differ in reach and kind (S4, S15)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from cascadesim.contacts import Contact, reach_of, zone_of
from cascadesim.draws.kinds import kinds
from cascadesim.draws.reach import patterns
from cascadesim.engines.exact.quadrature import Floats
from cascadesim.model.chain import Chain, Saying, Send
from cascadesim.model.content import parts_of
from cascadesim.model.model import Model
from cascadesim.model.segment import Arrivals, Contacts, Headcount

_Pattern = tuple[frozenset[str], str]


class Classes:
    """The reach patterns of a segment over some channels, and its kinds; a class is one of each.

    `patterns` and their `weights` (which sum to 1, if there is anybody) are in order of name; those of a
    segment of contacts are counted from its people. `shares` and `factors` are the kinds'. With `given` only
    people count who are reached by its channels as it says; `share` is how many they are of all. With `by_zone`
    people in other time zones are other patterns; `zones` has those of the patterns.

    ValueError: no joint reach has the margins, no such kinds, or the contacts are not given.
    """

    def __init__(
        self,
        model: Model,
        segment: str,
        channels: Iterable[str],
        people: Sequence[Contact] | None,
        given: Mapping[str, bool],
        by_zone: bool = False,
    ) -> None:
        self._model = model
        self._people: dict[_Pattern, list[Contact]] = {}
        wanted, known = frozenset(channels), frozenset(given)
        as_given = frozenset(channel for channel, reaches in given.items() if reaches)
        found: dict[_Pattern, float] = {}
        for reach, weight, contact in self._everybody(segment, wanted | known, people):
            if reach & known == as_given:
                own = contact if by_zone else None
                pattern = reach & wanted, model.zone_of(segment) if own is None else zone_of(model, segment, own)
                found[pattern] = found.get(pattern, 0.0) + weight
                if contact is not None:
                    self._people.setdefault(pattern, []).append(contact)
        self.share = math.fsum(found.values())
        self._patterns = tuple(sorted(found, key=lambda pattern: (sorted(pattern[0]), pattern[1])))
        self.patterns = tuple(reach for reach, _ in self._patterns)
        self.zones = tuple(zone for _, zone in self._patterns)
        self.weights: Floats = np.array([found[pattern] / self.share for pattern in self._patterns])
        several = kinds(model.segment(segment))
        self.shares: Floats = np.array([share for _, share, _ in several])
        self.factors: Floats = np.array([factor for _, _, factor in several])

    def reached(self, channel: str) -> NDArray[np.bool_]:
        """Which patterns have the channel."""
        return np.array([channel in p for p in self.patterns], dtype=bool)

    def parts(self, channel: str, saying: Saying | None) -> Floats:
        """How many parts a message is billed as on the average, for each pattern (S13).

        ValueError where a placeholder of the text has neither a contact's cell nor a fallback.
        """
        send = Send((channel,), saying)
        chain = Chain("", (send,))
        if not self._people:
            return np.full(len(self.patterns), float(parts_of(self._model, chain, send, channel, None)))
        means = np.ones(len(self.patterns))
        for number, pattern in enumerate(self._patterns):
            if channel in pattern[0]:
                cells = (contact.cells for contact in self._people[pattern])
                means[number] = fmean(parts_of(self._model, chain, send, channel, c) for c in cells)
        return means

    def _everybody(
        self, segment: str, channels: frozenset[str], people: Sequence[Contact] | None
    ) -> Iterator[tuple[frozenset[str], float, Contact | None]]:
        """(reach, probability) of each pattern, or (reach, share of the segment, the contact) of each person."""
        if not isinstance(self._model.segment(segment).people, Contacts):
            yield from ((reach, weight, None) for reach, weight in patterns(self._model, segment, channels))
            return
        if people is None:
            raise ValueError(f"the people of segment {segment} come from a file: its contacts must be given")
        for contact in people:
            yield reach_of(self._model, contact), 1 / len(people), contact


def headcount(model: Model, segment: str, people: Sequence[Contact] | None) -> float:
    """How many people a segment has; the expected number where they arrive (S2)."""
    who = model.segment(segment).people
    if isinstance(who, Headcount):
        return float(who.count)
    if isinstance(who, Arrivals):
        return who.count * (who.lasting / who.per)
    return float(len(people or ()))
