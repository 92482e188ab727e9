"""The console sender: prints what would be sent, one line a message, and contacts nobody."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TextIO

from cascadesim.live.protocols import Outgoing, Result, Sender, Settled
from cascadesim.model.calendar import Clock
from cascadesim.model.content import text_of
from cascadesim.model.model import Model
from cascadesim.units import SECOND, Duration

_WIDTH = 80


class Console:
    """Prints the first `most` messages (None: all) to a stream and accepts them, or passes them on to `then`.

    A line has the time (the recipient's wall clock, or since the start where the scenario has no date), the
    channel, the step, who gets it, and the beginning of its text; never an address.
    """

    def __init__(self, model: Model, stream: TextIO, most: int | None = None, then: Sender | None = None) -> None:
        self._model = model
        self._clock = Clock(model.scenario)
        self._stream = stream
        self._most = most
        self._then = then
        self._printed = 0

    def send(self, batch: Sequence[Outgoing]) -> list[Result]:
        """See `Sender`."""
        left = len(batch) if self._most is None else max(0, self._most - self._printed)
        for message in batch[:left]:
            self._stream.write(self._line(message) + "\n")
            self._printed += 1
        self._stream.flush()  # whoever reads a file sees at once what has gone out
        return [Settled("accepted") for _ in batch] if self._then is None else self._then.send(batch)

    def _line(self, message: Outgoing) -> str:
        person = message.person
        text = text_of(message.model, message.chain, message.send, message.channel, person.columns or None)
        who = f"{person.segment} {person.id}"
        said = f"{self._time(message)}  {message.channel:<10} step {message.step}  {who}"
        return _plain(said if text is None else f"{said}  {textwrap.shorten(text, _WIDTH, placeholder=' ...')}")

    def _time(self, message: Outgoing) -> str:
        if self._model.scenario.starts is None:
            return f"after {Duration(message.at // SECOND * SECOND)}"
        return self._clock.local(message.at, message.person.zone).isoformat(" ", "seconds")


def _plain(line: str) -> str:
    """Without what would move a terminal's cursor or change its colours: cells come from outside."""
    return "".join(c if c.isprintable() else " " for c in line)
