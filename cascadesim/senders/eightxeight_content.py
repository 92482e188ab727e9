"""What an 8x8 request says: one content for all its channels, and a text of its own for SMS as the fallback."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cascadesim.contacts import Contact
from cascadesim.senders import codes
from cascadesim.senders.capabilities import VendorChannel
from cascadesim.senders.sender import UnsendableError
from cascadesim.senders.wording import Wording

LONGEST_TEXT = 35_000
"""Characters in a text."""

_ENGLISH = "en"


class Contents:
    """The wordings of a chain's steps, as far as one request can hold them.

    Where all steps but SMS name the same template, the request asks for it; else they share a text.
    """

    def __init__(self, wordings: Sequence[Wording], channels: Sequence[VendorChannel], language: str | None) -> None:
        self._wordings = wordings
        self._sms = [there.name == "SMS" for there in channels]
        self._takes_templates = [there.templates for there in channels]
        self._language = language
        chats = [n for n, sms in enumerate(self._sms) if not sms]
        self._first = chats[0] if chats else None
        names = {self._template_of(n) for n in chats}
        self._template = names.pop() if len(names) == 1 else None

    def refusals(self, n: int) -> Iterator[str]:
        """Why step n (from 0) cannot say what it says, a sentence each."""
        mine, is_named = self._wordings[n].raw, self._template is not None and not self._sms[n]
        if not (mine or "").strip() and not is_named:
            yield 'it says nothing: add `saying "..."` to the chain, or a text to the message'
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
        if self._sms[n]:
            return
        if self._template is not None:
            if self._language is None:
                yield f'the template "{self._template}" is asked for in English: no language is set'
            return
        if self._template_of(n) is not None:
            yield f'the template "{self._template_of(n)}" is not named: 8x8 looks for the one that the text matches'
        yield from (f"{extra} is left out" for extra in self._wordings[n].extras)

    def body(self, mine: Sequence[int], contact: Contact) -> dict[str, Any]:
        """The keys `type` and `content` of the contact's request, along these steps; UnsendableError."""
        chat = next((n for n in mine if not self._sms[n]), None)
        sms = next((self._text(n, contact) for n in mine if self._sms[n]), None)
        if chat is None:
            return {"type": "text", "content": {"text": sms}}
        if self._template is not None:
            content: dict[str, Any] = {"template": self._filled_template(chat, contact)}
        else:
            content = {"text": self._text(chat, contact)}
        if sms is not None and sms != content.get("text"):
            content["fallbackText"] = sms
        return {"type": "text" if self._template is None else "template", "content": content}

    def _template_of(self, n: int) -> str | None:
        return self._wordings[n].template if self._takes_templates[n] else None

    def _filled_template(self, n: int, contact: Contact) -> dict[str, Any]:
        template: dict[str, Any] = {"name": self._template, "language": self._language or _ENGLISH}
        values = self._wordings[n].values(contact)
        if values:
            parameters = [{"type": "text", "text": value} for value in values]
            template["components"] = [{"type": "body", "parameters": parameters}]
        return template

    def _text(self, n: int, contact: Contact) -> str:
        text = self._wordings[n].text(contact)
        if not text.strip():
            hint = "fill the cells, or write a fallback: {first_name|there}"
            raise UnsendableError(codes.NOTHING_TO_PUT, f"the text on {self._wordings[n].channel} is empty", hint)
        if len(text) > LONGEST_TEXT:
            what = f"the text on {self._wordings[n].channel} has over {LONGEST_TEXT} characters"
            raise UnsendableError(codes.TOO_LONG, what, "shorten it, or what is put into it", str(len(text)))
        return text
