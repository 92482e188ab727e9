"""What an 8x8 request says: one content for all its channels, and a text of its own for SMS as the fallback."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cascadesim.contacts import Contact
from cascadesim.model.message import Part
from cascadesim.senders.lists import bounded

if TYPE_CHECKING:
    from cascadesim.senders.lists import ListChain

LONGEST_TEXT = 35_000
"""Characters in a text."""
LONGEST_URL = 2000
LONGEST_SENDER = 16
"""Characters in the name or number that an SMS is from."""


class Contents:
    """The wordings of a chain's steps, as far as one request can hold them.

    Where all steps but SMS name the same template, the request asks for it; else they share a text, and a picture.
    """

    def __init__(self, chain: ListChain) -> None:
        self._chain = chain
        self._wordings = chain.wordings
        self._sms = [hop.there.name == "SMS" for hop in chain.hops]
        chats = [n for n, sms in enumerate(self._sms) if not sms]
        self._first = chats[0] if chats else None
        names = {chain.template(n) for n in chats}
        pictures = {self._picture(n) for n in chats}
        self._image = pictures.pop() if len(pictures) == 1 and names == {None} else None
        self._template = names.pop() if len(names) == 1 else None

    def _picture(self, n: int) -> str | None:
        """The picture of step n as it is written, if its channel can show it."""
        content = self._wordings[n].parts.get("image")
        return None if content is None or "image" not in self._chain.hops[n].there.carries else content.value

    def refusals(self, n: int) -> Iterator[str]:
        """Why step n (from 0) cannot say what it says, a sentence each."""
        mine = self._wordings[n].raw
        if self._template is None and self._chain.template(n) is not None and not (mine or "").strip():
            yield "it says nothing but a template, and 8x8 takes one only where all channels but SMS name the same"
        if self._first is None:
            return
        shared = self._wordings[self._first].raw
        if not self._sms[n] and mine != shared:
            yield f"it says something else than step {self._first + 1}, and 8x8 takes one text for all channels but SMS"
        chats_after = not all(self._sms[n:])
        if self._sms[n] and chats_after and (mine != shared or self._template is not None):
            yield "8x8 takes a text for SMS alone only where SMS comes after the other channels"

    def changes(self, n: int) -> Iterator[str]:
        """What changes in what step n (from 0) says, a sentence each."""
        named = None if self._sms[n] else self._template
        if named is not None:
            if self._chain.settings.language is None:
                yield f'the template "{named}" is asked for in English: no language is set'
            return
        if self._chain.template(n) is not None:
            yield f'the template "{self._chain.template(n)}" is not named: 8x8 looks for the one that the text matches'
        carried: set[Part] = {"template"} if self._chain.template(n) is not None else set()
        if self._image is not None and not self._sms[n]:
            carried.add("image")
        yield from self._wordings[n].left_out(carried)

    def body(self, mine: Sequence[int], contact: Contact) -> dict[str, Any]:
        """The keys `type` and `content` of the contact's request, along these steps; UnsendableError."""
        chat = next((n for n in mine if not self._sms[n]), None)
        sms = next((self._chain.text(n, contact) for n in mine if self._sms[n]), None)
        if chat is None:
            return {"type": "text", "content": {"text": sms, **self._sms_sender(mine)}}
        if self._template is not None:
            content: dict[str, Any] = {"template": self._filled_template(chat, contact)}
        else:
            content = {"text": self._chain.text(chat, contact)}
        if self._image is not None:
            content["url"] = self._chain.image(chat, contact, LONGEST_URL)
        if sms is not None and sms != content.get("text"):
            content["fallbackText"] = sms
        content |= self._sms_sender(mine)
        kind = "image" if self._image is not None else "text" if self._template is None else "template"
        return {"type": kind, "content": content}

    def _sms_sender(self, mine: Sequence[int]) -> dict[str, Any]:
        """Whom an SMS is from, where that is said; else the account's own setting holds."""
        n = next((n for n in mine if self._sms[n]), None)
        if n is None or self._chain.hops[n].channel not in self._chain.settings.senders:
            return {}
        return {"sms": {"source": bounded(self._chain.sender(n), LONGEST_SENDER, "the sender of the SMS")}}

    def _filled_template(self, n: int, contact: Contact) -> dict[str, Any]:
        template: dict[str, Any] = {"name": self._template, "language": self._chain.language}
        values = self._wordings[n].values(contact)
        if values:
            parameters = [{"type": "text", "text": value} for value in values]
            template["components"] = [{"type": "body", "parameters": parameters}]
        return template
