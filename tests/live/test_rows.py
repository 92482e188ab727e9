"""Rows: when somebody is due, and journeys as JSON."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from cascadesim.cascade import Journey, Phase, begin
from cascadesim.live import Recipient, decode_journey, encode_journey
from cascadesim.model.person import Person

CHANNELS = st.sampled_from(["push", "sms", "вайбер"])
STEPS = st.integers(1, 9)
STATES = st.sampled_from(["delivered", "opened", "clicked"])
INSTANTS = st.integers(0, 10**13)
JOURNEYS = st.builds(
    Journey,
    at=st.integers(-1, 40),
    phase=st.sampled_from(Phase),
    due=st.none() | INSTANTS,
    since=INSTANTS,
    pending=st.lists(CHANNELS, unique=True).map(tuple),
    out=st.lists(st.tuples(STEPS, CHANNELS)).map(tuple),
    told=st.frozensets(st.tuples(STEPS, CHANNELS, STATES)),
    stops=st.frozensets(STEPS),
    last=STEPS,
    over=st.booleans(),
)


@given(JOURNEYS)
def test_a_journey_comes_back_from_its_json_text(journey: Journey):
    text = json.dumps(encode_journey(journey))
    back = decode_journey(json.loads(text))
    assert back == journey
    assert [type(a) for a in back] == [type(b) for b in journey]
    assert json.dumps(encode_journey(back)) == text


def test_a_recipient_is_due_at_the_first_decision_or_appointment():
    person = Person("s", 0, "ann", "s", 0, 5, 0, "UTC", frozenset())
    row = Recipient("s:ann", person, 0, begin(person), 5)
    assert row.due_at == 5
    assert row.appointed("sms", 3).appointed("push", 9).due_at == 3
    queued = row.moved(row.journey._replace(due=None), 7)
    assert (queued.due_at, queued.queued_at) == (None, 7)
    assert queued.appointed("sms", 8).appointed("sms", 11).due_at == 11
    assert queued.appointed("sms", 8).appointed("sms", None) == queued
