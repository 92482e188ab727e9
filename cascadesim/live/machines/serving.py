"""Taking part in a campaign, as one of several processes on any number of machines."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import URL

from cascadesim.errors import OutsideError, RefusedError
from cascadesim.live.machines.desk import Desk, Troubled
from cascadesim.live.machines.jobs import listening
from cascadesim.live.runner import Runner
from cascadesim.live.sql.engines import url_of
from cascadesim.live.sql.opening import place_of
from cascadesim.live.sql.trouble import explained

BATCHES_PER_SECOND = 20
WORKERS = 2
_LOOK = 1.0  # seconds
_PATIENCE = 120.0  # seconds, as long as a batch is tried again


def serve(
    campaign: str,
    new_runner: Callable[[], Runner],
    database: str,
    *,
    workers: int = WORKERS,
    batches_per_second: int = BATCHES_PER_SECOND,
    troubled: Troubled = lambda _: None,
) -> bool:
    """Works at a campaign until everybody's way has come to its end (True) or SIGTERM is received (False).

    `database` is the PostgreSQL database, by its URL, where DBOS makes its tables, in the schema `dbos`: best the one
    that the store is in. `new_runner` makes runners of the campaign, each with a store of its own and all with one
    clock, for a runner works in one thread. Each process works `workers` batches at a time, and all of them together
    begin at most `batches_per_second`; who has started last has said so for all. What is in hand is finished in any
    case. A batch that fails from outside is tried again for some two minutes, and `troubled` hears of each failure, in
    any thread; then comes OutsideError, as where the database is away for longer. RefusedError for another database.
    One process serves one campaign at a time.
    """
    url = _postgres(database)
    desk = Desk(new_runner, troubled)
    watch = new_runner()
    taking_part = listening(campaign, desk, url, workers, batches_per_second)
    with _until_sigterm(desk.closed), explained(place_of(url)), taking_part:
        return _watched(watch, desk, troubled)


def _postgres(database: str) -> URL:
    url = url_of(database)
    if url.get_backend_name() == "sqlite":
        raise RefusedError("several machines need a PostgreSQL database: a SQLite file belongs to one")
    return url


def _watched(watch: Runner, desk: Desk, troubled: Troubled) -> bool:
    seen = time.monotonic()
    while not desk.closed.wait(_LOOK):
        try:
            if watch.next_due() is None:
                return True
            seen = time.monotonic()
        except OutsideError as error:
            if time.monotonic() > seen + _PATIENCE:
                raise
            troubled(error)
    if desk.fault is not None:
        raise desk.fault
    return False


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
