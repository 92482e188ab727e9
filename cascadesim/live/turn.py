"""One turn: moves people on at one instant, by the rules of `cascadesim.cascade` and no others.

It reads like the SimPy engine, method by method, for both drive the same state machine: here the agenda is the
recipients' rows, and a message goes out between two turns (`Turn.outbox`, `settle`) instead of at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from functools import partial

from cascadesim import cascade
from cascadesim.cascade import DROP, GO, Journey, Phase, Program
from cascadesim.live.campaign import Campaign
from cascadesim.live.hand import Hand
from cascadesim.live.protocols import Later, Outgoing, Result
from cascadesim.live.rows import Acceptance, Message, Receipt, Recipient, Report
from cascadesim.model.rates import State
from cascadesim.units import DAY, SECOND

WEEK = 7 * DAY
_CAUGHT_UP = SECOND // 10
"""What a limit may run ahead of its provider's own window after a delay: a tenth of what goes out in a second."""
STALE = -2
"""A verdict: who stands here is no longer waiting for this channel, for another plan was applied to them."""


class Turn:
    """What happens at `now`. Whatever it changes is in its hand; `outbox` is what is to be sent after it."""

    def __init__(self, campaign: Campaign, hand: Hand, now: int) -> None:
        self.campaign = campaign
        self.hand = hand
        self.now = now
        self.outbox: list[Outgoing] = []
        self.finished = 0
        self.is_capped = False
        """Whether a message was held back because the campaign may spend no more."""
        self.taken: list[str] = []
        """Whom this turn has leased beyond those it was given."""
        self._room, self._until, self._begun = 0, now, 0
        self._away: dict[str, list[str]] = {}  # the channels on which a recipient's messages are in the outbox

    def may_take(self, most: int, until: int) -> None:
        """Lets the turn lease so many more, up to that instant."""
        self._room, self._until = most, until

    # What comes in

    def hear(self, reports: Sequence[Report]) -> None:
        """Something is reported; of an unknown message or person it tells nothing."""
        receipts = [r.message for r in reports if isinstance(r, Receipt)]
        self.hand.fetch([r.recipient for r in reports if not isinstance(r, Receipt)], receipts)
        for report in reports:
            self._hear(report)

    def _hear(self, report: Report) -> None:
        self.hand.report(report)
        if isinstance(report, Receipt):
            message = self.hand.message(report.message)
            if message is not None:
                self._told_of(message, report.state)
        else:
            found = self.hand.find(report.recipient)
            if found is not None and report.stops:
                self._told(found, cascade.tell_stop(found.journey))
            elif found is not None:
                self._told(found, cascade.tell_outside(self._program(found), found.journey, report.event))

    def _told_of(self, message: Message, state: State | Acceptance) -> None:
        """A receipt settles what the sender left open; that a message failed is no event of the chain's (S10)."""
        if message.state == "unknown":
            message = message._replace(state="refused" if state == "failed" else "accepted")
            self.hand.put_message(message)
        if state != "accepted" and state != "failed":
            row = self.hand.recipient(message.recipient)
            journey = cascade.tell(self._program(row), row.journey, message.step, message.channel, state, self.now)
            self._told(row, journey)

    def settle(self, sent: Sequence[tuple[Outgoing, Result]]) -> None:
        """The sender has answered: who was written to goes on; whose message was put off queues anew then.

        What another runner has settled, after this one's lease had ended, stays as it is.
        """
        self.hand.fetch(messages=[outgoing.key for outgoing, _ in sent])
        for outgoing, result in sent:
            message = self.hand.message(outgoing.key)
            if message is None or message.state != "written":
                continue
            row = self.hand.recipient(message.recipient)
            if isinstance(result, Later):
                self.hand.put(row.appointed(outgoing.channel, max(result.at, self.now + 1)))
                continue
            self.hand.put_message(message._replace(state=result.state, reference=result.reference))
            row = row.appointed(outgoing.channel, None)
            self._move(row, cascade.sent(self._program(row), row.journey, outgoing.channel, outgoing.at))

    # What is due

    def look_up_written(self, rows: Sequence[Recipient]) -> None:
        """Reads which of these recipients' next messages were written before: a process died, or a sender put off."""
        self.hand.fetch(messages=[self.campaign.next_key(row, at.channel) for row in rows for at in row.appointments])

    def work(self, keys: deque[str]) -> None:
        """Does all that is due for these recipients, one after the other, and takes them off.

        It stops early at somebody who goes on to a next message at this very instant: they queue for it before
        the others act, but first the message before it must be out.
        """
        while keys:
            if self.hand.find(keys[0]) is None:  # they have been erased meanwhile
                keys.popleft()
                continue
            while self._act(keys[0]):
                pass
            if len(keys) > 1 and self._goes_on(keys[0]):
                return
            keys.popleft()
            if not keys:
                keys.extend(self.taken[self._begun :])
                self._begun = len(self.taken)

    def begin_anew(self, row: Recipient, anew: Recipient) -> None:
        """Another plan is applied to somebody who has not started. Where they stand in lines, they stand in vain."""
        self.hand.put(anew)
        for channel in row.journey.pending:
            if channel in self.campaign.limits and self.hand.queue(channel).head == row.key:
                self._serve(channel)

    def _act(self, key: str) -> bool:
        """Does one thing that is due for the recipient; whether there was one."""
        row = self.hand.recipient(key)
        if row.journey.due is not None and row.journey.due <= self.now:
            self._decide(row)
            return True
        away = self._away.get(key, ())
        for channel, at in row.appointments:
            if at <= self.now and channel not in away:
                if channel in self.campaign.limits and self.hand.queue(channel).head == key:
                    self._slot(row, channel)
                else:
                    self._join(row.appointed(channel, None), channel)
                return True
        return False

    def _goes_on(self, key: str) -> bool:
        """Whether the recipient, once their messages are out, queues for the next step at this same instant."""
        if key not in self._away:
            return False
        row = self.hand.recipient(key)
        program, journey = self._program(row), row.journey
        if not cascade.may_go_on(program, journey):
            return False
        for channel in self._away[key]:
            journey = cascade.sent(program, journey, channel, self.now)
        return journey.due == self.now and self._decided(row, journey).phase is Phase.QUEUED

    def _decide(self, row: Recipient) -> None:
        self._move(row, self._decided(row, row.journey))

    def _decided(self, row: Recipient, journey: Journey) -> Journey:
        split = partial(self.campaign.numbers.split, row.person)
        return cascade.decide(self._program(row), row.person, journey, self.now, split)

    # What happens to messages

    def _join(self, row: Recipient, channel: str) -> None:
        """A message queues for its channel; without a limit its slot is now."""
        if channel not in self.campaign.limits:
            self._judged(row, channel, self._verdict(channel, row, self.now))
            return
        self.hand.put(row)
        self.hand.stand(channel, row.key)
        if self.hand.queue(channel).head is None:
            self._serve(channel)

    def _serve(self, channel: str, since: int | None = None) -> None:
        """Promises the channel's next slot to the first in line who can take it: from now on, or since an instant."""
        queue, since = self.hand.queue(channel), self.now if since is None else since
        limit, judge = self.campaign.limits[channel], partial(self._verdict, channel)
        served = cascade.serve(limit, queue.lane, self.hand.line(channel), since, judge)
        head = None if served.who is None else served.who.key
        self.hand.put_queue(queue._replace(lane=served.lane, head=head, gone=queue.gone + len(served.left)))
        if served.who is not None:
            self.hand.put(served.who.appointed(channel, served.slot))
        for row, says in served.left:
            self._judged(row.appointed(channel, None), channel, says)

    def _slot(self, row: Recipient, channel: str) -> None:
        """A slot comes. Stop state and quiet hours are read again (S6): it may go to another, or come too late.

        The next slot counts from this one and not from when it was got round to: while a turn is worked, slots pass.
        """
        came = self._came(row, channel)
        self._serve(channel, came)
        queue = self.hand.queue(channel)
        if queue.head != row.key:
            return
        lane = queue.lane._replace(used=queue.lane.used + 1)
        self.hand.put_queue(queue._replace(lane=lane, head=None, gone=queue.gone + 1))
        self._serve(channel, came)
        self._dispatch(self.hand.recipient(row.key), channel)
        self._take_next(channel)

    def _came(self, row: Recipient, channel: str) -> int:
        """When the slot came; where slots are far apart, now: for a provider two of them would be too soon together."""
        limit = self.campaign.limits[channel]
        if limit.per > limit.count * _CAUGHT_UP:
            return self.now
        return max(next(at for name, at in row.appointments if name == channel), self.now - _CAUGHT_UP)

    def _take_next(self, channel: str) -> None:
        """Whose slot has come too, because the one before was late, is worked in the same turn if nobody has them."""
        key = self.hand.queue(channel).head
        if key is None or self._room <= 0 or key in self._away:
            return
        has_come = any(name == channel and at <= self.now for name, at in self.hand.recipient(key).appointments)
        if has_come and self.hand.lease(key, self._until):
            self._room -= 1
            self.taken.append(key)

    def _dispatch(self, row: Recipient, channel: str) -> None:
        """A message is written, to be sent after this turn; should that fail, its appointment brings it back."""
        program, step, attempt = self._program(row), row.journey.last, row.journey.attempt(channel)
        key = self.campaign.next_key(row, channel)
        if not (self.hand.is_written(key) or self._spend(row, channel)):
            self.is_capped = True
            self.hand.put(row.appointed(channel, self.now + SECOND))
            return
        self.hand.put_message(Message(key, row.key, step, channel, attempt, row.queued_at, self.now, "written"))
        self.hand.put(row.appointed(channel, self.now))
        self.outbox.append(Outgoing(key, row.person, program.model, program.chain, step, channel, attempt, self.now))
        self._away.setdefault(row.key, []).append(channel)

    def _spend(self, row: Recipient, channel: str) -> bool:
        """Counts what the message costs at most; False if the campaign may not spend it."""
        cost = self.campaign.cost(row, row.journey.last, channel)
        if not self.campaign.has_room(self.hand.control.caps, self.hand.control.spent, channel, cost):
            return False
        self.hand.spend(channel, cost)
        return True

    # How it is kept together

    def _move(self, row: Recipient, journey: Journey) -> None:
        joins = journey.phase is Phase.QUEUED and row.journey.phase is Phase.WAITING
        self._keep(row, journey, self.now if joins else row.queued_at)
        if joins:
            for channel in journey.pending:
                self._join(self.hand.recipient(row.key), channel)
        elif journey.due is not None and journey.due <= self.now:
            self._decide(self.hand.recipient(row.key))

    def _told(self, row: Recipient, journey: Journey) -> None:
        self._keep(row, journey, row.queued_at)
        if journey.stops != row.journey.stops and journey.phase is Phase.QUEUED:
            for channel in journey.pending:
                if channel in self.campaign.limits and self.hand.queue(channel).head == row.key:
                    self._serve(channel)  # the slot promised to somebody who stopped goes to the next in line

    def _keep(self, row: Recipient, journey: Journey, queued_at: int) -> None:
        self.finished += journey.phase is Phase.DONE and row.journey.phase is not Phase.DONE
        self.hand.put(row.moved(journey, queued_at))

    def _judged(self, row: Recipient, channel: str, says: int) -> None:
        if says == GO:
            self._dispatch(row, channel)
        elif says == STALE:
            return
        elif says == DROP:
            self._move(row, cascade.dropped(self._program(row), row.journey, channel, self.now))
        else:
            self.hand.put(row.appointed(channel, says))

    def _verdict(self, channel: str, row: Recipient, slot: int) -> int:
        if channel not in row.journey.pending:
            return STALE
        slot = max(slot, self.now)  # one that has passed is used now
        says = cascade.verdict(self._program(row), row.person, row.journey, channel, slot)
        return self._not_too_often(row, channel, slot) if says == GO else says

    def _not_too_often(self, row: Recipient, channel: str, slot: int) -> int:
        """GO, or the instant at which one more is not too many in a week for the person; DROP if that is too late."""
        most = self.hand.control.caps.a_week
        if most is None or self.hand.is_written(key := self.campaign.next_key(row, channel)):
            return GO
        got = sorted(
            at for other, at in self.hand.sent_to(row, slot - WEEK).items() if at > slot - WEEK and other != key
        )
        if len(got) < most:
            return GO
        at = got[-most] + WEEK
        return at if cascade.is_wanted(self._program(row), row.person, row.journey, at) else DROP

    def _program(self, row: Recipient) -> Program:
        return self.campaign.programs[row.route]
