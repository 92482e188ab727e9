"""The console sender prints one line a message, with what is said, and no address."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime

from cascadesim.live import Console, Outgoing, Settled
from cascadesim.model.chain import Chain, Saying, Send
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model, Scenario
from cascadesim.model.person import Person
from cascadesim.model.segment import Headcount, Segment
from cascadesim.units import HOUR, MINUTE

CHAIN = Chain("c", (Send(("sms",), Saying(text="Hello {first_name|you},\nit is kept.")), Send(("sms",))))
CELLS = {"first_name": "Ann\x1b[31m", "sms": "+37120000001"}
ANN = Person("gold", 0, "p7", "contacts", 0, 0, 0, "Europe/Riga", frozenset({"sms"}), columns=CELLS)
MODEL = Model(Scenario(), (Channel("sms"),), (Segment("gold", Headcount(1)),))


def _outgoing(step: int = 1, person: Person = ANN) -> Outgoing:
    return Outgoing(f"k{step}", person, MODEL, CHAIN, step, "sms", step - 1, HOUR + 2 * MINUTE + 5)


def test_a_line_says_when_where_who_and_what():
    stream = io.StringIO()
    console = Console(MODEL, stream)
    assert console.send([_outgoing(1), _outgoing(2)]) == [Settled("accepted")] * 2
    assert stream.getvalue().splitlines() == [
        "after 1 h 2 min  sms        step 1  gold p7  Hello Ann [31m, it is kept.",
        "after 1 h 2 min  sms        step 2  gold p7",
    ]


def test_with_a_date_it_is_the_recipients_wall_clock_and_a_drawn_person_reads_the_fallback():
    stream = io.StringIO()
    model = replace(MODEL, scenario=Scenario(starts=datetime(2027, 3, 1, 10)))
    Console(model, stream).send([_outgoing(person=replace(ANN, columns={}))])
    assert stream.getvalue() == "2027-03-01 13:02:00  sms        step 1  gold p7  Hello you, it is kept.\n"


def test_the_first_are_printed_and_all_are_passed_on():
    class Other:
        def send(self, batch):
            return [Settled("refused", m.key) for m in batch]

    stream = io.StringIO()
    console = Console(MODEL, stream, 3, Other())
    for _ in range(2):
        assert console.send([_outgoing(1), _outgoing(2)]) == [Settled("refused", "k1"), Settled("refused", "k2")]
    assert len(stream.getvalue().splitlines()) == 3
    assert CELLS["sms"] not in stream.getvalue()
