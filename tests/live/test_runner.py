"""The runner: nobody lost, nothing sent twice, and the rules held when time is not kind."""

from __future__ import annotations

from datetime import datetime, time
from random import Random

import pytest

from cascadesim.errors import OutsideError, RefusedError
from cascadesim.live import Happening, Later, MemoryStore, Message, Receipt, Settled
from cascadesim.live.runner import LEASE
from cascadesim.model.chain import Chain, Event, Hole, Send, Wait
from cascadesim.model.channel import Channel, Hours, Quiet, Throughput
from cascadesim.model.model import Model, Scenario
from cascadesim.model.rates import Rate
from cascadesim.model.segment import Headcount, Segment
from cascadesim.units import HOUR, MINUTE, SECOND, Duration, Share
from tests.live.conftest import Stage

OPENS = (Rate("opens", Share(0.5), Share(0.5)), Rate("clicks", Share(0.1), Share(0.1)))
A_MINUTE = Throughput(1, Duration(MINUTE))


def _model(limit: Throughput | None = None, quiet: tuple[Quiet, ...] = ()) -> Model:
    return Model(
        Scenario(starts=datetime(2027, 3, 1, 20)),
        (Channel("push", rates=OPENS), Channel("sms", rates=OPENS, throughput=limit, quiet=quiet)),
        (Segment("s", Headcount(1)),),
    )


def _chain(*steps: tuple[str, int | None]) -> Chain:
    sends = [Send((c,), wait=None if wait is None else Wait(Duration(wait))) for c, wait in steps]
    return Chain("c", tuple(sends), stop_when=(Event("opened"), Event(outside="bought")))


PUSH_SMS = _chain(("push", HOUR), ("sms", None))
FIRST = "spring:s:ann:1:push:0"


def test_a_message_is_written_before_it_is_sent_under_a_key_that_names_it(stage):
    s = stage(_model(), PUSH_SMS)
    s.enter("ann")
    seen: list[Message | None] = []
    send = s.sender.send
    s.sender.send = lambda batch: (seen.append(s.store.message(batch[0].key)), send(batch))[1]
    s.at(0)
    assert seen == [Message(FIRST, "s:ann", 1, "push", 0, 0, 0, "written")]
    assert s.store.message(FIRST).state == "accepted"
    assert s.runner.next_due() == HOUR
    s.at(HOUR)
    assert s.sender.sent == [("ann", "push", 0), ("ann", "sms", HOUR)]
    assert s.runner.next_due() is None
    assert s.runner.finished == 1


def test_a_batch_is_handed_over_in_one_go_in_the_order_of_places(stage):
    s = stage(_model(), PUSH_SMS, batch=3)
    s.enter("a", "b", "c", "d")
    s.at(0)
    assert [[m.person.id for m in batch] for batch in s.sender.batches] == [["a", "b", "c"], ["d"]]


def test_a_stop_is_read_at_the_claim(stage):
    s = stage(_model(), PUSH_SMS)
    s.enter("ann", "bob", "eve")
    s.at(0)
    s.clock.at = HOUR
    assert s.runner.receipt(Receipt("r1", FIRST, "opened", HOUR))
    assert s.runner.receipt(Happening("r2", "s:bob", "bought", HOUR))
    assert s.at(HOUR) == 1
    assert s.sender.sent[3:] == [("eve", "sms", HOUR)]


def test_a_repeated_receipt_changes_nothing(stage):
    s = stage(_model(A_MINUTE), PUSH_SMS)
    s.enter("ann", "bob")
    s.at(0)
    s.clock.at = MINUTE
    receipt, order = Receipt("r1", FIRST, "opened", MINUTE), Happening("r2", "s:bob", "bought", MINUTE)
    assert s.runner.receipt(receipt)
    assert s.runner.receipt(order)
    before = [s.store.recipient(k) for k in ("s:ann", "s:bob")], list(s.store.messages()), s.store.reports
    for instant in (MINUTE, 2 * MINUTE):
        s.clock.at = instant
        assert not s.runner.receipt(receipt)
        assert not s.runner.receipt(receipt._replace(state="clicked")), "the id is what counts"
        assert not s.runner.receipt(order)
    assert ([s.store.recipient(k) for k in ("s:ann", "s:bob")], list(s.store.messages()), s.store.reports) == before


def test_receipts_that_come_together_are_heard_in_their_order_each_once(stage):
    s = stage(_model(), PUSH_SMS)
    s.enter("ann", "bob")
    s.at(0)
    opened, twice = Receipt("r1", FIRST, "opened", 1), Receipt("r1", FIRST, "clicked", 2)
    assert s.runner.receipts([opened, twice, Happening("r2", "s:bob", "bought", 1), opened]) == 2
    assert s.store.recipient("s:ann").journey.told == {(1, "push", "opened")}
    assert s.runner.receipts([opened, Receipt("r3", FIRST, "clicked", 3)]) == 1
    assert s.store.recipient("s:ann").journey.told == {(1, "push", "opened"), (1, "push", "clicked")}
    assert s.runner.receipts([]) == 0
    assert s.at(HOUR) == 0


def test_a_report_of_an_unknown_message_or_person_is_recorded_and_tells_nothing(stage):
    s = stage(_model(), PUSH_SMS)
    s.enter("ann")
    assert s.runner.receipt(Receipt("r1", "spring:s:ann:9:push:0", "opened", 0))
    assert s.runner.receipt(Happening("r2", "s:nobody", "bought", 0))
    assert s.store.reports == 2
    assert s.at(0) == 1


def test_a_sender_that_fails_loses_nobody_and_the_key_is_the_same(stage):
    s = stage(_model(A_MINUTE), _chain(("sms", HOUR), ("push", None)), batch=2)
    s.enter("ann", "bob")
    s.sender.answers = [OutsideError("the provider's host is down")]
    with pytest.raises(OutsideError):
        s.at(0)
    assert s.at(MINUTE - 1) == 0, "leased"
    s.runner = s.another()  # the process died; another one goes on
    s.runner.run()
    (first,), *rest = s.sender.batches
    again = [m for batch in rest for m in batch]
    assert [m.key for m in again].count(first.key) == 1
    assert sorted((m.person.id, m.channel) for m in again) == [
        ("ann", "push"), ("ann", "sms"), ("bob", "push"), ("bob", "sms"),
    ]  # fmt: skip
    assert min(m.at for m in again) >= LEASE
    texts = sorted(m.at for m in again if m.channel == "sms")
    assert texts[1] - texts[0] >= MINUTE, "the limit holds after a failure too"
    assert {m.state for m in s.store.messages()} == {"accepted"}


def test_who_is_claimed_by_one_runner_is_not_given_to_another(stage):
    s = stage(_model(), PUSH_SMS)
    s.enter("ann", "bob")
    other, send, worked = s.another(), s.sender.send, []
    s.sender.send = lambda batch: (worked.append(other.work()), send(batch))[1]
    assert s.at(0) == 2
    assert worked == [0]
    assert sorted(s.sender.sent) == [("ann", "push", 0), ("bob", "push", 0)]


def test_a_runner_so_slow_that_another_takes_over_does_no_harm(stage):
    """The same key goes out twice, as it must; the journey moves on once, and the second lease holds."""
    s = stage(_model(), PUSH_SMS)
    s.enter("ann")
    other, send = s.another(), s.sender.send

    def slow(batch):
        s.sender.send = send
        s.clock.at = LEASE
        assert other.work() == 1
        return send(batch)

    s.sender.send = slow
    s.runner.work()
    assert len({m.key for batch in s.sender.batches for m in batch}) == 1
    row = s.store.recipient("s:ann")
    assert (row.journey.out, row.journey.since) == (((1, "push"),), LEASE)
    s.runner.run()
    assert s.sender.sent[2:] == [("ann", "sms", LEASE + HOUR)]


def test_a_receipt_between_handing_over_and_the_answer_is_not_lost(stage):
    s = stage(_model(), PUSH_SMS)
    s.enter("ann")
    send = s.sender.send
    s.sender.send = lambda batch: (s.runner.receipt(Receipt("r1", FIRST, "opened", 0)), send(batch))[1]
    s.at(0)
    assert s.runner.next_due() is None, "the open stopped the chain"
    assert s.sender.sent == [("ann", "push", 0)]


def test_a_message_put_off_goes_out_later_and_the_wait_counts_from_then(stage):
    """S10: the provider is busy up to 5 min; the wait of 1 h begins at 5 min."""
    s = stage(_model(), PUSH_SMS)
    s.enter("ann")
    s.sender.answers = [Later(5 * MINUTE)]
    s.runner.run()
    assert s.sender.sent == [("ann", "push", 0), ("ann", "push", 5 * MINUTE), ("ann", "sms", 5 * MINUTE + HOUR)]
    assert len({m.key for batch in s.sender.batches[:2] for m in batch}) == 1
    message = s.store.message(FIRST)
    assert (message.queued_at, message.sent_at, message.state) == (0, 5 * MINUTE, "accepted")


def test_a_wait_counts_from_when_the_message_was_handed_over_however_long_the_answer_takes(stage):
    """S10: handed over at 0, answered at 7 s; the wait of 1 h ends at 1 h."""
    s = stage(_model(), PUSH_SMS)
    s.enter("ann")
    send = s.sender.send

    def slow(batch):
        s.clock.at += 7 * SECOND
        return send(batch)

    s.sender.send = slow
    s.at(0)
    assert s.runner.next_due() == HOUR
    assert s.store.message(FIRST).sent_at == 0


def test_a_stop_while_a_message_is_put_off_drops_it(stage):
    s = stage(_model(), PUSH_SMS)
    s.enter("ann")
    s.sender.answers = [Later(5 * MINUTE)]
    s.at(0)
    s.clock.at = MINUTE
    s.runner.receipt(Happening("r1", "s:ann", "bought", MINUTE))
    s.runner.run()
    assert len(s.sender.sent) == 1
    assert s.store.message(FIRST).state == "written", "it never went out"


@pytest.mark.parametrize("state", ["refused", "unknown"])
def test_a_message_refused_for_good_or_of_unknown_fate_moves_on_as_undelivered(state: str, stage):
    s = stage(_model(), Chain("c", (Send(("push",), wait=Wait(Duration(HOUR), Duration(MINUTE))), Send(("sms",)))))
    s.enter("ann")
    s.sender.answers = [Settled(state, "no such address")]
    s.runner.run()
    assert s.sender.sent == [("ann", "push", 0), ("ann", "sms", MINUTE)]
    message = s.store.message(FIRST)
    assert (message.state, message.reference) == (state, "no such address")


def test_a_runner_that_wakes_late_keeps_to_the_limit(stage):
    """S6: one a minute; the runner sleeps from 0 to 10 min: then one at 10 min, one at 11 min, no burst."""
    s = stage(_model(A_MINUTE), _chain(("sms", None)))
    s.enter("a", "b", "c", "d")
    s.at(0)
    s.at(10 * MINUTE)
    s.runner.run()
    assert [at for _, _, at in s.sender.sent] == [0, 10 * MINUTE, 11 * MINUTE, 12 * MINUTE]


def test_a_runner_that_wakes_late_keeps_quiet_hours(stage):
    """S6: b's slot is 20:59, but the runner wakes at 21:30, in quiet hours: b is sent at 9:00, 13 h after 20:00."""
    quiet = (Quiet(Hours(time(21), time(9))),)
    s = stage(_model(Throughput(1, Duration(59 * MINUTE)), quiet), _chain(("sms", None)))
    s.enter("a", "b")
    s.at(0)
    s.at(90 * MINUTE)
    s.runner.run()
    assert [at for _, _, at in s.sender.sent] == [0, 13 * HOUR]


def test_who_goes_on_at_the_same_instant_is_sent_both_messages_one_after_the_other(stage):
    s = stage(_model(Throughput(1, Duration(SECOND))), _chain(("push", None), ("sms", None)))
    s.enter("ann", "bob")
    s.at(0)
    assert s.sender.sent == [("ann", "push", 0), ("ann", "sms", 0), ("bob", "push", 0)]
    s.runner.run()
    assert s.sender.sent[3:] == [("bob", "sms", SECOND)]


def test_enrolling_again_enters_only_who_is_new(stage):
    s = stage(_model(), PUSH_SMS)
    s.enter("ann", "bob")
    s.at(0)
    s.enter("ann", "bob", "eve")
    assert s.at(0) == 1
    assert s.sender.sent[2:] == [("eve", "push", 0)]


def test_a_chain_with_a_hole_is_refused(stage):
    with pytest.raises(RefusedError, match="hole"):
        stage(_model(), Chain("c", (Send(("push",)), Hole())))


TWENTY_A_SECOND = Throughput(20, Duration(SECOND))


def test_slots_that_pass_while_a_turn_is_worked_are_used_in_the_next_one(stage):
    """A tenth of a second is caught up and no more: what has passed before that is gone."""
    s = stage(_model(TWENTY_A_SECOND), _chain(("sms", None)))
    s.enter(*(f"p{n:02}" for n in range(40)))
    s.at(0)
    assert len(s.sender.sent) == 1
    s.clock.at = 55_000
    assert s.runner.work() == 1, "late by 5 ms: the next slot is still to come"
    assert s.runner.next_due() == 100_000
    s.clock.at = 220_000
    assert s.runner.work() == 3, "the slots of 120, 170 and 220 ms"
    s.clock.at = HOUR
    assert s.runner.work() == 3
    assert [at for _, _, at in s.sender.sent] == [0, 55_000, *[220_000] * 3, *[HOUR] * 3]
    assert len({who for who, _, _ in s.sender.sent}) == 8


@pytest.mark.parametrize("seed", range(5))
def test_however_late_turns_are_no_second_has_more_than_a_tenth_beyond_the_limit(seed):
    s = Stage(MemoryStore(), _model(Throughput(50, Duration(SECOND))), _chain(("sms", None)), batch=20)
    s.enter(*(f"p{n:03}" for n in range(400)))
    turns = Random(seed)
    while (due := s.runner.next_due()) is not None:
        s.clock.at = max(s.clock.at + turns.choice((1_000, 20_000, 90_000, 400_000)), due)
        s.runner.work()
    times = [at for _, _, at in s.sender.sent]
    assert len(times) == 400
    assert max(sum(at <= other < at + SECOND for other in times) for at in times) <= 50 + 5 + 1


def test_a_limit_is_reached_though_each_turn_takes_its_time():
    s = Stage(MemoryStore(), _model(Throughput(1_000, Duration(SECOND))), _chain(("sms", None)))
    s.enter(*(f"p{n:04}" for n in range(2_000)))
    while s.runner.next_due() == 0:
        s.runner.work()  # all decide, and stand in line
    while s.runner.next_due() is not None:
        s.clock.at += 25_000
        s.runner.work()
    assert s.clock.at < 2.2 * SECOND, "two seconds' worth"
