"""The campaign that is killed: three steps to people whom not every channel reaches, some of whom are stopped."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cascadesim.live import Runner, Sender
from cascadesim.live.campaign import Campaign
from cascadesim.live.sql import SqlStore
from cascadesim.model.chain import Chain, Event, Send, Wait
from cascadesim.model.channel import Channel, Throughput
from cascadesim.model.model import Model, Scenario
from cascadesim.model.person import Person
from cascadesim.model.rates import Rate
from cascadesim.model.segment import Headcount, Segment
from cascadesim.units import SECOND, Duration, Share
from tests.live.conftest import Never

NAME, PLAN, SEED = "spring", "0" * 64, 20_000
_OPENS = (Rate("opens", Share(0.5), Share(0.5)),)
_REACHES = {"push": (11, 10), "email": (5, 4), "sms": (3, 1)}
"""Of every so many people the channel reaches that many; few by text, for a limit is kept one message at a time."""


@dataclass(frozen=True)
class Size:
    """How large all is: people, a batch, stops in one transaction; seconds to a step, of a lease, between stops.

    A lease must outlast a batch's work: else two workers send the same without anybody having died.
    """

    people: int
    batch: int
    stops_at_once: int
    wait: float
    lease: float
    pause: float
    limit: int | None = None
    """Texts a second."""

    def limited(self, limit: int | None) -> Size:
        """As large, with that limit."""
        return replace(self, limit=limit)

    def chain(self) -> Chain:
        """Push, mail, text."""
        wait = Wait(Duration(int(self.wait * SECOND)))
        return Chain("c", (Send(("push",), wait=wait), Send(("email",), wait=wait), Send(("sms",))), (Event("opened"),))

    def model(self) -> Model:
        """Its channels, and a limit on the last."""
        limit = None if self.limit is None else Throughput(self.limit, Duration(SECOND))
        texts = Channel("sms", rates=_OPENS, throughput=limit)
        channels = (Channel("push", rates=_OPENS), Channel("email", rates=_OPENS), texts)
        return Model(Scenario(), channels, (Segment("s", Headcount(self.people)),))

    def persons(self) -> Iterator[Person]:
        """All of them, who enter at the start."""
        for n in range(self.people):
            reach = frozenset(channel for channel, (of, reached) in _REACHES.items() if n % of < reached)
            yield Person("s", n, f"p{n:05}", "s", n, 0, n, "UTC", reach)

    def to_stop(self) -> list[str]:
        """Three in ten, in the order in which they are stopped, which is nobody else's."""
        ids = [person.id for person in self.persons()]
        return random.Random(SEED).sample(ids, len(ids) * 3 // 10)

    def campaign(self) -> Campaign:
        """As all know it who work on it and who tell it of stops."""
        model = self.model()
        return Campaign(NAME, model, model.routes(self.chain()), Never())

    def runner(self, store: SqlStore, sender: Sender, clock: WallClock) -> Runner:
        """As a command would make it."""
        campaign, lease = self.campaign(), int(self.lease * SECOND)
        return Runner(campaign, store=store, sender=sender, clock=clock, batch=self.batch, lease=lease)


class WallClock:
    """Microseconds since the campaign began, whoever runs it."""

    def __init__(self, began: int) -> None:
        self._began = began

    def now(self) -> int:
        return time.time_ns() // 1_000 - self._began

    def sleep_until(self, at: int) -> None:
        time.sleep(min(max(0, at - self.now()), SECOND // 20) / SECOND)  # another may have made work meanwhile
