"""SMS through a Kannel gateway's `sendsms` (its User's Guide, chapter 6, and what version 1.4.5 answers).

Kannel says 202 once the message is in its store, whether it is out ("0: Accepted for delivery") or waits for an
SMSC that is away ("3: Queued for later delivery"). It knows no keys: after an answer that did not come, it may
have the message or not, so sending again may send twice. Its receipts go to a URL that is signed for each message.
"""

from __future__ import annotations

import httpx

from cascadesim.errors import OutsideError
from cascadesim.live.senders.driver import Accepted, Answer, Busy, Down, Letter, Refused
from cascadesim.live.senders.http import Reply, client, exchange, judged, reached
from cascadesim.live.senders.secret import Secret
from cascadesim.live.signatures import dlr_url, key_bytes
from cascadesim.model.content import is_gsm

_ALL_RECEIPTS = 31  # 1 delivered, 2 failed, 4 buffered, 8 accepted by the SMSC, 16 rejected
_UCS2 = 2
_NOT_US = "Authorization failed"
_NO_SENDER = "Sender missing"


class Kannel:
    """Sends SMS by GET, as Kannel documents it; `sender` is the number or name that people see.

    `receipts` is where delivery reports are to come in, and `receipt_secret` what their URLs are signed with: both or
    neither.
    """

    def __init__(
        self,
        url: str,
        username: str,
        password: Secret,
        *,
        sender: str | None = None,
        receipts: str | None = None,
        receipt_secret: Secret | None = None,
        smsc: str | None = None,
        timeout: float = 30,
        at_once: int = 4,
    ) -> None:
        self._url = url
        self._username = username
        self._password = password
        self._always = {name: value for name, value in (("from", sender), ("smsc", smsc)) if value is not None}
        self._receipts = receipts
        self._receipt_key = None if receipt_secret is None else key_bytes(receipt_secret.reveal())
        self._http = client(timeout, at_once)

    async def deliver(self, letter: Letter) -> Answer:
        """See `Driver`."""
        reply = await exchange(self._http, self._request(self._query(letter)))
        return _answer(reply) if isinstance(reply, Reply) else reply

    async def probe(self) -> str:
        """See `Driver`. A request for nobody: Kannel looks at the account first, and then misses the number."""
        return await reached(self._http, self._request({}), _looked_at)

    async def close(self) -> None:
        """See `Driver`."""
        await self._http.aclose()

    def _query(self, letter: Letter) -> dict[str, str]:
        query = {**self._always, "to": letter.to, "text": letter.text, "charset": "UTF-8"}
        if not is_gsm(letter.text):
            query["coding"] = str(_UCS2)
        if self._receipts is not None and self._receipt_key is not None:
            query["dlr-mask"] = str(_ALL_RECEIPTS)
            query["dlr-url"] = dlr_url(self._receipts, letter.key, self._receipt_key)
        return query

    def _request(self, query: dict[str, str]) -> httpx.Request:
        account = {"username": self._username, "password": self._password.reveal()}
        return self._http.build_request("GET", self._url, params=account | query)


def _answer(reply: Reply) -> Answer:
    if reply.status == httpx.codes.ACCEPTED:
        return Accepted()
    if reply.status == httpx.codes.FORBIDDEN and not reply.text.startswith(_NOT_US):
        return Refused(_said(reply))  # of this number: it is routed nowhere
    if reply.status == httpx.codes.FORBIDDEN:
        return Down(f"{_said(reply)}: the username or password is wrong, or this host is not allowed", for_long=True)
    if reply.status == httpx.codes.BAD_REQUEST and reply.text.startswith(_NO_SENDER):
        return Down(f"{_said(reply)}: set `from`, or the gateway's `global-sender`", for_long=True)
    if reply.status == httpx.codes.BAD_REQUEST:
        return Refused(_said(reply))
    answer = judged(reply)
    return Busy(_said(reply), answer.seconds) if isinstance(answer, Busy) else answer


def _said(reply: Reply) -> str:
    """Kannel's own words: fixed sentences, which never hold a number."""
    return f"Kannel says {reply.status}, {reply.text!r}"


def _looked_at(reply: Reply) -> str:
    if reply.status == httpx.codes.BAD_REQUEST:
        return "the gateway answers and knows the account"
    if reply.status == httpx.codes.FORBIDDEN:
        raise OutsideError(f"{_said(reply)}: look at `username`, `password` and the gateway's `user-allow-ip`")
    raise OutsideError(f"{_said(reply)}: this is not `sendsms`; its URL ends in /cgi-bin/sendsms")
