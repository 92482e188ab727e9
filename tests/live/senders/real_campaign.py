"""A campaign as it is run: rows in a SQLite file, a post of real senders, and a server at which their receipts come in.

Providers live in real time, and the campaign in that of a clock which tests move, or which runs faster than the wall's.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cascadesim.live import Campaign, Message, Recipient, Runner
from cascadesim.live.entering import Door
from cascadesim.live.intake import Intake
from cascadesim.live.listening import listening
from cascadesim.live.senders import LISTENING, SendersFile, open_post
from cascadesim.live.senders.kinds import KINDS
from cascadesim.live.senders.secret import Secret
from cascadesim.live.senders.settings import Configured
from cascadesim.live.sql import SqlStore, open_store
from cascadesim.model.chain import Chain
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model, Scenario
from cascadesim.model.person import Person
from cascadesim.model.segment import Headcount, Segment
from cascadesim.units import DAY, SECOND, Duration
from tests.live.conftest import HandClock, Never
from tests.live.senders.gateway import Gateway
from tests.live.senders.rig import SECRET, free_port
from tests.live.stores import PLAN

PASSWORD = Secret("environment variable K", "foo&bar")
_SLICE = 0.02  # a receipt that comes in meanwhile is seen this soon


class FastClock:
    """So many times as fast as the wall's."""

    def __init__(self, speed: int) -> None:
        self._speed = speed
        self._start = time.monotonic()

    def now(self) -> int:
        return int((time.monotonic() - self._start) * self._speed * SECOND)

    def sleep_until(self, at: int) -> None:
        time.sleep(min(_SLICE, max(0, at - self.now()) / self._speed / SECOND))


class RealCampaign:
    """People on their way; what became of them is read from the tables."""

    def __init__(self, runner: Runner, store: SqlStore, intake: Intake) -> None:
        self.runner = runner
        self.store = store
        self.intake = intake

    def begin(self) -> None:
        """Everybody gets their first message; the clock does not move."""
        while self.runner.work():
            pass

    def run(self) -> None:
        """Until everybody's way has come to its end."""
        self.runner.run()

    def row(self, person: str) -> Recipient:
        found = self.store.recipient(f"s:{person}")
        assert found is not None
        return found

    def messages(self, person: str) -> list[Message]:
        """In the order of the chain."""
        return sorted((m for m in self.store.messages() if m.recipient == f"s:{person}"), key=lambda m: m.step)

    def states(self, person: str) -> list[tuple[str, str]]:
        """(channel, state) of each message."""
        return [(message.channel, message.state) for message in self.messages(person)]

    def statuses(self, person: str) -> set[int]:
        """What Kannel has reported of the person's first message."""
        ids = {f"receipt:sms:{status}:spring:s:{person}:1:sms:0": status for status in (1, 2, 4, 8, 16)}
        return {ids[found] for found in self.store.reported(ids)}


@contextmanager
def real_campaign(
    folder: Path,
    chain: Chain,
    people: Mapping[str, str],
    tables: Callable[[str], Mapping[str, Configured]],
    *,
    clock: HandClock | FastClock | None = None,
    batch: int = 50,
    secret: Secret | None = None,
) -> Iterator[RealCampaign]:
    """A campaign over people with these numbers; `tables` makes the senders' of the address for receipts.

    `secret` is that of [listen].
    """
    model = Model(
        Scenario(horizon=Duration(DAY)),
        channels=tuple(Channel(name) for name in ("email", "push", "sms")),
        segments=(Segment("s", Headcount(len(people))),),
    )
    clock, port, file = clock or HandClock(), free_port(), folder / "campaign.db"
    with ExitStack() as stack:
        store, heard = (_opened(stack, file) for _ in range(2))  # the server beside the runner has its own, as in use
        routes = model.routes(chain)
        campaign = Campaign("spring", model, routes, Never())
        channels = dict(tables(f"http://127.0.0.1:{port}/receipts/sms"))
        listen = Configured(LISTENING.name, LISTENING.name, {"host": "127.0.0.1", "port": port, "secret": secret})
        intake = Intake(campaign, heard, clock)
        stack.enter_context(listening(SendersFile(channels, listen), intake, clock, Door(model, routes)))
        post = stack.enter_context(open_post(channels, model, clock, io.StringIO()))
        runner = Runner(campaign, store=store, sender=post, clock=clock, batch=batch)
        runner.enrol(_people(people, list(channels)))
        yield RealCampaign(runner, store, intake)


def configured(channel: str, sender: str, **settings: object) -> Configured:
    """A table as it is read from a file, with the defaults of what it leaves out."""
    return Configured(channel, sender, {s.name: s.default for s in KINDS[sender].settings} | settings)


def by_kannel(at: Gateway, receipts: str) -> Configured:
    """The table of a gateway whose receipts come in."""
    more = {"receipts": receipts, "receipt_secret": SECRET, "column": "sms", "from": "12345", "timeout": 5.0}
    return configured("sms", "kannel", url=at.url, username="tester", password=PASSWORD, **more)


def by_webhook(channel: str, url: str) -> Configured:
    """The table of the channel that takes what the others could not bring."""
    return configured(channel, "webhook", url=url, secret=SECRET, column="id", addresses="any", timeout=5.0)


def _people(people: Mapping[str, str], channels: Sequence[str]) -> Iterator[Person]:
    for n, (name, address) in enumerate(people.items()):
        cells = {"id": name, "sms": address, "email": address}
        yield Person("s", n, name, "s", n, 0, n, "UTC", frozenset(channels), columns=cells)


def _opened(stack: ExitStack, file: Path) -> SqlStore:
    store = open_store(file, name="spring", plan=PLAN)
    stack.callback(store.close)
    return store
