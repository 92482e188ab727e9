"""Messages from a bot on Telegram: `sendMessage` of the Bot API (core.telegram.org/bots/api), to a chat's id.

Telegram answers 200 with the message once it has it; until then it may have it. It knows no keys, sends no receipts,
and cannot be asked after a message: what becomes of one is learned by a link of ours in it, or not at all. Whoever has
not begun a chat with the bot, or has blocked it, cannot be written to. `description` may quote what was sent, so what
is told is a sentence of ours.
"""

from __future__ import annotations

import httpx

from cascadesim.errors import OutsideError
from cascadesim.live.senders.driver import Accepted, Answer, Busy, Down, Letter, Refused
from cascadesim.live.senders.http import Reply, client, exchange, judged, reached, word
from cascadesim.live.senders.secret import Secret

_NO_HTML = "can't parse entities"


class Telegram:
    """Sends by the bot of that token. A text from an .html file goes as HTML, of which Telegram takes some tags."""

    def __init__(self, url: str, token: Secret, *, timeout: float = 30, at_once: int = 4) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._http = client(timeout, at_once)

    async def deliver(self, letter: Letter) -> Answer:
        """See `Driver`."""
        body = {"chat_id": letter.to, "text": letter.text}
        if letter.is_html:
            body["parse_mode"] = "HTML"
        reply = await exchange(self._http, self._http.build_request("POST", self._method("sendMessage"), json=body))
        return _answer(reply) if isinstance(reply, Reply) else reply

    async def probe(self) -> str:
        """See `Driver`. It asks for the bot's name."""
        return await reached(self._http, self._http.build_request("GET", self._method("getMe")), _looked_at)

    async def close(self) -> None:
        """See `Driver`."""
        await self._http.aclose()

    def _method(self, name: str) -> str:
        return f"{self._url}/bot{self._token.reveal()}/{name}"


def _answer(reply: Reply) -> Answer:
    why = f"Telegram says {reply.status}"
    if reply.status == httpx.codes.OK and reply.data.get("ok") is True:
        result = reply.data.get("result")
        return Accepted(word(result.get("message_id")) if isinstance(result, dict) else None)
    if reply.status == httpx.codes.TOO_MANY_REQUESTS:
        return Busy(why, _asked(reply))
    if reply.status == httpx.codes.FORBIDDEN:
        return Refused(f"{why}: the bot may not write to this chat")
    if reply.status == httpx.codes.BAD_REQUEST and _NO_HTML in str(reply.data.get("description")):
        return Down(f"{why}: the text has HTML that Telegram does not take", for_long=True)
    if reply.status in {httpx.codes.UNAUTHORIZED, httpx.codes.NOT_FOUND}:
        return Down(f"{why}: the token is wrong", for_long=True)
    answer = judged(reply)
    return Refused(why) if isinstance(answer, Refused) else answer


def _asked(reply: Reply) -> float | None:
    """For how many seconds it wants to be left alone: in the body, whatever the header says."""
    parameters = reply.data.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return float(seconds) if isinstance(seconds, int) and not isinstance(seconds, bool) and seconds >= 0 else None


def _looked_at(reply: Reply) -> str:
    if reply.status == httpx.codes.OK and reply.data.get("ok") is True:
        return "Telegram answers and knows the bot"
    if reply.status in {httpx.codes.UNAUTHORIZED, httpx.codes.NOT_FOUND}:
        raise OutsideError(
            f"Telegram says {reply.status}: look at `token`, which is 123456:ABC.. as @BotFather gave it"
        )
    raise OutsideError(f"HTTP {reply.status}: this is not Telegram's Bot API; look at `url`")
