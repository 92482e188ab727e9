"""The web application in which receipts, outside events, entries and stops come in.

What is answered: 200 when it is recorded, be it new, known already or of nobody we know (a sender that is told
otherwise would send it for ever); 400 wrong shape, 401 wrong signature, 405 wrong method, 408 and 413 a body that
dribbles or is too large; 503 when the store fails or too much waits: then send it again. Each with one plain line.

Logs have the endpoint, what became of a request, and a fingerprint of its name: no body, no query, no address.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
import traceback
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Literal

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from cascadesim.errors import OutsideError
from cascadesim.live.entering import Door
from cascadesim.live.intake import Coming, Intake, Told, name_of
from cascadesim.live.protocols import Clock
from cascadesim.live.receipts.clicks import Tracking, Way
from cascadesim.live.receipts.desk import Desk, FullError
from cascadesim.live.receipts.formats import Endpoint
from cascadesim.live.receipts.incoming import Incoming, TurnedAwayError, read_incoming
from cascadesim.live.receipts.orders import entry_reader, read_event, read_stop
from cascadesim.live.receipts.signing import check_signature
from cascadesim.live.receipts.words import Said
from cascadesim.live.rows import Receipt

_log = logging.getLogger("cascadesim.receipts")

Method = Literal["GET", "POST"]
Reading = Callable[[Incoming], Sequence[Coming]]
"""From a request to what it says; TurnedAwayError."""

_AGAIN = {"retry-after": "5"}


def application(
    intake: Intake,
    clock: Clock,
    endpoints: Sequence[Endpoint],
    door: Door | None = None,
    own_keys: Sequence[bytes] = (),
    wall: Callable[[], float] = time.time,
    opening: Collection[str] = (),
) -> Starlette:
    """The application: `/receipts/CHANNEL` for each endpoint, and with own keys `/enter`, `/stop`, `/event` and `/go`.

    `own_keys` sign what one's own systems say, and links; `door` is where people enter. `wall` is the Unix time in
    seconds; `opening` are the channels on which a click on a link is an open, too.
    """
    reader, desk = _Reader(clock, wall), Desk(intake.take)
    ways: dict[str, tuple[Method, Reading]] = {
        f"/receipts/{endpoint.channel}": (endpoint.format.method, reader.receipts(endpoint)) for endpoint in endpoints
    }
    if own_keys:
        ways |= {"/stop": ("POST", reader.orders(own_keys, read_stop))}
        ways |= {"/event": ("POST", reader.orders(own_keys, read_event))}
    if own_keys and door is not None:
        ways |= {"/enter": ("POST", reader.orders(own_keys, entry_reader(door)))}

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with desk.open():
            yield

    urls = {f"/receipts/{endpoint.channel}": endpoint.url for endpoint in endpoints}
    routes = [Route(path, _Way(path, *way, desk, wall, urls.get(path))) for path, way in ways.items()]
    if own_keys:
        tracking = Tracking(own_keys, opening)
        routes.append(Route("/go/{token:path}", Way(tracking, desk, clock, is_dot=False)))
        routes.append(Route("/seen/{token:path}", Way(tracking, desk, clock, is_dot=True)))
    return Starlette(routes=routes, lifespan=lifespan)


class _Reader:
    """Makes requests what the intake takes, in the campaign's time."""

    def __init__(self, clock: Clock, wall: Callable[[], float]) -> None:
        self._clock = clock
        self._wall = wall

    def receipts(self, endpoint: Endpoint) -> Reading:
        """What the sender of a channel says."""

        def read(incoming: Incoming) -> list[Coming]:
            endpoint.format.check(incoming, endpoint.keys)
            return [told(said) for said in endpoint.format.read(incoming)]

        def told(said: Said) -> Told:
            at = self._clock.now() if said.at is None else self._when(said.at)
            return Told(endpoint.channel, Receipt(f"receipt:{endpoint.channel}:{said.id}", said.key, said.word, at))

        return read

    def orders(self, keys: Sequence[bytes], order: Callable[[bytes, int, Callable[[int], int]], Coming]) -> Reading:
        """What one's own systems say."""

        def read(incoming: Incoming) -> list[Coming]:
            check_signature(incoming, keys)
            return [order(incoming.body, self._clock.now(), self._when)]

        return read

    def _when(self, said: int) -> int:
        """The campaign's instant. Nothing that is reported is still to come, or came before the start."""
        now = self._clock.now()
        return max(0, min(now, now - (_microseconds(self._wall) - said)))


class _Way:
    """One endpoint: method, size, signature and shape in this order, then the desk."""

    def __init__(
        self, path: str, method: Method, read: Reading, desk: Desk, wall: Callable[[], float], url: str | None
    ) -> None:
        self._path = path
        self._method = method
        self._url = url
        self._read = read
        self._desk = desk
        self._wall = wall

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._answer(Request(scope, receive))
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            if request.method != self._method:
                raise TurnedAwayError(405, f"this is called by {self._method}", {"allow": self._method})
            coming = self._read(await read_incoming(request, _microseconds(self._wall), self._url))
        except TurnedAwayError as turned:
            _log.warning("%s: %d, %s", self._path, turned.status, turned.line)
            return _plain(turned.status, turned.line, turned.headers)
        try:
            taken = await asyncio.gather(*map(self._desk.take, coming))
        except FullError:
            _log.warning("%s: 503, too many wait", self._path)
            return _plain(503, "too many wait; send it again", _AGAIN)
        except OutsideError as error:
            _log.error("%s: 503, %s", self._path, error)
            return _plain(503, "this could not be recorded; send it again", _AGAIN)
        except Exception as error:  # where it was, and not what: messages of exceptions quote what they choke on
            where = "".join(traceback.format_tb(error.__traceback__))
            _log.error("%s: 500, %s\n%s", self._path, type(error).__name__, where)
            return _plain(500, "this is a fault here; send it again", _AGAIN)
        for what, one in zip(taken, coming, strict=True):
            _log.log(logging.INFO if what == "unknown" else logging.DEBUG, "%s: %s %s", self._path, what, _mark(one))
        if not taken:
            return _plain(200, "nothing to record")
        return _plain(200, "recorded" if set(taken) - {"known"} else "recorded before")


def _plain(status: int, line: str, headers: Mapping[str, str] | None = None) -> Response:
    return PlainTextResponse(line + "\n", status, headers)


def _mark(coming: Coming) -> str:
    """A fingerprint by which two lines of a log can be told to speak of the same thing: names may be addresses."""
    return hashlib.blake2b(name_of(coming).encode(), digest_size=6).hexdigest()


def _microseconds(wall: Callable[[], float]) -> int:
    return int(wall() * 1_000_000)
