"""Asking providers what became of messages whose answer never came, now and then, beside a runner.

Such a message is `unknown`: its provider may have it or not. Where the provider can be asked (`LooksUp`), it is, and
what it says comes in as a receipt of its own name: told twice, or after the provider's own receipt, it changes nothing.
A round asks after a bounded number, and the next one goes on after the last of them, so that some which nobody knows
anything of keep none waiting.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Thread

from cascadesim.errors import OutsideError
from cascadesim.live.campaign import Campaign
from cascadesim.live.intake import Intake, Told
from cascadesim.live.protocols import Clock, Outgoing, Store
from cascadesim.live.rows import Acceptance, Message, Receipt, Recipient
from cascadesim.live.senders import Configured, driver_of
from cascadesim.live.senders.driver import Accepted, LooksUp, Refused
from cascadesim.live.senders.opening import writer_of
from cascadesim.live.senders.post import Writer
from cascadesim.model.model import Model
from cascadesim.units import DAY, MINUTE, SECOND

EVERY = 60.0
"""Seconds between two rounds."""

AT_ONCE = 100
"""After how many messages a round asks."""

_YOUNG = MINUTE  # a receipt may still be on its way
_OLD = 3 * DAY  # providers remember messages for some days

_log = logging.getLogger(__name__)


class Inquiry:
    """Asks after a campaign's messages on the channels whose providers can be asked. Close it.

    `wall` is the Unix time in seconds.
    """

    def __init__(
        self,
        campaign: Campaign,
        store: Store,
        clock: Clock,
        intake: Intake,
        tables: Mapping[str, Configured],
        model: Model,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._campaign = campaign
        self._store = store
        self._clock = clock
        self._intake = intake
        self._wall = wall
        self._asked: dict[str, tuple[LooksUp, Writer]] = {}
        self._drivers = {name: driver_of(table) for name, table in tables.items()}
        for name, driver in self._drivers.items():
            if isinstance(driver, LooksUp):
                self._asked[name] = driver, writer_of(model.channel(name), tables[name])
        self._last = ""

    @property
    def is_idle(self) -> bool:
        """Whether there is nobody to ask."""
        return not self._asked

    async def round(self) -> int:
        """Asks after the next messages; of how many something is known now. OutsideError where the store fails."""
        now = self._clock.now()
        found = self._store.unknown(self._last, now - _OLD, AT_ONCE)
        self._last = found[-1].key if len(found) == AT_ONCE else ""
        doubtful = [m for m in found if m.channel in self._asked and m.sent_at <= now - _YOUNG]
        rows = {row.key: row for row in self._store.recipients({message.recipient for message in doubtful})}
        said = await asyncio.gather(*(self._ask(m, rows[m.recipient]) for m in doubtful if m.recipient in rows))
        told = [one for one in said if one is not None]
        if told:
            self._intake.take(told)
        return len(told)

    async def close(self) -> None:
        """Lets all connections go."""
        for driver in self._drivers.values():
            if driver is not None:
                await driver.close()

    async def _ask(self, message: Message, row: Recipient) -> Told | None:
        driver, write = self._asked[message.channel]
        now = self._clock.now()
        try:
            letter = write(self._outgoing(message, row))
        except ValueError:  # their contact's cells are no longer what they were
            return None
        answer = await driver.look_up(letter, self._wall() - (now - message.sent_at) / SECOND)
        if isinstance(answer, Accepted):
            return _told(message, "accepted", now)
        return _told(message, "failed", now) if isinstance(answer, Refused) else None

    def _outgoing(self, message: Message, row: Recipient) -> Outgoing:
        program = self._campaign.programs[row.route]
        step = message.step, message.channel, message.attempt, message.sent_at
        return Outgoing(message.key, row.person, program.model, program.chain, *step)


def _told(message: Message, word: Acceptance, now: int) -> Told:
    return Told(message.channel, Receipt(f"query:{message.key}:{word}", message.key, word, now))


@contextmanager
def asking(make: Callable[[], Inquiry], every: float | None = None) -> Iterator[None]:
    """Asks as long as the block runs, in a thread of its own; what fails outside is logged, and tried again.

    `every` is in seconds between two rounds (None: `EVERY`).
    """
    inquiry = make()
    with asyncio.Runner() as runner:
        if inquiry.is_idle:
            runner.run(inquiry.close())
            yield
            return
        loop = runner.get_loop()
        working = loop.create_task(_rounds(inquiry, EVERY if every is None else every))
        thread = Thread(target=_until_cancelled, args=(loop, working), name="asking", daemon=True)
        thread.start()
        try:
            yield
        finally:
            loop.call_soon_threadsafe(working.cancel)
            thread.join()


def _until_cancelled(loop: asyncio.AbstractEventLoop, working: asyncio.Task[None]) -> None:
    asyncio.set_event_loop(loop)
    loop.run_until_complete(asyncio.wait([working]))


async def _rounds(inquiry: Inquiry, every: float) -> None:
    try:
        while True:
            await asyncio.sleep(every)
            try:
                if known := await inquiry.round():
                    _log.info("providers were asked after messages: of %d it is known now what became of them", known)
            except OutsideError as error:
                _log.error("%s It is tried again.", error)
    finally:
        await inquiry.close()
