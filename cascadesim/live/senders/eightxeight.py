"""SMS, WhatsApp, Viber and others through 8x8's Messaging Apps API: one message on one channel.

The runner runs the cascade, so a request names a single channel, and nothing follows it. 8x8 answers 200 once it has
queued the message; until its answer is here it may have it. `clientMessageId` (50 characters) carries the message's
key, but a repeated one is not documented to be recognized, so sending again may send twice. Receipts go to a
`dlrCallbackUrl` that is signed for each message. A message can be asked after by 8x8's own id only, which comes with
the answer, so one whose answer did not come is *unknown* until a receipt says more: this driver looks nothing up.

Error codes are those of developer.8x8.com, "API error codes".
"""

from __future__ import annotations

from typing import Any, Final

import httpx

from cascadesim.errors import OutsideError
from cascadesim.live.senders.driver import Accepted, Answer, Down, Letter, Refused, Template
from cascadesim.live.senders.http import Reply, client, exchange, judged, reached, word
from cascadesim.live.senders.naming import name_for
from cascadesim.live.senders.secret import Secret
from cascadesim.live.signatures import key_bytes, signed_url

CHANNELS: Final = {
    "sms": "SMS",
    "whatsapp": "WhatsApp",
    "viber": "Viber",
    "rcs": "RCS",
    "line": "Line",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "wechat": "WeChat",
    "zalo": "Zalo",
}
"""Its channels, as a table names them and as the API does."""

_LONGEST_NAME = 50
_SET_UP: Final = frozenset({1001, 1005, 1012, 2001, 2002, 2003, 3011, 3020, 3022, 3027, 3035})
"""Of 400: the account, the source, the callback or the channel is wrong, and so for everybody."""
_LOST: Final = frozenset({"failed", "rejected", "error"})
_NOBODY = "00000000-0000-0000-0000-000000000000"


class EightXEight:
    """Posts each message; `source` is who people see, on SMS. `receipts` and `receipt_secret`: both or neither."""

    def __init__(
        self,
        url: str,
        subaccount: str,
        api_key: Secret,
        channel: str,
        *,
        source: str | None = None,
        language: str = "en",
        receipts: str | None = None,
        receipt_secret: Secret | None = None,
        timeout: float = 30,
        at_once: int = 8,
    ) -> None:
        self._messages = f"{url.rstrip('/')}/api/v1/subaccounts/{subaccount}/messages"
        self._api_key = api_key
        self._channel = CHANNELS[channel]
        self._source = source
        self._language = language
        self._receipts = receipts
        self._receipt_key = None if receipt_secret is None else key_bytes(receipt_secret.reveal())
        self._http = client(timeout, at_once)

    async def deliver(self, letter: Letter) -> Answer:
        """See `Driver`."""
        request = self._http.build_request("POST", self._messages, json=self._body(letter), headers=self._headers())
        reply = await exchange(self._http, request)
        return _answer(reply) if isinstance(reply, Reply) else reply

    async def probe(self) -> str:
        """See `Driver`. It asks after a message that there cannot be."""
        request = self._http.build_request("GET", f"{self._messages}/{_NOBODY}", headers=self._headers())
        return await reached(self._http, request, _looked_at)

    async def close(self) -> None:
        """See `Driver`."""
        await self._http.aclose()

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self._api_key.reveal()}"}

    def _body(self, letter: Letter) -> dict[str, Any]:
        content: dict[str, Any] = {"text": letter.text}
        if self._source is not None:
            content["sms"] = {"source": self._source}
        if letter.template is not None:
            content = {"template": _filled(letter.template, self._language)}
        body = {
            "user": {"msisdn": letter.to},
            "clientMessageId": name_for(letter.key, _LONGEST_NAME),
            "type": "text" if letter.template is None else "template",
            "content": content,
            "channels": [{"channel": self._channel}],
        }
        if self._receipts is not None and self._receipt_key is not None:
            body["dlrCallbackUrl"] = signed_url(self._receipts, letter.key, self._receipt_key)
        return body


def _filled(template: Template, language: str) -> dict[str, Any]:
    filled: dict[str, Any] = {"name": template.name, "language": language}
    if template.values:
        parameters = [{"type": "text", "text": value} for value in template.values]
        filled["components"] = [{"type": "body", "parameters": parameters}]
    return filled


def _answer(reply: Reply) -> Answer:
    status = reply.data.get("status")
    state = status.get("state") if isinstance(status, dict) else None
    if reply.status == httpx.codes.OK:
        return Refused(f"8x8 says {state}") if state in _LOST else Accepted(word(reply.data.get("umid")))
    if reply.status == httpx.codes.BAD_REQUEST:
        code = reply.data.get("code")
        why = f"8x8 says {reply.status}, code {code if isinstance(code, int) else 'unknown'}"
        return Down(f"{why}: the set-up of the sender is wrong", for_long=True) if code in _SET_UP else Refused(why)
    return judged(reply)


def _looked_at(reply: Reply) -> str:
    if reply.status in {httpx.codes.OK, httpx.codes.BAD_REQUEST, httpx.codes.NOT_FOUND} and reply.data:
        return "8x8 answers and knows the API key"
    if reply.status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        raise OutsideError(f"8x8 says {reply.status}: look at `api_key` and `subaccount`, and at the region in `url`")
    raise OutsideError(f"HTTP {reply.status}: this is not 8x8's API; look at `url`")
