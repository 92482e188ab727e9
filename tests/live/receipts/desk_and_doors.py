"""An application on a small campaign, called in this process; and what its callers send."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import httpx

from cascadesim.live import MemoryStore, Store
from cascadesim.live.campaign import Campaign
from cascadesim.live.entering import Door
from cascadesim.live.intake import Intake
from cascadesim.live.receipts import FORMATS, Endpoint, application, sign
from cascadesim.live.signatures import dlr_url
from cascadesim.model.chain import Chain, Event, Saying, Send, Wait
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model, Scenario
from cascadesim.model.rates import Rate
from cascadesim.model.segment import Contacts, Headcount, Segment, Test
from cascadesim.units import HOUR, Duration, Share
from tests.live.conftest import HandClock, Never, Stage

WALL = 1_800_000_000  # 2027-01-15T08:00:00Z
PUSH_KEY, SMS_KEY, OWN_KEY = (bytes([n]) * 32 for n in (1, 2, 3))
FIRST = "spring:s:ann:1:push:0"

OPENS = (Rate("opens", Share(0.5), Share(0.5)), Rate("clicks", Share(0.1), Share(0.1)))
CHAIN = Chain(
    "c",
    (Send(("push",), wait=Wait(Duration(HOUR))), Send(("sms",), Saying(text="Hello {first_name}"))),
    stop_when=(Event("opened"), Event(outside="bought")),
)
MODEL = Model(
    Scenario(),
    (Channel("push", rates=OPENS), Channel("sms", rates=OPENS)),
    (
        Segment("s", Headcount(3)),
        Segment("gold", Contacts("people.csv", where=(Test("tier", "is", ("gold",)),))),
        Segment("silver", Contacts("people.csv", where=(Test("tier", "is", ("silver",)),))),
    ),
)
ROUTES = tuple(route for route in MODEL.routes(CHAIN) if route.segment != "silver")

Call = Callable[..., Awaitable[httpx.Response]]


class Doors:
    """The application on a stage on which ann's and bob's first message is out, an hour before the second."""

    def __init__(self, store: Store | None = None, push: Endpoint | None = None) -> None:
        self.stage = Stage(store or MemoryStore(), MODEL, CHAIN)
        self.stage.enter("ann", "bob")
        self.stage.at(0)
        self.store = self.stage.store
        self.clock: HandClock = self.stage.clock
        self.wall = float(WALL)
        self.app = application(
            intake_of(self.store, self.clock),
            self.clock,
            [
                push or Endpoint("push", FORMATS["signed-json"], (b"an old one, as long", PUSH_KEY)),
                Endpoint("sms", FORMATS["kannel"], (SMS_KEY,)),
            ],
            Door(MODEL, ROUTES),
            [OWN_KEY],
            lambda: self.wall,
            intake_of(self.store, self.clock).opening,
        )

    def play(self, scene: Callable[[httpx.AsyncClient], Awaitable[Any]]) -> Any:
        """Runs the scene against the application, as it lives between start and shutdown."""

        async def played() -> Any:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with (
                self.app.router.lifespan_context(self.app),
                httpx.AsyncClient(transport=transport, base_url="http://here") as client,
            ):
                return await scene(client)

        return asyncio.run(played())

    def call(self, *requests: httpx.Request) -> list[httpx.Response]:
        """One after the other; their answers."""

        async def scene(client: httpx.AsyncClient) -> list[httpx.Response]:
            return [await client.send(request) for request in requests]

        found: list[httpx.Response] = self.play(scene)
        return found

    def statuses(self, *requests: httpx.Request) -> list[int]:
        return [response.status_code for response in self.call(*requests)]


def intake_of(store: Store, clock: HandClock) -> Intake:
    return Intake(Campaign("spring", MODEL, ROUTES, Never()), store, clock)


def post(
    path: str,
    body: Mapping[str, Any] | bytes,
    key: bytes = PUSH_KEY,
    at: int = WALL,
    headers: Mapping[str, str] | None = None,
) -> httpx.Request:
    """A signed request."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx.Request(
        "POST", f"http://here{path}", content=content, headers={**sign(key, "m-1", at, content), **(headers or {})}
    )


def receipt(event: str = "opened", key: str = FIRST, name: str = "r1", **changed: Any) -> dict[str, Any]:
    return {"id": name, "key": key, "event": event, "at": "2027-01-15T08:00:00Z", **changed}


def kannel(key: str, status: object, secret: bytes = SMS_KEY, at: object = WALL) -> httpx.Request:
    """Kannel's call: its escapes filled in, in one pass over the URL; there are more than the URL asks for."""
    known = {"%": "%", "d": str(status), "T": str(at), "A": "stat:DELIVRD", "B": "", "C": "UTF-8", "F": "id", "c": "0"}
    url = dlr_url("http://here/receipts/sms", key, secret)
    return httpx.Request("GET", re.sub("%(.)", lambda found: known.get(found[1], found[0]), url))


def order(path: str, body: Mapping[str, Any] | bytes) -> httpx.Request:
    return post(path, body, OWN_KEY)


def lines(responses: Sequence[httpx.Response]) -> list[str]:
    return [f"{r.status_code} {r.text}".strip() for r in responses]
