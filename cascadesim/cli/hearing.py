"""`cascadesim listen`: the server of a campaign's receipts, on its own."""

from __future__ import annotations

import signal
from pathlib import Path
from threading import Event

from cascadesim.cli import codes
from cascadesim.cli.output import Output
from cascadesim.cli.stores import Held, held, opened
from cascadesim.errors import InputError

_LOOK = 1.0  # seconds between two looks at whether another plan has come into force


def hear(out: Output, file: Path, store: str, name: str | None) -> None:
    """Serves until it is told to stop; anew when another plan comes into force."""
    over = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    while not over.is_set():
        with opened(store, name) as (rows, office):
            _serve(out, file, held(rows, office), over)


def _serve(out: Output, file: Path, one: Held, over: Event) -> None:
    from cascadesim.cli.plans import excluded_of
    from cascadesim.live.listening import listening
    from cascadesim.live.senders import read_senders_file

    senders = read_senders_file(file, one.plan.model)
    if senders.listen is None:
        hint = "add one: `cascadesim senders listen` says what goes into it"
        raise InputError.of(codes.NO_LISTEN, f"{file} has no table [listen]", hint)
    door = one.door(excluded_of(one.plan, file.parent), senders)
    with listening(senders, one.intake(), one.clock, door) as where:
        out.say(f"Receipts come in at {where}.")
        while not over.wait(_LOOK):
            if one.office.about().plan != one.campaign.plan:
                return
