"""What rules look at, and what several of them ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cascadesim.errors import Span
from cascadesim.language.resolve import Campaign
from cascadesim.language.statements import Block, Faults, Kind
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model


@dataclass(frozen=True, slots=True)
class Case:
    """A model and the campaign it was made from; faults go into `faults`.

    In `model` every name is defined: what the script does not define has a stand-in that no rule finds fault
    with, so that one unknown name does not hide other faults, nor cause them.
    """

    model: Model
    campaign: Campaign
    faults: Faults

    def line_span(self, kind: Kind, name: str, rule: str) -> Span | None:
        """Where a block's statement of that kind stands."""
        block: Block | None = self.campaign.block(kind, name)
        line = block.line(rule) if block is not None else None
        return line.span if line is not None else None

    def channels(self, names: tuple[str, ...]) -> Iterator[Channel]:
        """The channels of these names."""
        return (self.model.channel(name) for name in names)
