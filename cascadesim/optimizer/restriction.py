"""What a vendor's own cascade can carry, as a plain restriction of the question."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cascadesim.errors import QuestionError
from cascadesim.model.question import Question


@dataclass(frozen=True, slots=True)
class Restriction:
    """Only these channels are to be used; `by` is who restricts, as sentences name it (`8x8`)."""

    channels: frozenset[str]
    by: str

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
        return narrowed, tuple(said)


def listed(names: frozenset[str] | tuple[str, ...] | list[str]) -> str:
    """`push, viber and sms`: the names as a sentence has them, in order of name."""
    *most, last = sorted(names)
    return f"{', '.join(most)} and {last}" if most else last
