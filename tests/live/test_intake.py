"""What comes in from outside: told to whom it is of, recorded once, and stops that hold for who enters later."""

from __future__ import annotations

import pytest

from cascadesim.cascade import Phase
from cascadesim.live import Store
from cascadesim.live.campaign import Campaign
from cascadesim.live.intake import Entry, Event, Intake, Stop, Told
from cascadesim.live.rows import Receipt
from cascadesim.model.channel import Throughput
from cascadesim.model.person import Person
from cascadesim.units import HOUR, SECOND, Duration
from tests.live.conftest import Never, Stage
from tests.live.test_runner import FIRST, PUSH_SMS, _chain, _model

LIMIT = Throughput(1, Duration(SECOND))


@pytest.fixture
def stage(store: Store) -> Stage:
    return Stage(store, _model(), PUSH_SMS)


def _intake(s: Stage) -> Intake:
    return Intake(Campaign("spring", s.model, s.model.routes(s.chain), Never()), s.store, s.clock)


def _entry(name: str, event: str = "signed_up", at: int = 0) -> Entry:
    return Entry(Person("s", at, name, "s", 0, at, at, "UTC", frozenset({"push", "sms"})), "c", event)


def test_a_stop_in_mid_campaign_holds_at_dispatch(stage: Stage):
    """S11: the chain names neither; ann and bob get the first message and not the second."""
    stage.enter("ann", "bob", "eve")
    stage.at(0)
    stops = [Stop("ann", "unsubscribed", 0), Stop("bob", "converted", 0)]
    assert _intake(stage).take(stops) == ["new", "new"]
    stage.runner.run()
    assert stage.sender.sent[3:] == [("eve", "sms", HOUR)]


def test_a_stop_while_the_message_stands_in_line_gives_the_slot_to_the_next(store: Store):
    """S6: one a second; bob, whose slot is 1 s, is stopped before it comes: eve is sent then."""
    s = Stage(store, _model(LIMIT), _chain(("sms", None)))
    s.enter("ann", "bob", "eve")
    s.at(0)
    _intake(s).take([Stop("bob", "unsubscribed", 0)])
    s.runner.run()
    assert s.sender.sent == [("ann", "sms", 0), ("eve", "sms", SECOND)]


def test_a_stop_that_comes_before_its_person_is_heeded_when_they_enter(stage: Stage):
    """By an entry, and by an enrolment: also in one batch, the stop first."""
    intake = _intake(stage)
    assert intake.take([Stop("ann", "unsubscribed", 0), _entry("ann")]) == ["unknown", "new"]
    intake.take([Stop("bob", "converted", 0)])
    stage.enter("bob", "eve")
    assert stage.at(0) == 1
    assert stage.sender.sent == [("eve", "push", 0)]
    assert [stage.store.recipient(f"s:{name}").journey.phase for name in ("ann", "bob")] == [Phase.DONE] * 2


def test_who_enters_and_is_stopped_in_the_same_batch_gets_nothing(stage: Stage):
    assert _intake(stage).take([_entry("ann"), Stop("ann", "converted", 0)]) == ["new", "new"]
    assert stage.at(0) == 0


def test_who_enters_goes_their_way_from_then_and_only_once(stage: Stage):
    stage.clock.at = 7
    intake = _intake(stage)
    assert intake.take([_entry("ann", at=7), _entry("ann", at=7)]) == ["new", "known"]
    stage.at(7)
    assert intake.take([_entry("ann", at=7), _entry("ann", "came back", at=9)]) == ["known", "known"]
    stage.runner.run()
    assert stage.sender.sent == [("ann", "push", 7), ("ann", "sms", 7 + HOUR)]
    assert stage.store.reports == 2


def test_for_whom_the_plan_is_not_nobody_enters(stage: Stage):
    other = Person("t", 0, "tom", "t", 0, 0, 0, "UTC", frozenset())
    assert _intake(stage).take([Entry(other, "c", "signed_up")]) == ["unknown"]
    assert stage.store.recipient("t:tom") is None


def test_the_names_of_entries_do_not_run_into_each_other(stage: Stage):
    assert _intake(stage).take([_entry("a:b", "x"), _entry("b", "x:a")]) == ["new", "new"]


def test_an_outside_event_is_told_of_the_person_and_recorded_once(stage: Stage):
    stage.enter("ann")
    stage.at(0)
    order = Event("o1", "ann", "bought", 0)
    assert _intake(stage).take([order._replace(id="o0", event="looked"), order, order]) == ["new", "new", "known"]
    assert stage.runner.next_due() is None
    assert _intake(stage).take([order, Event("o2", "nobody", "bought", 0)]) == ["known", "unknown"]
    assert stage.store.reports == 3


def test_a_batch_of_what_is_known_writes_nothing(stage: Stage):
    stage.enter("ann")
    stage.at(0)
    coming = [Told("push", Receipt("r1", FIRST, "opened", 0)), Stop("ann", "unsubscribed", 0)]
    assert _intake(stage).take(coming * 2) == ["new", "new", "known", "known"]
    assert stage.store.reports == 2
    stage.store.commit = None
    assert _intake(stage).take(coming) == ["known", "known"]


def test_what_a_batch_asks_of_the_store_is_asked_in_one_go(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """However many come together, and be they known or not."""
    names = ("ann", "bob", "eve")
    stage.enter(*names)
    stage.at(0)
    asked: list[str] = []
    for question in ("attempts", "message", "recipient", "recipients", "reported"):
        ask = getattr(stage.store, question)
        monkeypatch.setattr(stage.store, question, lambda of, a=ask, q=question: (asked.append(q), a(of))[1])
    told = [Told("push", Receipt(n, f"spring:s:{n}:1:push:0", "delivered", 0)) for n in (*names, "nobody")]
    events = [Event(name, name, "bought", 0) for name in (*names, "somebody")]
    assert _intake(stage).take([*told, *events]) == [*["new"] * 3, "unknown"] * 2
    assert asked == ["reported", "attempts", "recipients"]
