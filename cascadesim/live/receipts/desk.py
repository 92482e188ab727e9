"""The desk: requests wait while what they bring is committed, many of them in one transaction.

A request is answered when its rows are on disk and not before, so a process that dies forgets nothing that it has
answered; what it has not, the sender sends again. What piles up while one transaction is written goes into the
next: a burst costs a few transactions, not one a receipt.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from cascadesim.errors import CascadeError
from cascadesim.live.intake import Coming, Taken

AT_ONCE = 500
"""How many are committed in one transaction at most: it holds the store's lock."""

WAITING = 10_000
"""How many may wait at most; more are told to come again."""

_log = logging.getLogger(__name__)

Take = Callable[[Sequence[Coming]], list[Taken]]


class FullError(CascadeError):
    """So many wait that one more would only wait too long."""


class Desk:
    """Gathers what comes in and hands it to `take`, in one thread: a store need not serve several at once."""

    def __init__(self, take: Take, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._take = take
        self._at_once = at_once
        self._waiting = waiting
        self._left: list[tuple[Coming, asyncio.Future[Taken]]] = []
        self._come = asyncio.Event()
        self._is_closing = False

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Works as long as the context lasts; at its end what waits is still committed."""
        self._is_closing, self._come = False, asyncio.Event()  # an event belongs to the loop that it is made in
        with ThreadPoolExecutor(1, "receipts") as thread:
            working = asyncio.create_task(self._work(thread))
            try:
                yield
            finally:
                self._is_closing = True
                self._come.set()
                await working

    async def take(self, one: Coming) -> Taken:
        """What became of it, once that is committed. FullError; OutsideError, and nothing of it is taken."""
        if len(self._left) >= self._waiting:
            raise FullError
        done: asyncio.Future[Taken] = asyncio.get_running_loop().create_future()
        self._left.append((one, done))
        self._come.set()
        return await done

    async def _work(self, thread: ThreadPoolExecutor) -> None:
        while not (self._is_closing and not self._left):
            await self._come.wait()
            batch, self._left = self._left[: self._at_once], self._left[self._at_once :]
            if not self._left and not self._is_closing:
                self._come.clear()
            if batch:
                await self._commit(thread, batch)

    async def _commit(self, thread: ThreadPoolExecutor, batch: Sequence[tuple[Coming, asyncio.Future[Taken]]]) -> None:
        loop = asyncio.get_running_loop()
        try:
            taken = await loop.run_in_executor(thread, self._take, [one for one, _ in batch])
        except Exception as error:
            if len(batch) > 1 and not isinstance(error, CascadeError):
                _log.error("%d that came together are taken one by one: %s", len(batch), type(error).__name__)
                for single in batch:  # one of them is at fault, and the others must not come back with it for ever
                    await self._commit(thread, [single])
                return
            for _, done in batch:
                if not done.done():
                    done.set_exception(error)
            return
        for (_, done), what in zip(batch, taken, strict=True):
            if not done.done():  # whoever asked may have gone
                done.set_result(what)
