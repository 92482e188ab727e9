"""A machine at a small campaign: `python -m tests.live.machines.campaign URL NAME BEGAN FILE`.

It prints why it has ended, and its log on stderr. What its provider has accepted is in the file, synced, line by
line, before anything else happens.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from cascadesim.live import Outgoing, Result, Runner, Settled
from cascadesim.live.campaign import Campaign
from cascadesim.live.machines import serve
from cascadesim.live.sql import SqlStore, open_store
from cascadesim.model.chain import Chain, Event, Send, Wait
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model, Scenario
from cascadesim.model.person import Person
from cascadesim.model.rates import Rate
from cascadesim.model.segment import Headcount, Segment
from cascadesim.units import SECOND, Duration, Share
from tests.live.conftest import Never
from tests.live.stores import PLAN

PEOPLE, BATCH, LEASE = 300, 10, 2 * SECOND
LIMIT = 15
"""How many batches all machines begin in a second."""

EVERYBODY = [f"p{n:03}" for n in range(PEOPLE)]
CHAIN = Chain("c", (Send(("push",), wait=Wait(Duration(SECOND))), Send(("sms",))), stop_when=(Event("opened"),))
_OPENS = (Rate("opens", Share(0.5), Share(0.5)),)
MODEL = Model(
    Scenario(), (Channel("push", rates=_OPENS), Channel("sms", rates=_OPENS)), (Segment("s", Headcount(PEOPLE)),)
)


class WallClock:
    """Microseconds since the campaign began, whoever works at it."""

    def __init__(self, began: int) -> None:
        self._began = began

    def now(self) -> int:
        return time.time_ns() // 1_000 - self._began

    def sleep_until(self, at: int) -> None:
        raise AssertionError(at)


class Provider:
    """Takes its time, accepts all, and remembers it whatever happens to who has sent it."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def send(self, batch: Sequence[Outgoing]) -> list[Result]:
        for message in batch:
            os.write(self._file, f"{message.key}\n".encode())
            os.fsync(self._file)
            time.sleep(0.01)
        return [Settled("accepted") for _ in batch]


def runner(store: SqlStore, name: str, began: int, accepted: Path) -> Runner:
    campaign = Campaign(name, MODEL, MODEL.routes(CHAIN), Never())
    return Runner(
        campaign, store=store, sender=Provider(accepted), clock=WallClock(began), batch=BATCH, lease=LEASE
    )  # fmt: skip


def enrol(runner: Runner) -> None:
    reach = frozenset({"push", "sms"})
    runner.enrol(Person("s", n, who, "s", n, 0, n, "UTC", reach) for n, who in enumerate(EVERYBODY))


def main(url: str, name: str, began: str, accepted: str) -> None:
    logging.basicConfig()

    def new_runner() -> Runner:
        return runner(open_store(url, name=name, plan=PLAN), name, int(began), Path(accepted))

    print(serve(name, new_runner, url, batches_per_second=LIMIT))


if __name__ == "__main__":
    main(*sys.argv[1:])
