"""What comes in from outside, worked by hand on the state machine itself (S11, S12)."""

from __future__ import annotations

import pytest

from cascadesim.cascade import (
    DROP,
    GO,
    OUTSIDE,
    Journey,
    Phase,
    Program,
    begin,
    covers_outside,
    decide,
    dropped,
    sent,
    tell,
    tell_outside,
    tell_stop,
    verdict,
)
from cascadesim.model.chain import Chain, Event, Send, Wait
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model, Scenario
from cascadesim.model.person import Person
from cascadesim.model.segment import Headcount, Segment
from cascadesim.units import HOUR, Duration

MODEL = Model(Scenario(), (Channel("push"), Channel("sms")), (Segment("s", Headcount(1)),))
CHAIN = Chain("c", (Send(("push",), wait=Wait(Duration(HOUR))), Send(("sms",))), stop_when=(Event(outside="bought"),))
PROGRAM = Program(MODEL, CHAIN)
ANN = Person("s", 0, "ann", "s", 0, 0, 0, "UTC", frozenset({"push", "sms"}))


def _decided(journey: Journey, now: int) -> Journey:
    return decide(PROGRAM, ANN, journey, now, lambda number: 0.5)


def _waiting() -> Journey:
    """The push message is out at 0; the text is due at 1 h."""
    return sent(PROGRAM, _decided(begin(ANN), 0), "push", 0)


def test_told_to_stop_nothing_follows_whatever_the_chain_says():
    """S11: no event of the chain is named; at 1 h nothing is due any more."""
    stopped = tell_stop(_waiting())
    assert (stopped.phase, stopped.due, stopped.stops) == (Phase.DONE, None, {OUTSIDE})
    assert _decided(stopped, HOUR) == stopped
    assert tell_stop(stopped) == stopped, "as often as it is told"


def test_told_to_stop_before_the_first_decision_nothing_goes_out():
    stopped = tell_stop(begin(ANN))
    assert (stopped.phase, stopped.due, stopped.out) == (Phase.DONE, None, ())
    assert _decided(stopped, 0) == stopped


def test_a_message_that_queues_is_dropped_when_its_slot_comes():
    """S6: at 1 h the text queues with a slot at 1 h 5 s; the stop comes in between, and is read again there."""
    queued = _decided(_waiting(), HOUR)
    assert verdict(PROGRAM, ANN, queued, "sms", HOUR + 5) == GO
    stopped = tell_stop(queued)
    assert (stopped.phase, stopped.pending) == (Phase.QUEUED, ("sms",))
    assert verdict(PROGRAM, ANN, stopped, "sms", HOUR + 5) == DROP
    gone = dropped(PROGRAM, stopped, "sms", HOUR + 5)
    assert (gone.phase, gone.out) == (Phase.DONE, ((1, "push"),))


def test_messages_out_are_not_recalled_and_what_becomes_of_them_is_still_heard():
    opened = tell(PROGRAM, tell_stop(_waiting()), 1, "push", "opened", HOUR)
    assert (opened.out, opened.told) == (((1, "push"),), {(1, "push", "opened")})
    assert opened.phase is Phase.DONE


@pytest.mark.parametrize("event", ["ordered", "unsubscribed", "converted"])
def test_an_outside_event_that_is_not_named_stops_nobody_be_it_called_as_a_state_is(event: str):
    """S11: a script may call an event of its own so; who is to be stopped is told by `tell_stop`."""
    assert tell_outside(PROGRAM, _waiting(), event) == _waiting()
    assert tell_outside(PROGRAM, _waiting(), "bought") == tell_stop(_waiting())


def test_unsubscribing_by_a_message_stops_without_being_named():
    assert tell(PROGRAM, _waiting(), 1, "push", "unsubscribed", 5).stops == {1}


def test_an_outside_event_covers_where_it_is_named():
    """S12; one that stops is also named by the state of its name, but not by that of one channel alone."""
    bought, converted, by_push = Event(outside="bought"), Event("converted"), Event("converted", "push")
    assert covers_outside((converted, bought), "bought")
    assert not covers_outside((bought,), "ordered")
    assert not covers_outside((), "bought")
    assert covers_outside((converted,), "converted", stops=True)
    assert not covers_outside((converted,), "converted"), "an event of the script that happens to be called so"
    assert covers_outside((Event(outside="converted"),), "converted")
    assert not covers_outside((by_push,), "converted", stops=True)
    assert not covers_outside((converted,), "unsubscribed", stops=True)
