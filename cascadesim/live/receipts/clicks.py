"""Where links of our own lead through: a click or an open is recorded, and the person goes on (`live.tracking`)."""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Collection, Sequence
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from cascadesim.errors import CascadeError
from cascadesim.live.intake import Told
from cascadesim.live.protocols import Clock
from cascadesim.live.receipts.desk import Desk
from cascadesim.live.receipts.words import Word
from cascadesim.live.rows import Receipt
from cascadesim.live.tracking import Mark, mark_of

_log = logging.getLogger("cascadesim.receipts")

_DOT = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_PREFETCHING = ("sec-purpose", "purpose", "x-purpose", "x-moz")
_HEADERS = {"cache-control": "no-store", "referrer-policy": "no-referrer"}


class Tracking(NamedTuple):
    """The keys that links are signed with, and the channels on which a click is an open, too: those that have opens."""

    keys: Sequence[bytes]
    opening: Collection[str]


class Way:
    """`/go/TOKEN` or, with `is_dot`, `/seen/TOKEN`."""

    def __init__(self, tracking: Tracking, desk: Desk, clock: Clock, is_dot: bool) -> None:
        self._tracking = tracking
        self._desk = desk
        self._clock = clock
        self._is_dot = is_dot

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        answer = await self._answer(Request(scope, receive))
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method not in {"GET", "HEAD"}:
            return PlainTextResponse("this is called by GET\n", 405, {"allow": "GET, HEAD"})
        mark = mark_of(request.path_params["token"], self._tracking.keys, self._clock.now())
        if mark is None or (mark.target is None) != self._is_dot:
            return PlainTextResponse("this link is none of ours, or is no longer good\n", 404)
        if request.method == "GET" and not _is_prefetched(request):
            await self._record(mark)
        if mark.target is None:
            return Response(_DOT, media_type="image/gif", headers=_HEADERS)
        return RedirectResponse(mark.target, 302, _HEADERS)

    async def _record(self, mark: Mark) -> None:
        """A person is not kept from going on because it cannot be recorded."""
        words: list[Word] = ["opened"] if self._is_dot or mark.channel in self._tracking.opening else []
        if not self._is_dot:
            words.append("clicked")
        now = self._clock.now()
        told = [Told(mark.channel, Receipt(f"link:{mark.key}:{word}", mark.key, word, now)) for word in words]
        try:
            await asyncio.gather(*map(self._desk.take, told))
        except CascadeError as error:
            _log.error("a click or an open is not recorded: %s", str(error) or "too many wait")


def _is_prefetched(request: Request) -> bool:
    said = " ".join(request.headers.get(name, "") for name in _PREFETCHING).lower()
    return "prefetch" in said or "preview" in said
