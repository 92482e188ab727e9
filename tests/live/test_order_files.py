"""Who enters and who is to stop, from files: the same as by the endpoints, and all faults at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from cascadesim.errors import ContactsError
from cascadesim.live.entering import Door
from cascadesim.live.intake import Intake, Stop
from cascadesim.live.order_files import carry_out, read_entries, read_stops
from tests.live.receipts.desk_and_doors import MODEL, ROUTES, Doors, intake_of, order


@pytest.fixture
def doors() -> Doors:
    return Doors()


@pytest.fixture
def intake(doors: Doors) -> Intake:
    return intake_of(doors.store, doors.clock)


def _file(folder: Path, text: str) -> Path:
    file = folder / "orders.csv"
    file.write_text(text)
    return file


def test_stops_from_a_file_are_those_of_the_endpoint(tmp_path: Path, doors: Doors, intake: Intake):
    """One that came by a request is known; the file carried out again changes nothing; ids may come twice."""
    assert doors.statuses(order("/stop", {"person": "ann", "reason": "unsubscribed"})) == [200]
    stops = read_stops(_file(tmp_path, "id,reason\nann,unsubscribed\nbob,converted\nbob,converted\nzoe,converted\n"), 0)
    assert stops[:2] == [Stop("ann", "unsubscribed", 0), Stop("bob", "converted", 0)]
    told: list[int] = []
    assert carry_out(intake, stops, told.append) == {"known": 2, "new": 1, "unknown": 1}
    assert carry_out(intake, stops) == {"known": 4}
    assert told == [4]
    doors.stage.runner.run()
    assert len(doors.stage.sender.sent) == 2


def test_many_are_carried_out_a_thousand_at_a_time(doors: Doors, intake: Intake):
    told: list[int] = []
    carry_out(intake, [Stop(str(n), "converted", 0) for n in range(2_500)], told.append)
    assert told == [1000, 2000, 2500]


def test_entries_from_a_file(tmp_path: Path, doors: Doors, intake: Intake):
    text = "id,chain,event,tier,first_name,push,sms\np7,c,signed_up,gold,Ann,,+37120000001\np8,c,came,gold,Bo,t8,\n"
    entries = read_entries(_file(tmp_path, text), Door(MODEL, ROUTES), 5)
    assert carry_out(intake, entries) == {"new": 2}
    assert carry_out(intake, entries) == {"known": 2}
    doors.stage.at(5)
    assert sorted(doors.stage.sender.sent[2:]) == [("p7", "sms", 5), ("p8", "push", 5)]


@pytest.mark.parametrize(
    ("text", "codes", "says"),
    [
        ("id\nann\n", ["C211"], "has no column `reason`"),
        ("id,reason\nann,bored\n,converted\nbob,Converted\n", ["C213", "C382"],
         "2 rows have no reason that there is (line 2: ann; line 4: bob)"),
        ("id,reason\nann,converted,x\n", ["C212"], "wrong number of cells"),
    ],
)  # fmt: skip
def test_all_faults_of_stops_are_told_at_once(text: str, codes: list[str], says: str, tmp_path: Path):
    with pytest.raises(ContactsError) as error:
        read_stops(_file(tmp_path, text), 0)
    assert [d.code for d in error.value.diagnostics] == codes
    assert says in str(error.value)


def test_all_faults_of_entries_are_told_at_once(tmp_path: Path):
    text = "id,chain,event,tier,first_name,sms\na,d,came,gold,A,1\nb,c,,gold,B,1\nc,c,came,tin,C,1\nd,c,came,gold,D,1\n"
    with pytest.raises(ContactsError) as error:
        read_entries(_file(tmp_path, text), Door(MODEL, ROUTES), 0)
    (diagnostic,) = error.value.diagnostics
    assert (diagnostic.code, diagnostic.span.line) == ("C383", 2)
    assert diagnostic.message.endswith(
        "orders.csv: 3 rows have somebody who cannot enter (line 2: a, segment gold does not follow that chain; "
        "it follows c; line 3: b, the event is empty; line 4: c, they belong to no segment of the campaign)"
    )
