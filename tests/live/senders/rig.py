"""What the tests of senders share: letters and messages, a clock, and a web server that answers as it is told."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cascadesim.live import Outgoing
from cascadesim.live.senders.breaker import Breaker
from cascadesim.live.senders.driver import Answer, Driver, Letter
from cascadesim.live.senders.post import Line, Post
from cascadesim.live.senders.secret import Secret
from cascadesim.model.chain import Chain, Saying, Send
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model
from cascadesim.model.person import Person
from tests.live.conftest import HandClock

NUMBER = "+37120000001"
SECRET = Secret("environment variable X", "whsec_c2l4dGVlbiBieXRlcyBhbmQgbW9yZQ==")
LETTER = Letter("spring:gold:p7:1:sms:0", "sms", NUMBER, "Hello")


def message(number: int, channel: str = "sms", text: str = "Hello", cell: str = NUMBER) -> Outgoing:
    """A message to person p<number>."""
    chain = Chain("c", (Send((channel,), saying=Saying(text=text)),))
    columns = {channel: cell}
    person = Person("s", number, f"p{number}", "s", number, 0, number, "UTC", frozenset({channel}), columns=columns)
    return Outgoing(
        f"spring:s:p{number}:1:{channel}:0", person, Model(channels=(Channel(channel),)), chain, 1, channel, 0, 0
    )


def write(outgoing: Outgoing) -> Letter:
    """The letter of such a message."""
    return Letter(outgoing.key, outgoing.channel, outgoing.person.columns[outgoing.channel], "Hello")


def deliver(driver: Driver, *letters: Letter) -> list[Answer]:
    """What the driver answers to the letters, one after the other; it is closed then."""

    async def run() -> list[Answer]:
        try:
            return [await driver.deliver(letter) for letter in letters]
        finally:
            await driver.close()

    return asyncio.run(run())


def look_up(driver: Any, letter: Letter = LETTER, sent_at: float = 0.0) -> Answer | None:
    """What the driver's provider says of a letter; it is closed then."""

    async def run() -> Answer | None:
        try:
            answer: Answer | None = await driver.look_up(letter, sent_at)
            return answer
        finally:
            await driver.close()

    return asyncio.run(run())


def probe(driver: Driver) -> str:
    """What the driver finds where it connects to."""

    async def run() -> str:
        try:
            return await driver.probe()
        finally:
            await driver.close()

    return asyncio.run(run())


def post_of(
    driver: Driver, clock: HandClock, in_doubt: Any = "unknown", at_once: int = 1, channel: str = "sms"
) -> Post:
    """A post of one line."""
    return Post({channel: Line(driver, write, in_doubt, at_once, Breaker(channel))}, clock)


@dataclass
class Request:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    peer: int


Answering = Callable[[Request], "tuple[int, dict[str, str], bytes] | None"]
"""A status, headers and a body; None: the connection is closed without an answer."""


@dataclass
class Web:
    """A server on this machine, and what came to it."""

    url: str
    requests: list[Request] = field(default_factory=list)


@contextmanager
def web(answering: Answering) -> Iterator[Web]:
    """A web server for as long as the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, self.path, headers, body, self.client_address[1])
            here.requests.append(request)
            answer = answering(request)
            if answer is None:
                self.close_connection = True
                return
            status, more, content = answer
            self.send_response(status)
            for name, value in {**more, "content-length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_POST = do_HEAD = _any  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    here = Web(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def silent(seconds: float) -> None:
    """Lets a client wait longer than it wants to."""
    time.sleep(seconds)


def free_port() -> int:
    """A port of this machine at which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
