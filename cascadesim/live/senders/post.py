"""The post: the runner's `Sender` over several providers, one for each channel.

It makes letters of messages, hands them to the channels' drivers, and turns their answers into what the runner
understands: settled, or later and when. What it remembers (who failed how often, who is left alone) is a courtesy
to providers: a process that dies forgets it, and nothing is lost.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from cascadesim.live.protocols import Clock, Later, Outgoing, Result, Sender, Settled
from cascadesim.live.senders.backoff import back_off
from cascadesim.live.senders.breaker import Breaker
from cascadesim.live.senders.driver import Accepted, Answer, Busy, Doubtful, Down, Driver, Letter, Refused
from cascadesim.units import MINUTE

# Nothing is handed over later than this after a batch began: with the longest that a hand-over takes (`timeout` is
# at most a minute, three times in SMTP) a batch ends before its lease does, and nobody else sends the same.
_HANDING = MINUTE
_REMEMBERED = 100_000

_LOG = logging.getLogger(__name__)

Doubt = Literal["resend", "unknown"]
"""What to do with a message that the provider may have: send it again (it honours keys), or leave it at that."""

Writer = Callable[[Outgoing], Letter]
"""Makes the letter of a message; ValueError says why there can be none, without the address."""


@dataclass(slots=True)
class Line:
    """A channel's way out: its driver, who writes its letters, and how it is to be treated."""

    driver: Driver
    write: Writer
    in_doubt: Doubt
    at_once: int
    breaker: Breaker
    failures: dict[str, int] = field(default_factory=dict)
    """How often each message that is put off has failed in a row."""


class Post:
    """A sender for a campaign whose channels have one line each. Close it, or use it in a `with`.

    `others` are the channels with a sender that takes batches as the runner has them.
    """

    def __init__(self, lines: Mapping[str, Line], clock: Clock, others: Mapping[str, Sender] | None = None) -> None:
        self._lines = dict(lines)
        self._clock = clock
        self._others = dict(others or {})
        self._runner = asyncio.Runner()

    def send(self, batch: Sequence[Outgoing]) -> list[Result]:
        """See `Sender`. The channels work side by side, each with as many messages at once as its provider likes."""
        results = self._runner.run(self._send([message for message in batch if message.channel in self._lines]))
        for channel, other in self._others.items():
            mine = [message for message in batch if message.channel == channel]
            results |= zip((message.key for message in mine), other.send(mine), strict=True)
        return [results[message.key] for message in batch]

    def close(self) -> None:
        """Lets all connections go."""
        try:
            for line in self._lines.values():
                self._runner.run(line.driver.close())
        finally:
            self._runner.close()

    def __enter__(self) -> Post:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def _send(self, batch: Sequence[Outgoing]) -> dict[str, Result]:
        doors = {channel: _Door(line, self._clock) for channel, line in self._lines.items()}
        taken = await asyncio.gather(*(doors[message.channel].take(message) for message in batch))
        return {message.key: result for message, result in zip(batch, taken, strict=True)}


class _Door:
    """A line while one batch goes through it; its locks are of the batch's own loop."""

    def __init__(self, line: Line, clock: Clock) -> None:
        self._line = line
        self._clock = clock
        self._closes = clock.now() + _HANDING
        self._places = asyncio.Semaphore(line.at_once)
        self._trial = asyncio.Lock()

    async def take(self, message: Outgoing) -> Result:
        try:
            letter = self._line.write(message)
        except ValueError as error:
            return Settled("refused", str(error))
        async with self._places:
            if not self._line.breaker.is_open:
                return await self._hand(letter)
            async with self._trial:  # the others wait for how it ends, and then go or stay
                return await self._hand(letter)

    async def _hand(self, letter: Letter) -> Result:
        line, now = self._line, self._clock.now()
        entry = line.breaker.entry(now)
        if entry > now or now > self._closes:
            return Later(entry)  # all together, for the runner works in batches; `at_once` keeps them from storming
        answer = await line.driver.deliver(letter)
        now = self._clock.now()
        self._tell_breaker(answer, now)
        if isinstance(answer, Accepted | Refused):
            line.failures.pop(letter.key, None)
            return _settled(answer)
        _LOG.info("a message on %s: %s", letter.channel, answer.why)  # not its key: an id may be an address
        if isinstance(answer, Doubtful) and line.in_doubt == "unknown":
            line.failures.pop(letter.key, None)
            return Settled("unknown", answer.why)
        return Later(self._again(letter, answer, now))

    def _tell_breaker(self, answer: Answer, now: int) -> None:
        breaker, was_open = self._line.breaker, self._line.breaker.is_open
        if isinstance(answer, Accepted | Refused) or (isinstance(answer, Busy) and answer.alone):
            breaker.succeeded()
        elif isinstance(answer, Busy):
            breaker.rest(now, answer.seconds)
        elif isinstance(answer, Down) and answer.for_long:
            breaker.rest(now)
        else:
            breaker.failed(now)
        if breaker.is_open and not was_open and not isinstance(answer, Accepted | Refused):
            _LOG.warning("%s is left alone for a while: %s", breaker.name, answer.why)

    def _again(self, letter: Letter, answer: Busy | Down | Doubtful, now: int) -> int:
        known = self._line.failures
        if len(known) >= _REMEMBERED:
            known.clear()
        failures = known[letter.key] = known.get(letter.key, 0) + 1
        asked = answer.seconds if isinstance(answer, Busy) else None
        return max(now + back_off(letter.key, failures, asked), self._line.breaker.entry(now))


def _settled(answer: Accepted | Refused) -> Settled:
    if isinstance(answer, Accepted):
        return Settled("accepted", answer.reference)
    return Settled("refused", answer.why)
