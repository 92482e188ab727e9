"""A request as it came in, and how it is turned away: with a status and one plain line."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request

from cascadesim.errors import CascadeError

MOST = 64 * 1024
"""The largest body in bytes: a receipt has some hundreds."""

_PATIENCE = 10.0  # seconds in which a body must have come: who dribbles holds no connection for long


class TurnedAwayError(CascadeError):
    """The request is answered with this status and line; nothing of it is taken."""

    def __init__(self, status: int, line: str, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.line = line
        self.headers = dict(headers or {})
        super().__init__(line)


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a sender handed over. Header names are in lower case; `at` is when it came, in Unix microseconds.

    `url` is the whole address as the sender knows it.
    """

    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    at: int
    url: str = ""


async def read_incoming(request: Request, at: int, url: str | None = None) -> Incoming:
    """The request with its body, of which no more is read than `MOST`; TurnedAwayError if there is more.

    `url` is where its sender was told to call, if that is known.
    """
    try:
        async with asyncio.timeout(_PATIENCE):
            body = await _body(request)
    except TimeoutError:
        raise TurnedAwayError(408, f"the body has not come within {_PATIENCE:g} seconds", _CLOSE) from None
    except ClientDisconnect:
        raise TurnedAwayError(400, "the body broke off") from None
    place = str(request.url) if url is None else f"{url.partition('?')[0]}?{request.url.query}"
    return Incoming(dict(request.headers), dict(request.query_params), body, at, place)


async def _body(request: Request) -> bytes:
    stated = request.headers.get("content-length", "0")
    if not stated.isdecimal() or int(stated) > MOST:
        raise _too_large()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST:
            raise _too_large()
    return bytes(body)


_CLOSE = {"connection": "close"}  # what is still to come of the body is not waited for


def _too_large() -> TurnedAwayError:
    return TurnedAwayError(413, f"the body is larger than {MOST // 1024} kB", _CLOSE)
