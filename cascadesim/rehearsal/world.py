"""The world of a rehearsal: its time, and people who do with messages what is drawn for them.

It knows the truth; the runner learns of it only what channels report, by receipts, when they come (S11).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from heapq import heappop, heappush

from cascadesim.draws.behaviour import Behaviour, Fate
from cascadesim.live import Happening, Outgoing, Receipt, Report, Result, Settled, recipient_key
from cascadesim.model.model import Model
from cascadesim.model.person import Person
from cascadesim.model.rates import State


class VirtualClock:
    """Time that passes as soon as nobody has anything left to do at an instant; reports come in as it does."""

    def __init__(self) -> None:
        self._now = 0
        self._coming: list[tuple[int, int, Report]] = []
        self._posted = 0
        self._hear: Callable[[Sequence[Report]], object] = lambda reports: None

    def now(self) -> int:
        """See `cascadesim.live.Clock`."""
        return self._now

    def reports_to(self, hear: Callable[[Sequence[Report]], object]) -> None:
        """Who is told what comes in, all that comes in at one instant together."""
        self._hear = hear

    def post(self, report: Report) -> None:
        """The report is to come in at its time, which is still to come."""
        heappush(self._coming, (report.at, self._posted, report))
        self._posted += 1

    def sleep_until(self, at: int) -> None:
        """Goes on to that instant, or only to the first at which reports come in: all of them come in then."""
        self._now = min(at, self._coming[0][0]) if self._coming else at
        come: list[Report] = []
        while self._coming and self._coming[0][0] == self._now:
            come.append(heappop(self._coming)[2])
        if come:
            self._hear(come)

    def run_out(self) -> None:
        """Lets all come in that is still to come."""
        while self._coming:
            self.sleep_until(self._coming[0][0])


class DrawnWorld:
    """A sender that accepts every message, draws its fate, and posts what the channel will report of it."""

    def __init__(self, model: Model, behaviour: Behaviour, clock: VirtualClock) -> None:
        self._behaviour = behaviour
        self._clock = clock
        self._words = {channel.name: _reported(model, channel.name) for channel in model.channels}
        self.fates: dict[str, Fate] = {}
        """What became of each message, by its key, reported or not."""

    def send(self, batch: Sequence[Outgoing]) -> list[Result]:
        """See `cascadesim.live.Sender`."""
        for message in batch:
            fate = self._behaviour.message(message.person, message.channel, message.attempt, message.at)
            self.fates[message.key] = fate
            words = self._words[message.channel]
            for state, at in fate.events:
                if state in words:
                    self._clock.post(Receipt(f"{message.key}:{state}", message.key, words[state], at))
        return [Settled("accepted") for _ in batch]

    def expect(self, people: Iterable[Person]) -> None:
        """Posts what people do unprompted (S11): outside events tell of themselves."""
        for person in people:
            for event, at in self._behaviour.outside(person):
                key = recipient_key(person)
                self._clock.post(Happening(f"{key}:{event}", key, event, at))


def _reported(model: Model, name: str) -> dict[State, State]:
    """The states that the channel reports, as fates call them, with the channel's own word: a call is answered."""
    channel = model.channel(name)
    states: tuple[State, ...] = ("delivered", "opened", "clicked", "replied", "converted", "unsubscribed")
    words: dict[State, State] = {s: "answered" if s == "opened" and channel.is_call else s for s in states}
    return {state: word for state, word in words.items() if channel.reports_state(word)}
