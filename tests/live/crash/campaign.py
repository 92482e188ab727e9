"""A campaign that dies where it is told to: `python -m tests.live.crash.campaign FOLDER`, which exits 0 at its end.

A process runs a small campaign over a SQLite file until it is killed with -9 at a named point, for the nth time that
it comes there; then the next process goes on, as a user would run the command again. What the provider has accepted
it has written to a file of its own, synced, line by line, before anything else happens.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cascadesim.live import Campaign, Changes, Happening, Outgoing, Recipient, Report, Result, Runner, Settled
from cascadesim.live.sql import SqlStore, open_store
from cascadesim.model.chain import Chain, Event, Send, Wait
from cascadesim.model.channel import Channel, Throughput
from cascadesim.model.model import Model, Scenario
from cascadesim.model.person import Person
from cascadesim.model.rates import Rate
from cascadesim.model.segment import Headcount, Segment
from cascadesim.units import SECOND, Duration, Share
from tests.live.conftest import Never

POINTS = ("claimed", "written", "accepted", "recorded", "advanced")
TIMES = 3
PEOPLE, BATCH = 240, 10
STOPPED = frozenset(f"p{n:03}" for n in range(0, PEOPLE, 4))
"""Who is reported to have bought as soon as the first step is out: they must not be sent the second."""

WAIT, LEASE = SECOND // 2, SECOND // 20
CHAIN = Chain(
    "c",
    (Send(("push",), wait=Wait(Duration(WAIT))), Send(("sms",))),
    stop_when=(Event("opened"), Event(outside="bought")),
)
_OPENS = (Rate("opens", Share(0.5), Share(0.5)),)
MODEL = Model(
    Scenario(),
    (Channel("push", rates=_OPENS), Channel("sms", rates=_OPENS, throughput=Throughput(200, Duration(SECOND)))),
    (Segment("s", Headcount(PEOPLE)),),
)


class Death:
    """Comes at the nth arrival at a point."""

    def __init__(self, point: str | None, nth: int) -> None:
        self._point, self._left = point, nth

    def at(self, point: str) -> None:
        if point == self._point:
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)


class Mortal(SqlStore):
    """The shipped store, with points of death in it."""

    death: Death

    @contextmanager
    def transaction(self, alone: bool = False) -> Iterator[None]:
        self.settles = False
        with super().transaction(alone):
            yield
            if self.settles:
                self.death.at("recorded")  # all is written, nothing is committed
        if self.settles:
            self.death.at("advanced")

    def claim(self, now: int, most: int, until: int) -> list[Recipient]:
        claimed = super().claim(now, most, until)
        if claimed:
            self.death.at("claimed")
        return claimed

    def commit(self, changes: Changes) -> None:
        super().commit(changes)
        self.settles = any(message.state == "accepted" for message in changes.messages.values())


class Provider:
    """Accepts all, and remembers it whatever happens to who has sent it."""

    def __init__(self, path: Path, death: Death) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._death = death

    def send(self, batch: Sequence[Outgoing]) -> list[Result]:
        self._death.at("written")
        for place, message in enumerate(batch):
            os.write(self._file, f"{message.key}\n".encode())
            if place == len(batch) // 2:
                self._death.at("accepted")  # half of the batch is out
        return [Settled("accepted") for _ in batch]


class WallClock:
    """Microseconds since the campaign began, whoever runs it."""

    def __init__(self, began: int) -> None:
        self._began = began

    def now(self) -> int:
        return time.time_ns() // 1_000 - self._began

    def sleep_until(self, at: int) -> None:
        time.sleep(max(0, at - self.now()) / SECOND)


def go_on(folder: Path, began: int, death: Death) -> None:
    """Runs the campaign to its end, or to one's own."""
    opened = open_store(folder / "campaign.db", name="spring", plan="0" * 64)
    store = Mortal(opened.engine, opened.place, opened.campaign)
    store.death = death
    clock, sender = WallClock(began), Provider(folder / "provider.txt", death)
    campaign = Campaign("spring", MODEL, MODEL.routes(CHAIN), Never())
    runner = Runner(campaign, store=store, sender=sender, clock=clock, batch=BATCH, lease=LEASE)
    runner.enrol(Person("s", n, f"p{n:03}", "s", n, 0, n, "UTC", frozenset({"push", "sms"})) for n in range(PEOPLE))
    while (due := runner.next_due()) is not None:
        runner.receipts(_purchases(store))
        if due > clock.now():
            clock.sleep_until(due)
        else:
            runner.work()


def _purchases(store: SqlStore) -> list[Report]:
    sent = store.attempts([f"spring:s:{who}:1:push:0" for who in sorted(STOPPED)])
    return [Happening(f"e:{m.recipient}", m.recipient, "bought", m.sent_at) for m in sent if m.state == "accepted"]


def _process(work: Callable[[], None]) -> int:
    """What became of another process that did this work: 0, or the signal that ended it, negative."""
    child = os.fork()
    if not child:
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(folder: Path) -> None:
    began = time.time_ns() // 1_000
    for nth in range(1, TIMES + 1):
        for point in POINTS:
            ended = _process(lambda point=point, nth=nth: go_on(folder, began, Death(point, nth)))
            print(point, ended)
    sys.exit(_process(lambda: go_on(folder, began, Death(None, 0))))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
