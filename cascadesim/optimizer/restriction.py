"""What a vendor's own cascade can carry, as a plain restriction of the question."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

from cascadesim.errors import QuestionError
from cascadesim.model.question import NeverAfter, Question
from cascadesim.units import Duration


@dataclass(frozen=True, slots=True)
class Restriction:
    """What may be used; `by` is who restricts, as sentences name it (`8x8`).

    Only these channels, each once unless it `repeats`; of each set in `apart` one at most; and waits from the
    `shortest` to the `longest`, if there are such.
    """

    channels: frozenset[str]
    by: str
    repeats: bool = True
    apart: tuple[frozenset[str], ...] = ()
    shortest: Duration | None = None
    longest: Duration | None = None

    def narrow(self, question: Question) -> tuple[Question, tuple[str, ...]]:
        """The question on these channels alone, and what that took out of it, one plain sentence each.

        A `start with` or `end with` line none of whose channels is left is set aside. QuestionError (C404)
        if no channel at all is left.
        """
        kept = tuple(c for c in question.channels if c in self.channels)
        if not kept:
            raise QuestionError.of(
                "C404",
                f"{self.by} sends on none of the channels to choose from: {listed(question.channels)}",
                f"add one of {listed(self.channels)} to `choose from`" if self.channels else None,
                question.span,
            )
        dropped = [c for c in question.channels if c not in self.channels]
        said = [f"{listed(dropped)}: {self.by} does not send there"] if dropped else []
        ends = {}
        for words, channels in (("start with", question.start_with), ("end with", question.end_with)):
            ends[words] = tuple(c for c in channels if c in self.channels)
            if channels and not ends[words]:
                said.append(f"`{words} {listed(channels)}`: {self.by} does not send there")
        narrowed = replace(question, channels=kept, start_with=ends["start with"], end_with=ends["end with"])
        for part in (self._without_repeats, self._apart, self._within_waits):
            narrowed, more = part(narrowed)
            said += more
        return narrowed, tuple(said)

    def _without_repeats(self, question: Question) -> tuple[Question, list[str]]:
        if self.repeats:
            return question, []
        repeats = [f"`repeat {r.channel} up to {r.times} times`" for r in question.repeats if r.times > 1]
        return replace(question, repeats=()), [f"{r}: {self.by} takes a channel once" for r in repeats]

    def _apart(self, question: Question) -> tuple[Question, list[str]]:
        pairs, said = set(question.never), []
        for group in self.apart:
            mine = sorted(group & set(question.channels))
            if len(mine) > 1:
                pairs |= {NeverAfter(a, b) for a, b in itertools.permutations(mine, 2)}
                said.append(f"plans with more than one of {listed(mine)}: {self.by} takes one of them in a request")
        ordered = sorted(pairs, key=lambda pair: (pair.channel, pair.after))
        return (replace(question, never=tuple(ordered)), said) if said else (question, [])

    def _within_waits(self, question: Question) -> tuple[Question, list[str]]:
        out = [w for w in question.waits if not self._is_carried(w)]
        if not out:
            return question, []
        waits = tuple(w for w in question.waits if w not in out)
        said = f"waits of {listed([str(w) for w in out])}: {self.by} waits from {self.shortest} to {self.longest}"
        return replace(question, waits=waits), [said]

    def _is_carried(self, wait: Duration) -> bool:
        return (self.shortest is None or wait >= self.shortest) and (self.longest is None or wait <= self.longest)


def listed(names: frozenset[str] | tuple[str, ...] | list[str]) -> str:
    """`push, viber and sms`: the names as a sentence has them, in order of name."""
    *most, last = sorted(names)
    return f"{', '.join(most)} and {last}" if most else last
