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

    `times` says how often each channel may come, `before_another` and `at_the_end` which steps there are on it,
    by name, `never` holds pairs (channel, one it must not come after). The names to start and end with are
    empty where any will do.
    """

    times: Mapping[str, int]
    before_another: Mapping[str, tuple[Step, ...]]
    at_the_end: Mapping[str, tuple[Step, ...]]
    min_steps: int
    max_steps: int
    start_with: frozenset[str]
    end_with: frozenset[str]
    never: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, model: Model, question: Question) -> Space:
        """The space of a question, whatever the order in which it lists channels and waits."""
        channels = sorted(set(question.channels))
        waits = sorted(set(question.waits))
        repeats = {r.channel: r.times for r in question.repeats}
        most = question.max_steps if question.never_more is None else min(question.max_steps, question.never_more)

        def early(channel: str, wait: Duration) -> Duration | None:
            end = question.undelivered_after
            is_early = end is not None and wait > end and model.channel(channel).reports_state("delivered")
            return end if is_early else None

        return cls(
            times={c: repeats.get(c, 1) for c in channels},
            before_another={c: tuple(Step(c, w, early(c, w)) for w in waits) for c in channels},
            at_the_end={c: (Step(c),) for c in channels},
            min_steps=max(1, question.min_steps),
            max_steps=most,
            start_with=frozenset(question.start_with),
            end_with=frozenset(question.end_with),
            never=frozenset((n.channel, n.after) for n in question.never),
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
        return (self.at_the_end if last else self.before_another)[channel]

    def size(self) -> int:
        """How many plans it has."""
        waits = len(next(iter(self.before_another.values()), ()))
        return sum(self._sequences((), length, {}) * waits ** (length - 1) for length in self.lengths)

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
