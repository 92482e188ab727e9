"""Messages: what is said, by default and per channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from cascadesim.errors import Span

Part = Literal["text", "subject", "template", "button", "image"]


@dataclass(frozen=True, slots=True)
class Content:
    """One part of a message: its value, the channel it is for (None: any), a button's target.

    A text from a file holds the file's text; `file` is its name, as the script gives it.
    """

    part: Part
    value: str
    channel: str | None = None
    to: str | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A `message` block."""

    name: str
    title: str | None = None
    contents: tuple[Content, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)

    def content(self, part: Part, channel: str) -> Content | None:
        """The part as it goes out on the channel: the channel's own, else the default."""
        mine = [c for c in self.contents if c.part == part]
        own = next((c for c in mine if c.channel == channel), None)
        return own or next((c for c in mine if c.channel is None), None)
