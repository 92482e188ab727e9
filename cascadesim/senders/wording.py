"""What the steps of a chain say, read once for a chain and filled in for every contact."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cascadesim.contacts import Contact
from cascadesim.model.chain import Chain, Send
from cascadesim.model.content import is_html, placeholders, render, text_of
from cascadesim.model.message import Content, Message, Part
from cascadesim.model.model import Model
from cascadesim.senders import codes
from cascadesim.senders.sender import UnsendableError


@dataclass(frozen=True, slots=True)
class Wording:
    """What one step says on its channel.

    `raw` is the text as it was written (None: nothing is said), `blanks` are its placeholders as (column, fallback).
    `parts` are what the message has beside its text for the channel; a subject is for the channels that can carry
    one, and is missed by others only where it names them. `needs` are the columns that any of it reads.
    """

    model: Model
    chain: Chain
    send: Send
    channel: str
    raw: str | None
    blanks: tuple[tuple[str, str | None], ...]
    parts: Mapping[Part, Content]

    @property
    def template(self) -> str | None:
        """The name of the registered template."""
        return self.parts["template"].value if "template" in self.parts else None

    @property
    def needs(self) -> tuple[str, ...]:
        """The contacts' columns that it reads."""
        written = [self.raw or ""]
        for part in self.parts.values():
            written += [part.value, part.to or ""]
        return tuple(dict.fromkeys(name for text in written for name, _ in placeholders(text)))

    @property
    def is_html(self) -> bool:
        """Whether the text is HTML."""
        return is_html(self.model, self.chain, self.send, self.channel)

    def left_out(self, carried: Collection[Part]) -> tuple[str, ...]:
        """What of the message beside its text does not go out where only these parts are carried, in words."""
        return tuple(
            f"{_WORDS[part].format(content.value)} is left out"
            for part, content in self.parts.items()
            if part not in carried and (part != "subject" or content.channel == self.channel)
        )

    def filled(self, part: Part, contact: Contact) -> str | None:
        """A part as this contact reads it, None where the message has none; UnsendableError for a missing value."""
        return None if part not in self.parts else _render(self.parts[part].value, contact.cells)

    def target(self, contact: Contact) -> str:
        """Where the button leads, for this contact; it must have one."""
        return _render(self.parts["button"].to or "", contact.cells)

    def text(self, contact: Contact) -> str:
        """The text as this contact reads it; UnsendableError for a value that is missing."""
        try:
            return text_of(self.model, self.chain, self.send, self.channel, contact.cells) or ""
        except ValueError as error:
            raise _nothing_to_put(error) from error

    def values(self, contact: Contact) -> tuple[str, ...]:
        """What this contact's blanks are filled with; UnsendableError for a value that is missing."""
        return tuple(_value(name, fallback, contact.cells) for name, fallback in self.blanks)


def wording_of(model: Model, chain: Chain, send: Send, channel: str) -> Wording:
    """What the step says on the channel."""
    saying = send.saying or chain.saying
    message = model.message(saying.message) if saying is not None and saying.message is not None else None
    text = message.content("text", channel) if message is not None else None
    raw = saying.text if saying is not None and message is None else None if text is None else text.value
    return Wording(model, chain, send, channel, raw, placeholders(raw or ""), _parts(message, channel))


def _parts(message: Message | None, channel: str) -> dict[Part, Content]:
    found = {part: message.content(part, channel) for part in _WORDS} if message is not None else {}
    return {part: content for part, content in found.items() if content is not None}


_WORDS: dict[Part, str] = {
    "template": 'the template "{}"',
    "subject": 'the subject "{}"',
    "button": 'the button "{}"',
    "image": "the picture {}",
}


def _value(name: str, fallback: str | None, cells: Mapping[str, str]) -> str:
    return _render(f"{{{name}}}" if fallback is None else f"{{{name}|{fallback}}}", cells)


def _render(text: str, cells: Mapping[str, str]) -> str:
    try:
        return render(text, cells)
    except ValueError as error:
        raise _nothing_to_put(error) from error


def _nothing_to_put(error: ValueError) -> UnsendableError:
    return UnsendableError(codes.NOTHING_TO_PUT, str(error), "fill the cells, or write a fallback: {first_name|there}")
