"""A circuit breaker: who does not answer is left alone for a while, and then asked once.

Without it a provider that is down costs a time-out for every message, and is met by a storm as it comes back.
The libraries that there are read the clock themselves and raise; here time is the campaign's, and what is wanted
is the instant at which to come again.
"""

from __future__ import annotations

from cascadesim.live.senders.backoff import back_off

_PATIENCE = 5


class Breaker:
    """Lets messages through until so many in a row have failed; then none before an instant, then a trial.

    Every trial that fails makes the next rest longer; one that succeeds ends it all.
    """

    def __init__(self, name: str, patience: int = _PATIENCE) -> None:
        self.name = name
        self._patience = patience
        self._failures = 0
        self._rests = 0
        self._until: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether the provider is being left alone, or on trial: then one message goes at a time."""
        return self._until is not None

    def entry(self, now: int) -> int:
        """When the next message may go: `now`, or the end of the rest."""
        return now if self._until is None else max(now, self._until)

    def succeeded(self) -> None:
        """The provider answers, whatever it says of the message."""
        self._failures = self._rests = 0
        self._until = None

    def failed(self, now: int) -> None:
        """The provider could not be reached, or did not answer."""
        self._failures += 1
        if self.is_open or self._failures >= self._patience:
            self.rest(now)

    def rest(self, now: int, asked: float | None = None) -> None:
        """The provider is left alone: it asked for that (for so many seconds), or it is of no use to ask again."""
        if self._until is not None and now < self._until:
            return  # messages that were on their way as the rest began: one rest, not one for each
        self._rests += 1
        self._until = now + back_off(self.name, self._rests + self._patience, asked)
