"""Taking part in a campaign, as one of several processes on any number of machines."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from sqlalchemy import URL

from cascadesim.errors import OutsideError, RefusedError
from cascadesim.live.machines.crew import Crew
from cascadesim.live.machines.jobs import listening
from cascadesim.live.runner import Held, Runner
from cascadesim.live.sql.engines import url_of
from cascadesim.live.sql.opening import place_of
from cascadesim.live.sql.trouble import explained

_log = logging.getLogger(__name__)

BATCHES_PER_SECOND = 20
WORKERS = 2
_LOOK = 1.0  # seconds


def serve(
    campaign: str,
    new_runner: Callable[[], Runner],
    database: str,
    *,
    workers: int = WORKERS,
    batches_per_second: int = BATCHES_PER_SECOND,
    ends: Callable[[], bool] = lambda: True,
) -> Held | Literal["stopped"] | None:
    """Works at a campaign; why that ended: None if everybody's way has come to its end, `stopped` by SIGTERM.

    `new_runner` makes runners of the campaign, each with a store of its own and all with one clock: a runner works in
    one thread. `database` is a PostgreSQL database by its URL, where DBOS makes its tables, in the schema `dbos`: best
    the one of the store. A process works `workers` batches at a time, and all of them together begin at most
    `batches_per_second`; who has started last has said so for all. `ends` says, when nobody is left to be worked on,
    whether nothing more is to be waited for.

    What is in hand is finished in any case. What fails outside is waited for, and logged; OutsideError only where it
    fails at the start, RefusedError for a database of another kind. One process serves one campaign at a time.
    """
    url = _postgres(database)
    crew = Crew(new_runner)
    watch = new_runner()
    taking_part = listening(campaign, crew, url, workers, batches_per_second)
    with _until_sigterm(crew.closed), explained(place_of(url)), taking_part:
        return _watched(watch, crew, ends)


def _postgres(database: str) -> URL:
    url = url_of(database)
    if url.get_backend_name() == "sqlite":
        raise RefusedError("several machines need a PostgreSQL database: a SQLite file belongs to one")
    return url


def _watched(watch: Runner, crew: Crew, ends: Callable[[], bool]) -> Held | Literal["stopped"] | None:
    while not crew.closed.wait(_LOOK):
        try:
            if watch.next_due() is None and ends():
                return None
        except OutsideError as error:
            _log.error("%s It is tried again.", error)
    if crew.fault is not None:
        raise crew.fault
    return crew.held or "stopped"


@contextmanager
def _until_sigterm(closed: threading.Event) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # only there signals can be received
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: closed.set())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
