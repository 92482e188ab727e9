"""SMS, WhatsApp, Viber and others through Infobip's Messages API: one message on one channel.

Infobip answers 200 once it has the message, with a status that may already be a refusal; until the answer is here it
may have it. The message's key goes as its `messageId` (200 characters), so reports name it, and the message can be
asked after although the answer never came; a repeated one is not documented to be recognized. Delivery and seen reports
go to URLs that are signed for each message.

Reports that are fetched are given out once: one that is fetched for a query does not come again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import httpx

from cascadesim.errors import OutsideError
from cascadesim.live.senders.driver import Accepted, Answer, Down, Letter, Refused
from cascadesim.live.senders.http import Reply, client, exchange, judged, reached, word
from cascadesim.live.senders.naming import name_for
from cascadesim.live.senders.secret import Secret
from cascadesim.live.signatures import key_bytes, signed_url

CHANNELS: Final = {
    "sms": "SMS",
    "mms": "MMS",
    "whatsapp": "WHATSAPP",
    "viber": "VIBER_BM",
    "rcs": "RCS",
    "facebook": "MESSENGER",
    "instagram": "INSTAGRAM_DM",
    "line": "LINE_ON",
}
"""Its channels, as a table names them and as the API does."""

_LONGEST_NAME = 200
_LOST: Final = frozenset({"UNDELIVERABLE", "EXPIRED", "REJECTED"})
_SET_UP: Final = frozenset({"REJECTED_NOT_ENOUGH_CREDITS", "REJECTED_SENDER", "REJECTED_ROUTE_NOT_AVAILABLE"})
"""Refused whoever it is for."""


class Infobip:
    """Posts each message; `sender` is who people see. `receipts` and `receipt_secret`: both or neither."""

    def __init__(
        self,
        url: str,
        api_key: Secret,
        channel: str,
        sender: str,
        *,
        language: str = "en",
        receipts: str | None = None,
        receipt_secret: Secret | None = None,
        timeout: float = 30,
        at_once: int = 8,
    ) -> None:
        self._url = f"{url.rstrip('/')}/messages-api/1"
        self._api_key = api_key
        self._channel = CHANNELS[channel]
        self._sender = sender
        self._language = language
        self._receipts = receipts
        self._receipt_key = None if receipt_secret is None else key_bytes(receipt_secret.reveal())
        self._http = client(timeout, at_once)

    async def deliver(self, letter: Letter) -> Answer:
        """See `Driver`."""
        body = {"messages": [self._message(letter)]}
        request = self._http.build_request("POST", f"{self._url}/messages", json=body, headers=self._headers())
        reply = await exchange(self._http, request)
        return _answer(reply) if isinstance(reply, Reply) else reply

    async def look_up(self, letter: Letter, sent_at: float) -> Answer | None:
        """See `LooksUp`. A message of which there is no report yet may be there or not."""
        name = name_for(letter.key, _LONGEST_NAME)
        reply = await exchange(self._http, self._reports({"messageId": name, "limit": "10"}))
        if not isinstance(reply, Reply) or reply.status != httpx.codes.OK:
            return None
        mine = [one for one in _list(reply.data, "results") if one.get("messageId") == name]
        if not mine:
            return None
        lost = [str(status.get("groupName")) for one in mine if (status := _status(one)).get("groupName") in _LOST]
        return Refused(f"Infobip says {lost[0]}") if lost else Accepted(name)

    async def probe(self) -> str:
        """See `Driver`. It asks for the report of a message that there cannot be."""
        return await reached(self._http, self._reports({"messageId": "cascadesim-probe", "limit": "1"}), _looked_at)

    async def close(self) -> None:
        """See `Driver`."""
        await self._http.aclose()

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"App {self._api_key.reveal()}"}

    def _reports(self, query: Mapping[str, str]) -> httpx.Request:
        return self._http.build_request("GET", f"{self._url}/reports", params=dict(query), headers=self._headers())

    def _message(self, letter: Letter) -> dict[str, Any]:
        message: dict[str, Any] = {
            "channel": self._channel,
            "sender": self._sender,
            "destinations": [{"to": letter.to.removeprefix("+"), "messageId": name_for(letter.key, _LONGEST_NAME)}],
            "content": {"body": {"text": letter.text, "type": "TEXT"}},
        }
        if letter.template is not None:
            values = {str(n): value for n, value in enumerate(letter.template.values, 1)}
            message["template"] = {"templateName": letter.template.name, "language": self._language}
            message["content"] = {"body": {"type": "TEXT", **values}}
        if self._receipts is not None and self._receipt_key is not None:
            here = {"url": signed_url(self._receipts, letter.key, self._receipt_key)}
            message["webhooks"] = {"delivery": here, "seen": here, "contentType": "application/json"}
        return message


def _answer(reply: Reply) -> Answer:
    if reply.status != httpx.codes.OK:
        return judged(reply)
    message = next(iter(_list(reply.data, "messages")), {})
    status = _status(message)
    group, name = status.get("groupName"), status.get("name")
    if name in _SET_UP:
        return Down(f"Infobip says {name}: look at the account and at `from`", for_long=True)
    if group in _LOST:
        return Refused(f"Infobip says {word(name) or group}")
    return Accepted(word(message.get("messageId")))


def _list(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = data.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _status(message: Mapping[str, Any]) -> Mapping[str, Any]:
    found = message.get("status")
    return found if isinstance(found, dict) else {}


def _looked_at(reply: Reply) -> str:
    if reply.status == httpx.codes.OK and "results" in reply.data:
        return "Infobip answers and knows the API key"
    if reply.status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        raise OutsideError(f"Infobip says {reply.status}: look at `api_key` (its scopes too) and at your own `url`")
    raise OutsideError(f"HTTP {reply.status}: this is not Infobip's API; look at `url`")
