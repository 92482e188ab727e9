"""The space of a question: which sequences of channels and waits are plans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cascadesim.model.model import Model
from cascadesim.model.question import Question
from cascadesim.units import Duration


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a plan: the channel, the wait from its dispatch (the last step has none) and its earlier end."""

    channel: str
    wait: Duration | None = None
    undelivered_after: Duration | None = None


Steps = tuple[Step, ...]


def order(steps: Steps) -> tuple[int, tuple[str, ...], tuple[int, ...]]:
    """How equally good plans are ranked: fewer steps, then the channels by name, then shorter waits."""
    return len(steps), tuple(s.channel for s in steps), tuple(s.wait or 0 for s in steps)


@dataclass(frozen=True, slots=True)
class Space:
    """The plans that a question allows.

    `times` says how often each channel may come, `never` holds pairs (channel, one it must not come after).
    `hurried` are the channels whose waits end early for the undelivered (`undelivered_after`).
    """

    times: Mapping[str, int]
    waits: tuple[Duration, ...]
    min_steps: int
    max_steps: int
    start_with: frozenset[str]
    end_with: frozenset[str]
    never: frozenset[tuple[str, str]]
    undelivered_after: Duration | None
    hurried: frozenset[str]

    @classmethod
    def of(cls, model: Model, question: Question) -> Space:
        """The space of a question, whatever the order in which it lists channels and waits."""
        repeats = {r.channel: r.times for r in question.repeats}
        most = question.max_steps if question.never_more is None else min(question.max_steps, question.never_more)
        return cls(
            times={c: repeats.get(c, 1) for c in sorted(set(question.channels))},
            waits=tuple(sorted(set(question.waits))),
            min_steps=max(1, question.min_steps),
            max_steps=most,
            start_with=frozenset(question.start_with),
            end_with=frozenset(question.end_with),
            never=frozenset((n.channel, n.after) for n in question.never),
            undelivered_after=question.undelivered_after,
            hurried=frozenset(c for c in question.channels if model.channel(c).reports_state("delivered")),
        )

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels allowed, by name."""
        return tuple(self.times)

    @property
    def lengths(self) -> range:
        """The numbers of steps allowed."""
        return range(self.min_steps, self.max_steps + 1)

    def next_channels(self, before: tuple[str, ...], length: int) -> Iterator[str]:
        """The channels that may follow those before in a plan of this many steps, by name."""
        for channel, times in self.times.items():
            first, last = not before, len(before) + 1 == length
            if (
                before.count(channel) < times
                and not (first and self.start_with and channel not in self.start_with)
                and not (last and self.end_with and channel not in self.end_with)
                and not any((channel, earlier) in self.never for earlier in before)
            ):
                yield channel

    def steps(self, channel: str, last: bool) -> tuple[Step, ...]:
        """The steps on a channel: one for each wait, and one without a wait where it is the last."""
        return (Step(channel),) if last else tuple(Step(channel, w, self._early(channel, w)) for w in self.waits)

    def _early(self, channel: str, wait: Duration) -> Duration | None:
        early = self.undelivered_after
        return early if early is not None and wait > early and channel in self.hurried else None

    def size(self) -> int:
        """How many plans it has."""
        return sum(self._sequences((), length, {}) * len(self.waits) ** (length - 1) for length in self.lengths)

    def _sequences(self, before: tuple[str, ...], length: int, known: dict[tuple[str, ...], int]) -> int:
        # What may follow depends on which channels came before, not on their order: count each set once.
        if len(before) == length:
            return 1
        before = tuple(sorted(before))
        if before not in known:
            known[before] = sum(
                self._sequences((*before, channel), length, known) for channel in self.next_channels(before, length)
            )
        return known[before]
