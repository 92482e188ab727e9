"""Every message that could go out, rendered as it would be, and sent to nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cascadesim.contacts import Finding
from cascadesim.live.campaign import Campaign
from cascadesim.live.protocols import Outgoing
from cascadesim.live.rows import Recipient
from cascadesim.live.senders import Configured
from cascadesim.live.senders.opening import writer_of


@dataclass(slots=True)
class Rendered:
    """One step on one channel: for how many it was rendered, a first text, and for whom it could not be."""

    people: int = 0
    subject: str | None = None
    text: str | None = None
    unwritten: Finding = field(default_factory=Finding)


class Rendering:
    """Renders, for each recipient that it sees, every message of their chain on the channels that reach them."""

    def __init__(self, campaign: Campaign, tables: Mapping[str, Configured]) -> None:
        self._campaign = campaign
        channels = {c.name: c for program in campaign.programs for c in program.model.channels}
        self._writers = {name: writer_of(channels[name], table) for name, table in tables.items()}
        self.steps: dict[tuple[int, int, str], Rendered] = {}
        """By the entry of the plan, the step and the channel."""

    def see(self, row: Recipient) -> None:
        """Renders this one's."""
        program = self._campaign.programs[row.route]
        for step, send in enumerate(program.chain.sends, 1):
            for channel in send.channels:
                if channel in row.person.reach:
                    message = Outgoing("", row.person, program.model, program.chain, step, channel, 0, row.person.entry)
                    self._render(message, self.steps.setdefault((row.route, step, channel), Rendered()))

    def _render(self, message: Outgoing, into: Rendered) -> None:
        into.people += 1
        try:
            letter = self._writers[message.channel](message)
        except ValueError as error:
            into.unwritten.note(into.people, message.person.id, str(error))
            return
        if into.text is None:
            into.subject, into.text = letter.subject, letter.text

    def chain_of(self, route: int) -> str:
        """The name of the chain of that entry."""
        return self._campaign.programs[route].chain.name

    def to_json(self) -> dict[str, Any]:
        """The steps as data."""
        return {
            "rendered": [
                {
                    "chain": self.chain_of(route),
                    "step": step,
                    "channel": channel,
                    "people": rendered.people,
                    "unwritten": rendered.unwritten.count,
                    "subject": rendered.subject,
                    "text": rendered.text,
                }
                for (route, step, channel), rendered in sorted(self.steps.items())
            ]
        }
