"""A small campaign on a clock that tests move, with a sender that answers as it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from cascadesim.live import Campaign, Outgoing, Result, Runner, Settled, Store
from cascadesim.model.chain import Chain
from cascadesim.model.model import Model
from cascadesim.model.person import Person
from tests.live.stores import KINDS, opened


class HandClock:
    """Shows the instant that it was set to; sleeping sets it."""

    def __init__(self) -> None:
        self.at = 0

    def now(self) -> int:
        return self.at

    def sleep_until(self, at: int) -> None:
        self.at = at


class Scripted:
    """A sender that gives the prepared answers in turn, then accepts; an exception among them is raised."""

    def __init__(self) -> None:
        self.answers: list[Result | Exception] = []
        self.batches: list[list[Outgoing]] = []

    def send(self, batch: Sequence[Outgoing]) -> list[Result]:
        self.batches.append(list(batch))
        return [self._answer() for _ in batch]

    def _answer(self) -> Result:
        answer = self.answers.pop(0) if self.answers else Settled("accepted")
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def sent(self) -> list[tuple[str, str, int]]:
        """(recipient's id, channel, when) of all that was handed over."""
        return [(m.person.id, m.channel, m.at) for batch in self.batches for m in batch]


class Never:
    """Numbers that nobody may ask for."""

    def split(self, person: Person, number: int) -> float:
        raise AssertionError(person, number)

    def lot(self, person: Person) -> float:
        raise AssertionError(person)


class Stage:
    """A runner and all that it stands on."""

    def __init__(self, store: Store, model: Model, chain: Chain, batch: int = 50) -> None:
        self.model, self.chain, self.batch = model, chain, batch
        self.store, self.sender, self.clock = store, Scripted(), HandClock()
        self.runner = self.another()

    def another(self) -> Runner:
        """One more runner of the same campaign, on the same store."""
        campaign = Campaign("spring", self.model, self.model.routes(self.chain), Never())
        return Runner(campaign, store=self.store, sender=self.sender, clock=self.clock, batch=self.batch)

    def enter(self, *ids: str, reach: tuple[str, ...] = ("push", "sms")) -> None:
        self.runner.enrol(Person("s", n, name, "s", n, 0, n, "UTC", frozenset(reach)) for n, name in enumerate(ids))

    def at(self, instant: int) -> int:
        """Sets the clock and does all that is due then; how many were worked on."""
        self.clock.at, worked = instant, 0
        while some := self.runner.work():
            worked += some
        return worked


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of every kind."""
    with opened(request.param, tmp_path) as store:
        yield store


@pytest.fixture
def stage(store: Store) -> Callable[..., Stage]:
    return partial(Stage, store)
