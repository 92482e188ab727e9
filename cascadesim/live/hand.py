"""The rows in hand during one turn: read through from the store, changed here, committed in one go."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from cascadesim.live.control import Control, Spent
from cascadesim.live.protocols import Store
from cascadesim.live.rows import Changes, Message, Queue, Recipient, Report, Standing


class Hand:
    """One turn's view of the store, its own changes included."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read: dict[str, Recipient | None] = {}  # None: it was asked for, and is not there
        self._written: dict[str, Message | None] = {}
        self._changes = Changes()
        self._control: Control | None = None
        self._sent_to: dict[str, dict[str, int]] = {}
        self._lines: dict[str, _Line] = {}

    def take(self, recipients: Iterable[Recipient]) -> None:
        """Rows that have been read already."""
        self._read.update((r.key, r) for r in recipients)

    def fetch(self, recipients: Collection[str] = (), messages: Collection[str] = ()) -> None:
        """Reads these rows, and those of the messages' recipients, in one go; what has been read is not read again."""
        if unread := [key for key in messages if key not in self._written]:
            self._written |= {**dict.fromkeys(unread), **{m.key: m for m in self._store.attempts(unread)}}
        owners = {message.recipient for key in messages if (message := self._written[key])}
        # In the order of their keys: two that lock the same rows do not wait for each other.
        if keys := sorted(owners.union(recipients) - self._read.keys()):
            self._read |= dict.fromkeys(keys)
            self.take(self._store.recipients(keys))

    def lease(self, key: str, until: int) -> bool:
        """Leases one recipient more, unless somebody else has them in hand."""
        return self._store.lease(key, until)

    def find(self, key: str) -> Recipient | None:
        """The recipient as they are now, if there is one."""
        found = self._changes.recipients.get(key)
        if found is None and key not in self._read:
            self._read[key] = self._store.recipient(key)
        return found or self._read[key]

    def recipient(self, key: str) -> Recipient:
        """The recipient as they are now, of whom it is known that there is one."""
        found = self.find(key)
        assert found is not None, key
        return found

    def message(self, key: str) -> Message | None:
        """The attempt as it is now."""
        found = self._changes.messages.get(key)
        if found is None and key not in self._written:
            self._written[key] = self._store.message(key)
        return found or self._written[key]

    def is_written(self, key: str) -> bool:
        """Whether the attempt is known to have been written before: it has been counted, and may have gone out."""
        return key in self._changes.messages or self._written.get(key) is not None

    def queue(self, channel: str) -> Queue:
        """The channel's queue as it is now."""
        return self._changes.queues.get(channel) or self._store.queue(channel)

    def line(self, channel: str) -> Iterator[Recipient]:
        """Those in the channel's line, the first first, as they are now."""
        gone = self.queue(channel).gone
        if channel not in self._lines:
            self._lines[channel] = _Line(gone, self._store.line(channel, gone))
        for recipient in self._lines[channel].since(gone):
            yield self._changes.recipients.get(recipient.key, recipient)
        for standing in self._changes.standings:
            if standing.channel == channel and standing.number >= gone:
                yield self.recipient(standing.recipient)

    @property
    def control(self) -> Control:
        """What the campaign as a whole is at now."""
        if self._control is None:
            self._control = self._store.control()
        return self._control

    def spend(self, channel: str, cost: int) -> None:
        """A message is to go out on the channel, which costs so much at most."""
        spent, control = self._changes.spent, self.control
        spent[channel] = spent.get(channel, Spent()).and_one(cost)
        self._control = control._replace(
            spent={**control.spent, channel: control.spent.get(channel, Spent()).and_one(cost)}
        )

    def sent_to(self, recipient: Recipient, since: int) -> dict[str, int]:
        """When the person got messages after that instant, by key, those of this turn included."""
        person = recipient.person.id
        if person not in self._sent_to:
            known = {row.person.id for row in self._read.values() if row is not None}
            unread = (known | {person}) - self._sent_to.keys()
            self._sent_to |= {one: {} for one in unread} | self._store.sent_to(unread, since)
        now = {m.key: m.sent_at for m in self._changes.messages.values() if m.recipient == recipient.key}
        return self._sent_to[person] | now

    def put(self, recipient: Recipient) -> None:
        """The recipient has changed."""
        self._changes.recipients[recipient.key] = recipient

    def put_message(self, message: Message) -> None:
        """The attempt is new or has changed."""
        self._changes.messages[message.key] = message

    def put_queue(self, queue: Queue) -> None:
        """The queue has changed."""
        self._changes.queues[queue.channel] = queue

    def stand(self, channel: str, recipient: str) -> None:
        """The recipient queues at the end of the channel's line."""
        queue = self.queue(channel)
        self._changes.standings.append(Standing(channel, queue.entered, recipient))
        self.put_queue(queue._replace(entered=queue.entered + 1))

    def report(self, report: Report) -> None:
        """The report has been heard."""
        self._changes.reports.append(report)

    def commit(self, released: Mapping[str, int]) -> None:
        """Writes all that has changed, and gives these leases back, of which the ends are given."""
        self._changes.released = released
        self._store.commit(self._changes)


class _Line:
    """A channel's line as the store has it, read once in a turn, and no further than somebody looks."""

    def __init__(self, first: int, rest: Iterable[Recipient]) -> None:
        self._first = first
        self._known: list[Recipient] = []
        self._rest = iter(rest)

    def since(self, number: int) -> Iterator[Recipient]:
        """Those with a number from this one on."""
        place = number - self._first
        while True:
            while place >= len(self._known):
                more = next(self._rest, None)
                if more is None:
                    return
                self._known.append(more)
            yield self._known[place]
            place += 1
