"""Who belongs to which segment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cascadesim.contacts import Contact, reach_of, read_excluded, segment_of, segments_of, zone_of
from cascadesim.contacts.members import matches
from cascadesim.errors import Diagnostic, Span
from cascadesim.model.model import Model
from cascadesim.model.segment import Comparison, Contacts, Segment, Test

Write = Callable[..., Path]
Faults = Callable[..., tuple[Diagnostic, ...]]


def contact(**cells: str) -> Contact:
    return Contact(cells.get("id", "1"), cells)


@pytest.mark.parametrize(
    ("comparison", "values", "yes", "no"),
    [
        ("is", ("gold",), ["gold"], ["Gold", "golden", "", "gol"]),
        ("is", ("7",), ["7", "7.0", "007", "+7"], ["", "7x", "70", "7e0", "٨"]),
        ("is", ("10k",), ["10k", "10000"], ["10K", "10"]),
        ("is", ("0.5",), ["0.5", "0.50"], [".5", "0,5"]),
        ("is not", ("Riga",), ["Tallinn", "", "riga"], ["Riga"]),
        ("is not", ("7",), ["8", "", "x"], ["7", "7.00"]),
        ("is one of", ("LV", "EE"), ["LV", "EE"], ["LT", "", "LV EE"]),
        ("is one of", ("1", "x"), ["1.0", "x"], ["2", ""]),
        ("is not one of", ("LV", "EE"), ["LT", ""], ["LV", "EE"]),
        ("over", ("17",), ["18", "17.01", "1000"], ["17", "2", "", "old", "-20"]),
        ("under", ("17",), ["2", "16.99", "-5"], ["17", "100", "", "young"]),
        ("at least", ("17",), ["17", "17.0", "18"], ["16.9", ""]),
        ("at most", ("17",), ["17", "2"], ["17.1", "", "few"]),
        ("over", ("10k",), ["10001"], ["10000", "20k"]),
        ("over", ("-5",), ["-4.5", "0"], ["-5", "-6"]),
        ("over", ("x",), [], ["1", "y", ""]),
        # exact, where floating-point numbers would not be
        ("over", ("12345678901234567890",), ["12345678901234567891"], ["12345678901234567890"]),
        ("is", ("0.1",), ["0.10"], ["0.1000000000000000001"]),
    ],
)
def test_tests(comparison: Comparison, values: tuple[str, ...], yes: list[str], no: list[str]) -> None:
    test = Test("column", comparison, values)
    assert [cell for cell in yes + no if matches(test, {"column": cell})] == yes


def test_a_missing_column_is_an_empty_cell() -> None:
    assert matches(Test("town", "is not", ("Riga",)), {})
    assert not matches(Test("town", "is", ("Riga",)), {})


def test_membership_by_where_then_by_cell(model: Model) -> None:
    assert segment_of(model, contact(tier="gold")) == "gold"
    assert segment_of(model, contact(tier="gold", segment="new")) == "gold"
    assert segment_of(model, contact(tier="bronze", segment="new")) == "new"
    assert segment_of(model, contact(tier="bronze", segment="nowhere")) is None
    assert segment_of(model, contact(tier="bronze")) is None


def test_the_cell_does_not_overrule_where(model: Model) -> None:
    assert segment_of(model, contact(tier="bronze", segment="gold")) is None


def test_all_tests_must_hold() -> None:
    where = (Test("tier", "is", ("gold",)), Test("age", "over", ("17",)))
    model = Model(segments=(Segment("adult", Contacts("f.csv", where=where)),))
    assert segment_of(model, contact(tier="gold", age="18")) == "adult"
    assert segment_of(model, contact(tier="gold", age="17")) is None


def test_two_segments_are_refused(faults: Faults, model: Model) -> None:
    everyone = Segment("all", Contacts("people.csv"))
    both = Model(channels=model.channels, segments=(*model.segments, everyone))
    assert segments_of(both, contact(tier="gold")) == ("all", "gold")
    (found,) = faults(segment_of, both, contact(tier="gold", id="a7"))
    assert found.code == "C216"
    assert found.message == "contact a7 belongs to segments all and gold"


def test_who_opted_out_is_in_no_segment(write: Write) -> None:
    write("id,why\nb,asked\nb,asked twice\n", "out.csv")
    model = Model(
        segments=(
            Segment("one", Contacts("f.csv", where=(Test("n", "is", ("1",)),), excluded="out.csv")),
            Segment("two", Contacts("f.csv", where=(Test("n", "is", ("2",)),))),
        )
    )
    excluded = read_excluded(model, write("", "x").parent)
    assert excluded == {"one": {"b"}}
    assert segment_of(model, contact(id="a", n="1"), excluded) == "one"
    assert segment_of(model, contact(id="b", n="1", segment="one"), excluded) is None
    assert segment_of(model, contact(id="b", n="2"), excluded) == "two"


def test_faults_of_all_except_files(write: Write, faults: Faults) -> None:
    base = write("id\na\n\n,\n", "out.csv").parent
    files = ("out.csv", "missing.csv", "out.csv")
    spans = [Span("s.cascade", line, 1, line, 2) for line in range(3)]
    segments = (Segment(f, Contacts("f.csv", excluded=f), span=s) for f, s in zip(files, spans, strict=True))
    found = faults(read_excluded, Model(segments=tuple(segments)), base)
    assert [(d.code, d.span) for d in found] == [("C212", Span(str(base / "out.csv"), 4, 1, 4, 2)), ("C201", spans[1])]


def test_reach_is_the_addresses(model: Model) -> None:
    assert reach_of(model, contact(viber="+999", phone="+999", sms="", email="")) == {"viber", "sms"}
    assert reach_of(model, contact(sms="+999")) == frozenset()


def test_zones_from_cell_segment_and_scenario(model: Model) -> None:
    assert zone_of(model, "gold", contact(time_zone="Asia/Tokyo")) == "Asia/Tokyo"
    assert zone_of(model, "gold", contact(time_zone="")) == "Europe/London"
    assert zone_of(model, "silver", contact()) == "Europe/Riga"
