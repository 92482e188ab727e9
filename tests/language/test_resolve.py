"""Names across files: `use`, `change` and tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from cascadesim.language import check, examine, read, read_text
from cascadesim.model.model import Model
from cascadesim.model.segment import Contacts

LIBRARY = """cascade 1

channel viber
    reaches 50%
    opens 60%
    costs 0.02 EUR per message delivered
    quiet from 21:00 to 9:00

channel sms
    opens 30%
    reports delivered
    costs 0.05 USD per part sent

segment loyal
    people 10
    opens sms 40%

message hi
    text "Hi"
    text on sms "Hi there"

table reaches
    segment viber sms
    loyal   70%   99%
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "library.cascade").write_text(LIBRARY)
    return tmp_path


def model(folder: Path, text: str) -> Model:
    path = folder / "main.cascade"
    path.write_text(f"cascade 1\n\n{text}")
    return read(path).model


def codes(folder: Path, text: str) -> list[str]:
    path = folder / "main.cascade"
    path.write_text(f"cascade 1\n\n{text}")
    return [d.code for d in check(path)]


def test_use_all(folder: Path) -> None:
    found = model(folder, 'use "shared/library.cascade"\n')
    assert [c.name for c in found.channels] == ["viber", "sms"]
    assert [s.name for s in found.segments] == ["loyal"]
    assert [m.name for m in found.messages] == ["hi"]


def test_use_by_name_leaves_the_rest_behind(folder: Path) -> None:
    """What the lent segment and message say of channels that are left out is left out, too."""
    found = model(folder, 'use viber, loyal and hi from "shared/library.cascade"\n')
    assert [c.name for c in found.channels] == ["viber"]
    assert {own.channel for own in found.segment("loyal").rates} == {"viber"}
    assert [content.channel for content in found.message("hi").contents] == [None]


def test_what_the_script_itself_says_of_a_channel_left_out_is_a_fault(folder: Path) -> None:
    """With the remedy: the channel is there to be taken over."""
    path = folder / "main.cascade"
    path.write_text(
        'cascade 1\n\nuse viber from "shared/library.cascade"\n\nsegment a\n    people 1\n    opens sms 40%\n'
    )
    (diagnostic,) = check(path)
    assert diagnostic.code == "C024"
    assert diagnostic.hint == f"{folder / 'shared' / 'library.cascade'} defines it: add it to the names in `use`"


def test_a_library_needs_no_scenario(folder: Path) -> None:
    """Its clock rules and its two currencies are the business of whoever uses it."""
    assert check(folder / "shared" / "library.cascade") == ()
    chain = "segment a\n    people 10\n\nchain x\n    send viber and sms\n"
    assert codes(folder, f'use viber, sms from "shared/library.cascade"\n\n{chain}') == ["C090", "C047"]


def test_unused_channels_of_a_library_make_no_demands(folder: Path) -> None:
    """Quiet hours and prices in dollars count when a chain sends there or a plan may, not before."""
    segment = "segment a\n    people 10\n"
    used = f'use "shared/library.cascade"\n\nscenario\n    prices in USD\n\n{segment}\nchain x\n    send sms\n'
    assert codes(folder, used) == []
    assert codes(folder, f"{used}    send viber\n") == ["C046", "C090"]
    asked = "optimize\n    minimize cost per person\n    choose from viber\n"
    assert codes(folder, f"{used}\n{asked}") == ["C046", "C090"]


def test_what_is_used_through_two_files_is_one_thing(folder: Path) -> None:
    for name in ("a", "b"):
        (folder / f"{name}.cascade").write_text('cascade 1\n\nuse "shared/library.cascade"\n')
    found = model(folder, 'use "a.cascade"\nuse "b.cascade"\nuse viber from "shared/library.cascade"\n')
    assert [c.name for c in found.channels] == ["viber", "sms"]


def test_changed_in_one_of_two_files_it_is_two_things(folder: Path) -> None:
    (folder / "a.cascade").write_text('cascade 1\n\nuse "shared/library.cascade"\n\nchange viber\n    opens 10%\n')
    assert codes(folder, 'use "shared/library.cascade"\nuse "a.cascade"\n') == ["C033"]


def test_a_table_of_one_file_speaks_of_segments_of_another(folder: Path) -> None:
    found = model(
        folder, 'use viber, loyal from "shared/library.cascade"\n\ntable opens\n    segment viber\n    loyal 65%\n'
    )
    own = {(o.channel, o.rate.verb): float(o.rate.low) for o in found.segment("loyal").rates}
    assert own == {("viber", "reaches"): 0.7, ("viber", "opens"): 0.65}


def test_scenario_and_questions_are_not_lent(folder: Path) -> None:
    (folder / "other.cascade").write_text(
        "cascade 1\n\nscenario\n    seed 7\n\nchannel push\n    opens 3%\n\n"
        "optimize\n    minimize cost per person\n    choose from push\n"
    )
    found = model(folder, 'use "other.cascade"\n')
    assert (found.scenario.seed, found.questions) == (0, ())


def test_files_are_named_from_the_folder_of_the_script_that_runs(folder: Path) -> None:
    (folder / "shared" / "people.csv").write_text("id\n1\n")
    (folder / "shared" / "people.cascade").write_text('cascade 1\n\nsegment all\n    people from "people.csv"\n')
    people = model(folder, 'use all from "shared/people.cascade"\n').segment("all").people
    assert isinstance(people, Contacts)
    assert people.file == "shared/people.csv"
    assert (folder / people.file).is_file()


def test_faults_in_used_files_are_reported_there(folder: Path) -> None:
    (folder / "shared" / "odd.cascade").write_text("cascade 1\n\nchannel push\n    opens 300%\n")
    path = folder / "main.cascade"
    path.write_text('cascade 1\n\nuse "shared/odd.cascade"\n')
    reading = examine(path)
    (diagnostic,) = reading.diagnostics
    assert diagnostic.span is not None
    assert diagnostic.span.file == str(folder / "shared" / "odd.cascade")
    assert diagnostic.span.file in reading.sources


CHANNEL = """cascade 1

scenario
    starts 2027-03-01 10:00

channel sms
    address "phone"
    reaches 90%
    delivers 95%
    opens 30%
    clicks 10%
    resend opens 20%
    resend answers 10%
    reports delivered
    costs 0.05 EUR per part sent
    costs at least 10 EUR per campaign
    sends up to 10 per second
    quiet from 21:00 to 9:00
    quiet on sunday
"""


@pytest.mark.parametrize(
    ("line", "field", "count"),
    [
        ("costs 0.01 EUR per message sent", "costs", 1),
        ("costs at least 5 EUR per campaign", "costs", 1),
        ("quiet on monday", "quiet", 1),
        ("opens 40%", "rates", 4),
        ("resend opens 30%", "resend", 1),
        ("lasts 40 s", "rates", 4),
    ],
)
def test_change_replaces_the_lines_that_begin_with_the_same_word(line: str, field: str, count: int) -> None:
    text = CHANNEL.replace("    resend answers 10%\n", "")
    channel = read_text(f"{text}\nchange sms\n    {line}\n").model.channel("sms")
    before = read_text(text).model.channel("sms")
    assert len(getattr(channel, field)) == count
    unchanged = {"address", "rates", "resend", "reports", "lasts", "costs", "throughput", "quiet"} - {field, "lasts"}
    assert all(getattr(channel, name) == getattr(before, name) for name in unchanged)


def test_two_changes_in_a_row() -> None:
    text = "cascade 1\n\nchannel a\n    opens 3%\n\nchange a\n    opens 4%\n\nchange a\n    clicks 5%\n"
    assert [float(r.low) for r in read_text(text).model.channel("a").rates] == [0.04, 0.05]
