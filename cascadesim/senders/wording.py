"""What the steps of a chain say, read once for a chain and filled in for every contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cascadesim.contacts import Contact
from cascadesim.model.chain import Chain, Send
from cascadesim.model.content import placeholders, render, text_of
from cascadesim.model.message import Message, Part
from cascadesim.model.model import Model
from cascadesim.senders import codes
from cascadesim.senders.sender import UnsendableError


@dataclass(frozen=True, slots=True)
class Wording:
    """What one step says on its channel.

    `raw` is the text as it was written (None: nothing is said), `blanks` are its placeholders as (column, fallback),
    `template` names the registered template, `extras` the button and picture for the channel.
    """

    model: Model
    chain: Chain
    send: Send
    channel: str
    raw: str | None
    blanks: tuple[tuple[str, str | None], ...]
    template: str | None
    extras: tuple[str, ...]

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
    raw = saying.text if saying is not None and message is None else _value_of(message, "text", channel)
    template = _value_of(message, "template", channel)
    blanks = placeholders(raw or "")
    return Wording(model, chain, send, channel, raw, blanks, template, _extras(message, channel))


def _value_of(message: Message | None, part: Part, channel: str) -> str | None:
    content = message.content(part, channel) if message is not None else None
    return None if content is None else content.value


def _extras(message: Message | None, channel: str) -> tuple[str, ...]:
    """The button and the picture, in words."""
    found = {part: message.content(part, channel) for part in _EXTRAS} if message is not None else {}
    return tuple(_EXTRAS[part].format(content.value) for part, content in found.items() if content is not None)


_EXTRAS: dict[Part, str] = {"button": 'the button "{}"', "image": "the picture {}"}


def _value(name: str, fallback: str | None, cells: Mapping[str, str]) -> str:
    try:
        return render(f"{{{name}}}" if fallback is None else f"{{{name}|{fallback}}}", cells)
    except ValueError as error:
        raise _nothing_to_put(error) from error


def _nothing_to_put(error: ValueError) -> UnsendableError:
    return UnsendableError(codes.NOTHING_TO_PUT, str(error), "fill the cells, or write a fallback: {first_name|there}")
