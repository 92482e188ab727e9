"""SMS, WhatsApp, Viber and others through Vonage's Messages API: one message on one channel.

Vonage answers 202 once it has the message; until then it may have it. `client_ref` (100 characters) carries the
message's key, but a repeated one is not recognized, so sending again may send twice. Statuses go to a `webhook_url`
which is signed for each message, and Vonage signs what it posts there. The API has no way to ask after a message:
one whose answer did not come is *unknown* until a status says more.

The account is an application's: a JWT (RS256) that its private key signs, valid for some minutes.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any, Final

import httpx
import jwt

from cascadesim.errors import OutsideError
from cascadesim.live.senders.driver import Accepted, Answer, Down, Letter, Refused
from cascadesim.live.senders.http import Reply, client, exchange, judged, reached, word
from cascadesim.live.senders.naming import name_for
from cascadesim.live.senders.secret import Secret
from cascadesim.live.signatures import signed_url

CHANNELS: Final = {
    "sms": "sms",
    "mms": "mms",
    "rcs": "rcs",
    "whatsapp": "whatsapp",
    "viber": "viber_service",
    "facebook": "messenger",
}
"""Its channels, as a table names them and as the API does."""

_LONGEST_NAME = 100
_VALID = 300  # seconds
_SET_UP: Final = frozenset({"from", "channel", "webhook_url", "client_ref"})
"""Parameters that are the same for everybody."""


class Vonage:
    """Posts each message; `sender` is who people see. `receipts` and `receipt_secret`: both or neither.

    OutsideError if the private key is none. `wall` is the clock of the tokens, in seconds since 1970.
    """

    def __init__(
        self,
        url: str,
        application: str,
        private_key: Secret,
        channel: str,
        sender: str,
        *,
        language: str = "en",
        receipts: str | None = None,
        receipt_secret: Secret | None = None,
        timeout: float = 30,
        at_once: int = 8,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._url = f"{url.rstrip('/')}/v1/messages"
        self._application = application
        self._private_key = private_key
        self._channel = CHANNELS[channel]
        self._sender = sender
        self._language = language
        self._receipts = receipts
        self._receipt_key = None if receipt_secret is None else receipt_secret.reveal().encode()
        self._wall = wall
        self._http = client(timeout, at_once)
        self._token()

    async def deliver(self, letter: Letter) -> Answer:
        """See `Driver`."""
        reply = await exchange(self._http, self._request(self._body(letter)))
        return _answer(reply) if isinstance(reply, Reply) else reply

    async def probe(self) -> str:
        """See `Driver`. A message that says nothing to nobody: Vonage looks at the token, and then misses the rest."""
        return await reached(self._http, self._request({}), _looked_at)

    async def close(self) -> None:
        """See `Driver`."""
        await self._http.aclose()

    def _request(self, body: dict[str, Any]) -> httpx.Request:
        return self._http.build_request(
            "POST", self._url, json=body, headers={"authorization": f"Bearer {self._token()}"}
        )

    def _token(self) -> str:
        now = int(self._wall())
        claims = {"application_id": self._application, "iat": now, "exp": now + _VALID, "jti": str(uuid.uuid4())}
        try:
            return jwt.encode(claims, self._private_key.reveal(), algorithm="RS256")
        except (jwt.PyJWTError, ValueError, TypeError):
            why = f"`private_key` {self._private_key} is no RSA private key: it begins with -----BEGIN PRIVATE KEY-----"
            raise OutsideError(why) from None

    def _body(self, letter: Letter) -> dict[str, Any]:
        body: dict[str, Any] = {
            "channel": self._channel,
            "from": self._sender,
            "to": letter.to.removeprefix("+"),
            "client_ref": name_for(letter.key, _LONGEST_NAME),
        }
        if letter.template is not None:
            values = {"parameters": list(letter.template.values)} if letter.template.values else {}
            body |= {"message_type": "template", "template": {"name": letter.template.name, **values}}
            body["whatsapp"] = {"policy": "deterministic", "locale": self._language}
        else:
            body |= {"message_type": "text", "text": letter.text}
        if self._receipts is not None and self._receipt_key is not None:
            body["webhook_url"] = signed_url(self._receipts, letter.key, self._receipt_key)
        return body


def _answer(reply: Reply) -> Answer:
    if reply.status == httpx.codes.ACCEPTED:
        return Accepted(word(reply.data.get("message_uuid")))
    if reply.status == httpx.codes.UNPROCESSABLE_ENTITY:
        wrong = _wrong(reply)
        why = f"Vonage says 422 of {', '.join(sorted(wrong)) or 'the message'}"
        return Down(f"{why}: the set-up is wrong", for_long=True) if wrong & _SET_UP else Refused(why)
    return judged(reply)


def _wrong(reply: Reply) -> set[str]:
    """The names of the parameters that Vonage minds; the reasons may quote what is in them."""
    given = reply.data.get("invalid_parameters")
    names = [one.get("name") for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    return {name for name in names if isinstance(name, str) and name.isidentifier()}


def _looked_at(reply: Reply) -> str:
    if reply.status == httpx.codes.UNPROCESSABLE_ENTITY:
        return "Vonage answers and knows the application"
    if reply.status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        raise OutsideError(f"Vonage says {reply.status}: look at `application` and `private_key`")
    raise OutsideError(f"HTTP {reply.status}: this is not Vonage's API; look at `url`")
