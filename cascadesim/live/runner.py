"""The runner: follows a plan over a store's rows, in batches, and loses nobody."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Literal

from cascadesim.live.campaign import Campaign
from cascadesim.live.control import Control
from cascadesim.live.enrolling import enrol
from cascadesim.live.hand import Hand
from cascadesim.live.protocols import Clock, Sender, Store
from cascadesim.live.rows import Report
from cascadesim.live.turn import Turn
from cascadesim.model.person import Person
from cascadesim.units import MINUTE, SECOND

BATCH = 50
LEASE = 5 * MINUTE
_TOLD_EVERY = 1_000
_MOMENT = SECOND // 20

Held = Literal["paused", "cancelled", "capped", "replaced"]
"""Why nothing goes out: somebody said so, the campaign may spend no more, or another plan is in force."""


class Runner:
    """Runs one campaign. It holds no state of its own: that is in the store, and another runner may go on there.

    A batch of at most `batch` recipients is worked in one go and leased for `lease` microseconds.
    """

    def __init__(
        self,
        campaign: Campaign,
        *,
        store: Store,
        sender: Sender,
        clock: Clock,
        batch: int = BATCH,
        lease: int = LEASE,
    ) -> None:
        self._campaign = campaign
        self._store = store
        self._sender = sender
        self._clock = clock
        self._batch = batch
        self._lease = lease
        self._is_to_stop = False
        self.finished = 0
        """How many people's ways have come to their end here."""
        self.held: Held | None = None
        """Why the last `work` did less than it could."""

    def enrol(self, people: Iterable[Person]) -> int:
        """Enters people (see `enrolling.enrol`)."""
        return enrol(self._campaign, self._store, people)

    def receipt(self, report: Report) -> bool:
        """Records what comes in and tells the state machine; False, and nothing changes, if it has come before."""
        return self.receipts([report]) == 1

    def receipts(self, reports: Sequence[Report]) -> int:
        """Hears them in their order, all in one transaction; how many are new."""
        with self._transaction():
            known = self._store.reported([report.id for report in reports])
            new: dict[str, Report] = {}
            for report in reports:
                if report.id not in known:
                    new.setdefault(report.id, report)
            if new:
                turn = self._turn()
                turn.hear(list(new.values()))
                self._commit(turn, {})
        return len(new)

    def work(self) -> int:
        """Claims a batch of those who are due now and does what is due; how many they were, nobody if it is `held`.

        What somebody does at an instant comes before all that others of a later place do then, in any batch.
        """
        with self._transaction():
            turn = self._turn()
            if self._look(turn.hand.control) is not None:
                return 0
            until = turn.now + self._lease
            claimed = self._store.claim(turn.now, self._batch, until)
            turn.hand.take(claimed)
            turn.look_up_written(claimed)
            turn.may_take(self._batch - len(claimed), until)
            leased = {row.key: until for row in claimed}
            due = deque(leased)
            turn.work(due)
            leased |= dict.fromkeys(turn.taken, until)
            self._commit(turn, leased)
        while turn.outbox:
            sent = list(zip(turn.outbox, self._sender.send(turn.outbox), strict=True))  # outside of any transaction
            with self._transaction():
                turn = self._turn()
                turn.hand.fetch(leased)  # in one go: who locks them one by one waits for others who wait for them
                turn.settle(sent)
                turn.work(due)
                self._commit(turn, leased)
        return len(leased)

    def next_due(self) -> int | None:
        """When there is next something to work on; None: everybody's way has come to its end."""
        return self._store.next_due()

    def run(self, passed: Callable[[int], None] | None = None) -> None:
        """Works until everybody's way has come to its end, or it is held for good, or told to stop.

        While the campaign is paused it looks again every second. `passed` hears now and then how many have ended.
        """
        told, self.held = self.finished, None
        while not self._is_to_stop and self.held in (None, "paused") and (due := self.next_due()) is not None:
            now = self._clock.now()
            if due > now:
                self._clock.sleep_until(due)
                self._look(self._store.control())
            elif not self.work():  # it is paused, or others have all who are due in hand
                self._clock.sleep_until(now + (_MOMENT if self.held is None else SECOND))
            elif passed is not None and self.finished >= told + _TOLD_EVERY:
                told = self.finished
                passed(told)
        if passed is not None:
            passed(self.finished)

    def stop(self) -> None:
        """Lets `run` end after the batch in hand; to be called from a signal handler or another thread."""
        self._is_to_stop = True

    def _look(self, control: Control) -> Held | None:
        """Reads whether anything may go out."""
        self.held = None if control.course == "running" else control.course
        if self._campaign.is_replaced(control):
            self.held = "replaced"
        return self.held

    def _transaction(self) -> AbstractContextManager[object]:
        return self._store.transaction(alone=bool(self._campaign.limits))

    def _turn(self) -> Turn:
        return Turn(self._campaign, Hand(self._store), self._clock.now())

    def _commit(self, turn: Turn, leased: Mapping[str, int]) -> None:
        """Commits the turn, and gives the leases back unless something is still to be sent."""
        turn.hand.commit({} if turn.outbox else leased)
        self.finished += turn.finished
        if turn.is_capped:
            self.held = "capped"
