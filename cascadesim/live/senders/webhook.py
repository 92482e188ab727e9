"""Messages as signed JSON to a URL of one's own, which sends them by whatever it has.

The signature is that of Standard Webhooks (standardwebhooks.com), for which there are libraries in most languages:
HMAC-SHA256 over id, timestamp and body. The id is the message's key, which also is the Idempotency-Key: a receiver
that remembers keys answers a repeated one as it did before, and does nothing.

With `status`, a receiver can be asked what became of a message whose answer never came: GET of that URL, a slash and
the key, signed in the same way over an empty body; it answers `{"state": "accepted"}`, `"failed"` or `"unknown"`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from urllib.parse import quote

import httpx

from cascadesim.errors import OutsideError
from cascadesim.live.senders.driver import Accepted, Answer, Letter, Refused
from cascadesim.live.senders.http import Reply, client, exchange, judged, reached
from cascadesim.live.senders.naming import name_for
from cascadesim.live.senders.secret import Secret
from cascadesim.live.signatures import key_bytes, webhook_signature

_LONGEST_REFERENCE = 200


class Webhook:
    """Posts each message; `wall` is the clock of the timestamps, in seconds since 1970."""

    def __init__(
        self,
        url: str,
        secret: Secret,
        *,
        status: str | None = None,
        timeout: float = 30,
        at_once: int = 8,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._url = url
        self._secret = secret
        self._status = status
        self._wall = wall
        self._http = client(timeout, at_once)

    async def deliver(self, letter: Letter) -> Answer:
        """See `Driver`."""
        body = body_of(letter)
        request = self._http.build_request("POST", self._url, content=body, headers=self._headers(letter.key, body))
        reply = await exchange(self._http, request)
        if not isinstance(reply, Reply):
            return reply
        return Accepted(_reference(reply)) if 200 <= reply.status < 300 else judged(reply)

    async def look_up(self, letter: Letter, sent_at: float) -> Answer | None:
        """See `LooksUp`."""
        if self._status is None:
            return None
        url = f"{self._status.rstrip('/')}/{quote(letter.key, safe='')}"
        request = self._http.build_request("GET", url, headers=self._signature(name_for(letter.key), b""))
        reply = await exchange(self._http, request)
        state = reply.data.get("state") if isinstance(reply, Reply) and 200 <= reply.status < 300 else None
        if state == "failed":
            return Refused("the receiver says that it failed")
        return Accepted() if state == "accepted" else None

    async def probe(self) -> str:
        """See `Driver`. It asks for the headers of the URL: a receiver need not know what that is, but it answers."""
        return await reached(self._http, self._http.build_request("HEAD", self._url), _looked_at)

    async def close(self) -> None:
        """See `Driver`."""
        await self._http.aclose()

    def _headers(self, key: str, body: bytes) -> dict[str, str]:
        # A header is ASCII, and a key has the ids of people in it, whatever their script.
        name = name_for(key)
        return {"content-type": "application/json", "idempotency-key": name, **self._signature(name, body)}

    def _signature(self, name: str, body: bytes) -> dict[str, str]:
        at = str(int(self._wall()))
        return {
            "webhook-id": name,
            "webhook-timestamp": at,
            "webhook-signature": webhook_signature(key_bytes(self._secret.reveal()), name, at, body),
        }


def body_of(letter: Letter) -> bytes:
    """The letter as JSON: the same bytes each time it is sent, as a receiver that compares bodies may expect."""
    data = {"key": letter.key, "channel": letter.channel, "to": letter.to}
    if letter.subject is not None:
        data["subject"] = letter.subject
    data["html" if letter.is_html else "text"] = letter.text
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def _reference(reply: Reply) -> str | None:
    """The receiver's `id` for the message, where it answers with one."""
    found = reply.data.get("id")
    return found[:_LONGEST_REFERENCE] if isinstance(found, str) else None


def _looked_at(reply: Reply) -> str:
    if reply.status == httpx.codes.NOT_FOUND or 300 <= reply.status < 400:
        raise OutsideError(f"the URL answers HTTP {reply.status}: messages must be taken at the very URL")
    return f"it answers (HTTP {reply.status} to HEAD)"
