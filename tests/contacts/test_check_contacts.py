"""The report on a contacts file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow as pa
import pyarrow.parquet as pq

from cascadesim.contacts import ContactsReport, Example, Finding, check_contacts
from cascadesim.errors import Diagnostic
from cascadesim.model.chain import Saying
from cascadesim.model.model import Model
from cascadesim.model.segment import Contacts, Segment

Write = Callable[..., Path]
Faults = Callable[..., tuple[Diagnostic, ...]]

BAD = """id,first_name,tier,segment,time_zone,viber,phone,email
a,Anna,gold,,Europe/Riga,+9991,+9991,
b,Zane,silver,,,,,
a,Anna,bronze,new,,,+9992,a@example.com
c,Liga
,Nameless,gold,,,,+9993,
d,Ilze,bronze,elsewhere,Europe/Rga,,,d@example.com
a,Anna,gold,,,,,
"""

CLOSED: dict[str, Any] = {"additionalProperties": False, "type": "object"}
CASE = {"place": {"type": "integer"}, "id": {"type": "string"}, "detail": {"type": "string"}}
FINDING = {"count": {"type": "integer"}, "examples": {"type": "array", "maxItems": 20}}
FINDING["examples"]["items"] = {**CLOSED, "properties": CASE, "required": list(CASE)}
FOUND = {**CLOSED, "properties": FINDING, "required": list(FINDING)}
PERHAPS = {"anyOf": [FOUND, {"type": "null"}]}


def rows_of(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": {**CLOSED, "properties": properties, "required": list(properties)}}


SHAPE = {
    "file": {"type": "string"},
    "unit": {"enum": ["line", "row"]},
    "rows": {"type": "integer"},
    "contacts": {"type": "integer"},
    "columns": {"type": "array", "items": {"type": "string"}},
    "usable": {"type": "boolean"},
    "missing_columns": rows_of(message={"type": "string"}, hint={"type": "string"}),
    "wrong_width": FOUND,
    "empty_ids": FOUND,
    "duplicates": FOUND,
    "unknown_zones": FOUND,
    "addresses": rows_of(column={"type": "string"}, empty=FOUND),
    "unreachable": PERHAPS,
    "segments": rows_of(segment={"type": "string"}, people={"type": "integer"}),
    "in_two_segments": PERHAPS,
    "in_no_segment": PERHAPS,
}


def checked(report: ContactsReport) -> dict[str, Any]:
    """The report as JSON, its shape verified."""
    data = json.loads(json.dumps(report.to_json()))
    jsonschema.validate(data, {**CLOSED, "properties": SHAPE, "required": list(SHAPE)})
    return data


def cases(finding: Finding | None) -> list[tuple[int, str]]:
    assert finding is not None
    assert finding.count == len(finding.examples)
    return [(example.place, example.id) for example in finding.examples]


def test_a_file_by_itself(write: Write) -> None:
    report = check_contacts(write(BAD))
    assert (report.rows, report.contacts) == (7, 5)
    assert report.wrong_width.examples == [Example(5, "", "2 cells")]
    assert cases(report.empty_ids) == [(6, "")]
    assert report.duplicates.examples == [Example(4, "a", "first on line 2"), Example(8, "a", "first on line 2")]
    assert report.unknown_zones.examples == [Example(7, "d", "Europe/Rga")]
    assert {column: cases(empty) for column, empty in report.empty_addresses.items()} == {
        "viber": [(3, "b"), (4, "a"), (7, "d"), (8, "a")],
        "phone": [(3, "b"), (7, "d"), (8, "a")],
        "email": [(2, "a"), (3, "b"), (8, "a")],
    }
    assert cases(report.unreachable) == [(3, "b"), (8, "a")]
    assert (report.in_two_segments, report.in_no_segment, report.people) == (None, None, {})
    assert not report.is_usable
    assert checked(report)["in_two_segments"] is None


def test_a_file_against_a_script(write: Write, model: Model) -> None:
    report = check_contacts(write(BAD), model)
    assert report.people == {"gold": 2, "new": 1, "silver": 1}
    assert cases(report.in_no_segment) == [(7, "d")]
    assert cases(report.in_two_segments) == []
    assert list(report.empty_addresses) == ["viber", "phone", "email"]
    assert report.missing_columns == ()
    assert checked(report)["segments"][0] == {"segment": "gold", "people": 2}


def test_the_script_says_what_an_address_is(write: Write, model: Model) -> None:
    report = check_contacts(write("id,first_name,tier,viber,sms\n1,Anna,gold,,+9991\n"), model)
    assert list(report.empty_addresses) == ["viber"]
    assert cases(report.unreachable) == [(2, "1")]
    (missing,) = report.missing_columns
    assert "`phone` for the addresses of channel sms" in missing.message
    assert not report.is_usable
    assert checked(report)["missing_columns"][0]["hint"] == "add the column `phone`"


def test_empty_cells_that_a_text_would_show(write: Write, model: Model) -> None:
    (chain,) = model.chains
    blunt = replace(model, chains=(replace(chain, saying=Saying(text="Hi {first_name}")),))
    path = write("id,first_name,tier,viber,phone\n1,,gold,+9991,\n2,,gold,,\n")
    report = check_contacts(path, blunt)
    assert [d.code for d in report.missing_columns] == ["C218"]
    assert not report.is_usable
    assert check_contacts(path, model).is_usable
    checked(report)


def test_people_in_two_segments(write: Write, model: Model) -> None:
    everyone = replace(model, segments=(*model.segments, Segment("all", Contacts("people.csv"))))
    report = check_contacts(write("id,first_name,tier,viber,phone\n1,,gold,,\n2,,bronze,,\n"), everyone)
    assert report.in_two_segments is not None
    assert report.in_two_segments.examples == [Example(2, "1", "all and gold")]
    assert report.people == {"all": 2, "gold": 1, "new": 0, "silver": 0}
    assert not report.is_usable


def test_segments_of_other_files_do_not_count(write: Write, model: Model) -> None:
    others = replace(model, segments=(*model.segments, Segment("all", Contacts("lists/others.csv"))))
    path = write("id,first_name,tier,viber,phone\n1,,gold,,\n")
    assert check_contacts(path, others).people == {"gold": 1, "new": 0, "silver": 0}
    renamed = path.rename(path.with_name("renamed.csv"))
    assert check_contacts(renamed, others).people == {"all": 1, "gold": 1, "new": 0, "silver": 0}


def test_opt_outs_need_the_scripts_folder(write: Write, model: Model) -> None:
    write("id\n1\n", "out.csv")
    path = write("id,first_name,tier,viber,phone\n1,,gold,,\n2,,gold,,\n")
    segments = (Segment("some", Contacts("people.csv", excluded="out.csv")),)
    some = replace(model, segments=segments)
    assert check_contacts(path, some).people == {"some": 2}
    report = check_contacts(path, some, base=path.parent)
    assert report.people == {"some": 1}
    assert cases(report.in_no_segment) == [(2, "1")]


def test_addresses_can_be_named(write: Write, faults: Faults) -> None:
    path = write("id,mail_home,pigeon,SMS\n1,x,,\n2,,,\n")
    assert list(check_contacts(path).empty_addresses) == ["SMS"]
    report = check_contacts(path, addresses=("pigeon", "mail_home"))
    assert list(report.empty_addresses) == ["pigeon", "mail_home"]
    assert cases(report.unreachable) == [(3, "2")]
    found = faults(check_contacts, path, addresses=("pigeon", "owl", "mail"))
    assert [d.code for d in found] == ["C211", "C211"]


def test_without_addresses_nobody_is_called_unreachable(write: Write) -> None:
    report = check_contacts(write("id,name\n1,Anna\n"))
    assert report.unreachable is None
    assert report.is_usable
    checked(report)


def test_counts_go_on_where_examples_stop(write: Write) -> None:
    report = check_contacts(write("id,sms\n" + "".join(f"{n % 50},\n" for n in range(100))))
    assert report.unreachable is not None
    assert (report.unreachable.count, len(report.unreachable.examples)) == (100, 20)
    assert (report.duplicates.count, report.duplicates.examples[0]) == (50, Example(52, "0", "first on line 2"))
    checked(report)


def test_parquet_counts_rows(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": ["1", "2", "1"], "sms": ["+9991", None, "x"]}), tmp_path / "p")
    report = check_contacts(tmp_path / "p")
    assert report.unit == "row"
    assert report.duplicates.examples == [Example(3, "1", "first on row 1")]
    assert cases(report.empty_addresses["sms"]) == [(2, "2")]


def test_a_file_that_breaks_off_gives_no_report(write: Write, faults: Faults) -> None:
    assert [d.code for d in faults(check_contacts, write('id\n1\n"2\n'))] == ["C206"]
