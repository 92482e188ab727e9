"""The server where receipts, outside events, entries and stops come in, beside a runner in the same process."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

from cascadesim.errors import OutsideError
from cascadesim.live.entering import Door
from cascadesim.live.intake import Intake
from cascadesim.live.protocols import Clock
from cascadesim.live.senders import Configured, SendersFile
from cascadesim.live.senders.kinds import KINDS

if TYPE_CHECKING:
    from cascadesim.live.receipts import Endpoint


@contextmanager
def listening(senders: SendersFile, intake: Intake, clock: Clock, door: Door) -> Iterator[str | None]:
    """Hears what comes in as long as the block runs; where (None: the senders file has no `[listen]`).

    OutsideError if the port cannot be had.
    """
    if senders.listen is None:
        yield None
        return
    from cascadesim.live.receipts import application, secret_key, server

    settings = senders.listen.settings
    own = [secret_key(settings["secret"].reveal())] if settings["secret"] is not None else []
    endpoints = endpoints_of(senders.channels.values())
    app = application(intake, clock, endpoints, door, own, opening=intake.opening)
    place = f"{settings['host']}:{settings['port']}"
    try:
        there = socket.create_server((settings["host"], settings["port"]))
    except OSError as error:
        hint = "is another process listening there? `port` in [listen] names another one"
        raise OutsideError(f"cannot listen at {place} ({error.strerror or error}): {hint}") from error
    with there:
        serving = server(app)
        thread = Thread(target=serving.run, kwargs={"sockets": [there]}, name="receipts", daemon=True)
        thread.start()
        try:
            yield f"http://{place}"
        finally:
            serving.should_exit = True
            thread.join()


def endpoints_of(tables: Iterable[Configured]) -> list[Endpoint]:
    """Where the receipts of these channels come in: of those whose senders send any, and whose table has the secret."""
    from cascadesim.live.receipts import FORMATS, Endpoint, secret_key

    found = []
    for table in tables:
        signed = KINDS[table.sender].receipts
        secret = None if signed is None else table.settings.get(signed.secret)
        if signed is not None and secret is not None:
            key = secret.reveal().encode() if signed.is_vendors else secret_key(secret.reveal())
            found.append(Endpoint(table.channel, FORMATS[signed.format], (key,), table.settings.get("receipts")))
    return found
