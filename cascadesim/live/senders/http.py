"""What an exchange over HTTP comes to: was the request taken, refused, or is it unknown."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

import httpx

from cascadesim.errors import OutsideError
from cascadesim.live.senders.backoff import retry_after
from cascadesim.live.senders.driver import Answer, Busy, Doubtful, Down, Refused

_LIMIT = 64 * 1024
_LONGEST_WORD = 200
_BEFORE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)

# httpx logs the URL of every request, and there are numbers and passwords in Kannel's; httpcore logs the headers of
# every answer, in which a server may repeat them. The filter holds whatever level a host gives the logger; httpcore
# has a logger for each of its parts, and these take their level from it.
logging.getLogger("httpx").addFilter(lambda record: record.levelno >= logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)


def client(timeout: float, at_once: int) -> httpx.AsyncClient:
    """A client that keeps its connections for a while and follows no redirects: what is signed is for one address.

    It takes no proxies, certificates or passwords from the environment or a .netrc: the senders file says it all.
    """
    limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once, keepalive_expiry=5)
    # Waiting for a free connection is no failure of the provider: there are as many as messages go at once.
    return httpx.AsyncClient(timeout=httpx.Timeout(timeout, pool=None), limits=limits, trust_env=False)


class Reply:
    """A provider's answer: its status, its headers and the beginning of its body."""

    def __init__(self, status: int, headers: httpx.Headers, body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def text(self) -> str:
        """The body as one line that can be shown."""
        return _one_line(self.body.decode("utf-8", "replace"))

    @property
    def data(self) -> dict[str, Any]:
        """The JSON object that the body is; an empty one where it is something else."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


async def exchange(http: httpx.AsyncClient, request: httpx.Request) -> Reply | Down | Doubtful:
    """The provider's answer, or what its absence means. Nothing of the address is in it: URLs hold numbers."""
    try:
        async with asyncio.timeout(2 * (http.timeout.read or 0)):  # httpx bounds each part: one could come by bytes
            answer = await http.send(request, stream=True)
            try:
                return Reply(answer.status_code, answer.headers, await _beginning(answer))
            finally:
                await answer.aclose()
    except _BEFORE as error:
        return Down(f"cannot connect to {place(request.url)} ({_reason(error)})")
    except (httpx.TransportError, TimeoutError) as error:
        return Doubtful(f"no answer from {place(request.url)} ({_reason(error)})")


def judged(reply: Reply) -> Answer:
    """What a status other than success means, where the provider has no rules of its own."""
    why = f"HTTP {reply.status}"
    match reply.status:
        case 408 | 409 | 425 | 429 | 503:
            # 409: a request with the same Idempotency-Key is being worked on.
            return Busy(why, retry_after(reply.headers.get("retry-after")), alone=reply.status == 409)
        case 401 | 402 | 403 | 404 | 405 | 407:
            return Down(f"{why}: the account or the URL is turned away", for_long=True)
        case status if 400 <= status < 500:
            return Refused(why)
        case status if status >= 500:
            return Doubtful(why)
    return Down(f"{why}: not what this URL should answer", for_long=True)


async def reached(http: httpx.AsyncClient, request: httpx.Request, look: Callable[[Reply], str]) -> str:
    """For probes: what `look` says of the answer; OutsideError if there is none."""
    reply = await exchange(http, request)
    if not isinstance(reply, Reply):
        raise OutsideError(f"{reply.why}: does it run, and is the URL right?")
    return look(reply)


def place(url: httpx.URL) -> str:
    """Whom a URL speaks to, without path, query and password."""
    port = f":{url.port}" if url.port else ""
    return f"{url.scheme}://{url.host}{port}"


async def _beginning(answer: httpx.Response) -> bytes:
    """The body up to a bound: an answer is not ours to trust. What is not whole by then is cut off."""
    found = bytearray()
    async for piece in answer.aiter_bytes():
        found += piece
        if len(found) >= _LIMIT:
            break
    return bytes(found[:_LIMIT])


def _reason(error: Exception) -> str:
    name = type(error).__name__
    return {
        "ConnectError": "refused, unknown or not trusted",
        "ConnectTimeout": "in time",
        "ReadTimeout": "in time",
        "WriteTimeout": "in time",
        "TimeoutError": "in time",
    }.get(name, "the connection broke")


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))[:200]


def word(value: object) -> str | None:
    """A provider's name for a message, as far as it can be one: short, printable, of one line."""
    found = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return found if 0 < len(found) <= _LONGEST_WORD and found.isprintable() else None
