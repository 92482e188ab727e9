"""A message centre that speaks SMPP: what it answers to a text, and what it reports of it later, is told by number."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

import smpp34


class Fate(NamedTuple):
    """What becomes of a text: with which statuses it is turned away, time after time, before it is taken.

    `report` is the `stat` of the receipt then; None: nothing is reported.
    """

    turned_away: tuple[int, ...] = ()
    report: str | None = None


class Smsc:
    """The centre, on a loop of its own. What it was given is counted by number, as it writes numbers: without a +."""

    def __init__(self, port: int, fates: Mapping[str, Fate]) -> None:
        self.got: Counter[str] = Counter()
        self._fates = fates
        self._server = smpp34.Server("127.0.0.1", port)
        self._esmes: dict[str, smpp34.Esme] = {}
        self._taken: dict[str, smpp34.SubmitSmEvent] = {}
        self._reports: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()

    def report(self, number: str, stat: str) -> None:
        """Reports of a text that was taken; returns when the gateway has heard it."""
        asyncio.run_coroutine_threadsafe(self._report(self._taken[number], stat), self._loop).result(5)

    async def run(self, started: threading.Event) -> None:
        """Serves until it is cancelled."""
        await self._server.start()
        started.set()
        try:
            while True:
                event = await self._server.next()
                if isinstance(event, smpp34.Esme):
                    self._esmes[event.session_id] = event
                elif isinstance(event, smpp34.SubmitSmEvent):
                    self._answer(event)
        finally:
            await self._server.stop()

    def _answer(self, event: smpp34.SubmitSmEvent) -> None:
        number = event.destination_addr
        fate, came = self._fates[number], self.got[number]
        self.got[number] += 1
        if came < len(fate.turned_away):
            event.reject(fate.turned_away[came])
            return
        event.accept(number)  # a name for the message, as good as any
        self._taken[number] = event
        if fate.report is not None:
            task = self._loop.create_task(self._report(event, fate.report))
            self._reports.add(task)
            task.add_done_callback(self._reports.discard)

    async def _report(self, event: smpp34.SubmitSmEvent, stat: str) -> None:
        await asyncio.sleep(0.3)  # later than the answer
        dates = "submit date:2703011200 done date:2703011200"
        says = f"id:{event.destination_addr} sub:001 dlvrd:001 {dates} stat:{stat} err:000 text:"
        await self._esmes[event.session_id].deliver_sm(
            event.source_addr, says.encode(), source_addr=event.destination_addr, esm_class=0x04
        )


@contextmanager
def smsc(port: int, fates: Mapping[str, Fate]) -> Iterator[Smsc]:
    """A centre that listens at the port while the block runs."""
    found, started = Smsc(port, fates), threading.Event()
    loop = found._loop
    serving = loop.create_task(found.run(started))
    thread = threading.Thread(target=_run, args=(loop, serving))
    thread.start()
    try:
        assert started.wait(5)
        yield found
    finally:
        loop.call_soon_threadsafe(serving.cancel)
        thread.join()


def _run(loop: asyncio.AbstractEventLoop, serving: asyncio.Task[None]) -> None:
    try:
        loop.run_until_complete(asyncio.wait([serving]))
    finally:
        loop.close()
