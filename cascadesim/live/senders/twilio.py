"""SMS, WhatsApp, RCS and Messenger through Twilio's Message resource: one message on one channel.

Twilio answers 201 once it has the message; until then it may have it. It has no place for a key, so sending again may
send twice; the `StatusCallback` has it in its URL, which Twilio signs. A message whose answer did not come is looked up
in the list of what went to its address: Twilio's own words, body and time, say whether it is there.

Error codes are those of twilio.com/docs/api/errors.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx

from cascadesim.errors import OutsideError
from cascadesim.live.senders.driver import Accepted, Answer, Busy, Down, Letter, Refused
from cascadesim.live.senders.http import Reply, client, exchange, judged, reached, word
from cascadesim.live.senders.secret import Secret
from cascadesim.live.signatures import keyed_url

CHANNELS: Final = {"sms": "", "whatsapp": "whatsapp:", "rcs": "rcs:", "facebook": "messenger:"}
"""Its channels, and how their addresses begin."""

_SET_UP: Final = frozenset(
    {20003, 20005, 21212, 21266, 21603, 21606, 21609, 21611, 21659, 21660, 21701, 21703, 63007, 63038}
)
"""The account, who writes, or the callback is wrong, and so for everybody."""
_BUSY: Final = frozenset({20429, 63018})
_LOST: Final = frozenset({"failed", "undelivered", "canceled"})
_LISTED = 200
_BEFORE, _AFTER = 60, 600  # seconds about the sending in which a message that is in doubt was made, if it was
_SURE = 120  # seconds after which what is not in the list will not come into it


class Twilio:
    """Posts each message, from a number or through a messaging service: one of `sender` and `service` is given.

    `receipts` is where status callbacks are to come in; `wall` is the clock, in seconds since 1970.
    """

    def __init__(
        self,
        url: str,
        account: str,
        auth_token: Secret,
        channel: str,
        *,
        sender: str | None = None,
        service: str | None = None,
        receipts: str | None = None,
        timeout: float = 30,
        at_once: int = 8,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._wall = wall
        self._account = f"{url.rstrip('/')}/2010-04-01/Accounts/{account}"
        self._prefix = CHANNELS[channel]
        who = {"From": self._address(sender)} if sender is not None else {"MessagingServiceSid": service or ""}
        self._who = who
        self._receipts = receipts
        self._http = client(timeout, at_once)
        self._http.auth = httpx.BasicAuth(account, auth_token.reveal())

    async def deliver(self, letter: Letter) -> Answer:
        """See `Driver`."""
        request = self._http.build_request("POST", f"{self._account}/Messages.json", data=self._form(letter))
        reply = await exchange(self._http, request)
        return _answer(reply) if isinstance(reply, Reply) else reply

    async def look_up(self, letter: Letter, sent_at: float) -> Answer | None:
        """See `LooksUp`. Refused only if the list goes back far enough, and the message is not in it.

        Of a template the words are Twilio's own, so nobody can tell.
        """
        if letter.template is not None:
            return None
        asked = {"To": self._address(letter.to), "PageSize": str(_LISTED)}
        reply = await exchange(
            self._http, self._http.build_request("GET", f"{self._account}/Messages.json", params=asked)
        )
        found = reply.data.get("messages") if isinstance(reply, Reply) and reply.status == httpx.codes.OK else None
        if not isinstance(found, list):
            return None
        listed = [one for one in found if isinstance(one, dict)]
        mine = next((one for one in listed if _is_it(one, letter, sent_at)), None)
        if mine is not None:
            lost = mine.get("status") in _LOST
            return Refused(f"Twilio says {mine['status']}") if lost else Accepted(word(mine.get("sid")))
        is_sure = _goes_back(listed, sent_at) and self._wall() > sent_at + _SURE
        return Refused("Twilio has no such message") if is_sure else None

    async def probe(self) -> str:
        """See `Driver`. It reads the account's name card."""
        return await reached(self._http, self._http.build_request("GET", f"{self._account}.json"), _looked_at)

    async def close(self) -> None:
        """See `Driver`."""
        await self._http.aclose()

    def _address(self, to: str) -> str:
        return to if to.startswith(self._prefix) else self._prefix + to

    def _form(self, letter: Letter) -> dict[str, str]:
        form = {**self._who, "To": self._address(letter.to)}
        if letter.template is not None:
            values = {str(n): value for n, value in enumerate(letter.template.values, 1)}
            form |= {"ContentSid": letter.template.name, "ContentVariables": json.dumps(values)}
        else:
            form["Body"] = letter.text
        if self._receipts is not None:
            form["StatusCallback"] = keyed_url(self._receipts, letter.key)
        return form


def _answer(reply: Reply) -> Answer:
    code = reply.data.get("code")
    why = f"Twilio says {reply.status}" + (f", code {code}" if isinstance(code, int) else "")
    if reply.status == httpx.codes.CREATED:
        lost = reply.data.get("status") in _LOST
        return Refused(f"Twilio says {reply.data['status']}") if lost else Accepted(word(reply.data.get("sid")))
    if code in _SET_UP:
        return Down(f"{why}: look at the account and at `from`", for_long=True)
    answer = judged(reply)
    if isinstance(answer, Busy) or code in _BUSY:
        return Busy(why, answer.seconds if isinstance(answer, Busy) else None)
    return Refused(why) if isinstance(answer, Refused) else answer


def _is_it(one: Mapping[str, Any], letter: Letter, sent_at: float) -> bool:
    made = _made(one)
    is_then = made is not None and sent_at - _BEFORE <= made <= sent_at + _AFTER
    return is_then and one.get("body") == letter.text and str(one.get("direction")).startswith("outbound")


def _goes_back(listed: Sequence[Mapping[str, Any]], sent_at: float) -> bool:
    """Whether the list, the newest first, has all that went to the address since then."""
    made = [at for one in listed if (at := _made(one)) is not None]
    return len(listed) < _LISTED or (bool(made) and min(made) < sent_at - _BEFORE)


def _made(one: Mapping[str, Any]) -> float | None:
    try:
        return parsedate_to_datetime(str(one.get("date_created"))).timestamp()
    except ValueError:
        return None


def _looked_at(reply: Reply) -> str:
    if reply.status == httpx.codes.OK and reply.data:
        return "Twilio answers and knows the account"
    if reply.status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND}:
        raise OutsideError(f"Twilio says {reply.status}: look at `account` and `auth_token`")
    raise OutsideError(f"HTTP {reply.status}: this is not Twilio's API; look at `url`")
