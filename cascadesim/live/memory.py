"""The store in memory: for rehearsals and tests. What it holds is gone when the process ends."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from heapq import heappop, heappush, nsmallest

from cascadesim.live.control import Caps, Control, Course, Spent
from cascadesim.live.rows import Changes, Message, Queue, Recipient


class MemoryStore:
    """All rows in dictionaries, and two agendas: who is due when, and whose lease ends when."""

    def __init__(self) -> None:
        self._recipients: dict[str, Recipient] = {}
        self._due_at: dict[str, int | None] = {}
        self._messages: dict[str, Message] = {}
        self._reports: set[str] = set()  # their ids: all that is ever asked of them
        self._queues: dict[str, Queue] = {}
        self._lines: dict[str, dict[int, str]] = {}
        self._spent: dict[str, Spent] = {}
        self.course: Course = "running"
        self.caps = Caps()
        # Entries of the agendas are never taken out when a row changes: what no longer holds is passed over.
        self._due: list[tuple[int, int, str]] = []
        self._leased: dict[str, int] = {}
        self._lease_ends: list[tuple[int, str]] = []

    def transaction(self, alone: bool = False) -> AbstractContextManager[None]:
        """Nothing to do: there is one process, and each commit is one piece."""
        return nullcontext()

    def enrol(self, recipients: Iterable[Recipient]) -> int:
        """See `Store`."""
        before = len(self._recipients)
        for recipient in recipients:
            if recipient.key not in self._recipients:
                self._put(recipient)
        return len(self._recipients) - before

    def claim(self, now: int, most: int, until: int) -> list[Recipient]:
        """See `Store`."""
        self._end_leases(now)
        claimed: list[Recipient] = []
        while len(claimed) < most and self._due and self._due[0][0] <= now:
            due, _, key = heappop(self._due)
            if self._holds(due, key):
                self._leased[key] = until
                heappush(self._lease_ends, (until, key))
                claimed.append(self._recipients[key])
        return claimed

    def lease(self, key: str, until: int) -> bool:
        """See `Store`."""
        if key in self._leased:
            return False
        self._leased[key] = until
        heappush(self._lease_ends, (until, key))
        return True

    def next_due(self) -> int | None:
        """See `Store`."""
        while self._due and not self._holds(self._due[0][0], self._due[0][2]):
            heappop(self._due)
        while self._lease_ends and self._leased.get(self._lease_ends[0][1]) != self._lease_ends[0][0]:
            heappop(self._lease_ends)
        return min((agenda[0][0] for agenda in (self._due, self._lease_ends) if agenda), default=None)

    def recipient(self, key: str) -> Recipient | None:
        """See `Store`."""
        return self._recipients.get(key)

    def recipients(self, keys: Collection[str]) -> list[Recipient]:
        """See `Store`."""
        return [self._recipients[key] for key in keys if key in self._recipients]

    def message(self, key: str) -> Message | None:
        """See `Store`."""
        return self._messages.get(key)

    def attempts(self, keys: Collection[str]) -> list[Message]:
        """See `Store`."""
        return [self._messages[key] for key in keys if key in self._messages]

    def unknown(self, after: str, since: int, most: int) -> list[Message]:
        """See `Store`."""
        found = (m for m in self._messages.values() if m.state == "unknown" and m.key > after and m.sent_at > since)
        return nsmallest(most, found)

    def reported(self, reports: Collection[str]) -> set[str]:
        """See `Store`."""
        return self._reports.intersection(reports)

    def queue(self, channel: str) -> Queue:
        """See `Store`."""
        return self._queues.get(channel) or Queue(channel)

    def line(self, channel: str, start: int) -> Iterator[Recipient]:
        """See `Store`."""
        line, number = self._lines.get(channel, {}), start
        while number in line:
            yield self._recipients[line[number]]
            number += 1

    def control(self) -> Control:
        """See `Store`."""
        return Control(self.course, self.caps, spent=self._spent)

    def sent_to(self, people: Collection[str], since: int) -> dict[str, dict[str, int]]:
        """See `Store`."""
        found: dict[str, dict[str, int]] = {}
        for message in self._messages.values():
            person = self._recipients[message.recipient].person.id
            if person in people and message.sent_at > since and message.state != "refused":
                found.setdefault(person, {})[message.key] = message.sent_at
        return found

    def forgotten(self, people: Collection[str]) -> set[str]:
        """See `Store`. A rehearsal knows nobody who could ask for it."""
        return set()

    def commit(self, changes: Changes) -> None:
        """See `Store`."""
        for channel, spent in changes.spent.items():
            had = self._spent.get(channel, Spent())
            self._spent[channel] = Spent(had.messages + spent.messages, had.cost + spent.cost)
        for recipient in changes.recipients.values():
            self._put(recipient)
        for key, until in changes.released.items():
            self._release(key, until)
        self._messages.update(changes.messages)
        for report in changes.reports:
            self._reports.add(report.id)
        for standing in changes.standings:
            self._lines.setdefault(standing.channel, {})[standing.number] = standing.recipient
        for queue in changes.queues.values():
            self._advance(queue)

    def messages(self) -> Iterator[Message]:
        """See `Store`."""
        return iter(self._messages.values())

    @property
    def reports(self) -> int:
        """See `Store`."""
        return len(self._reports)

    def _put(self, recipient: Recipient) -> None:
        key, due = recipient.key, recipient.due_at
        self._recipients[key] = recipient
        if self._due_at.get(key) != due:
            self._due_at[key] = due
            self._agree(key)

    def _agree(self, key: str) -> None:
        """Enters the recipient into the agenda; who is leased is entered when the lease ends."""
        due = self._due_at[key]
        if due is not None and key not in self._leased:
            heappush(self._due, (due, self._recipients[key].person.place, key))

    def _holds(self, due: int, key: str) -> bool:
        return key not in self._leased and self._due_at[key] == due

    def _end_leases(self, now: int) -> None:
        while self._lease_ends and self._lease_ends[0][0] <= now:
            until, key = heappop(self._lease_ends)
            self._release(key, until)

    def _release(self, key: str, until: int) -> None:
        if self._leased.get(key) == until:
            del self._leased[key]
            self._agree(key)

    def _advance(self, queue: Queue) -> None:
        line = self._lines.get(queue.channel, {})
        for number in range(self.queue(queue.channel).gone, queue.gone):
            line.pop(number, None)
        self._queues[queue.channel] = queue
