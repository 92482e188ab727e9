"""The members of segments, and all that may be wrong with the files they come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cascadesim.contacts import load_segments
from cascadesim.errors import Diagnostic, Span
from cascadesim.model.chain import Saying
from cascadesim.model.model import Model
from cascadesim.model.segment import Contacts, Segment, Test

Write = Callable[..., Path]
Faults = Callable[..., tuple[Diagnostic, ...]]

HEADER = "id,first_name,tier,viber,phone\n"
PEOPLE = HEADER + "b,Zane,gold,,+9991\na,Anna,gold,+9992,\nÅ,Åsa,silver,,\nB,Jānis,silver,,+9993\nc,Liga,bronze,,\n"


def ids(model: Model, base: Path, segments: tuple[str, ...] | None = None) -> dict[str, list[str]]:
    return {name: [c.id for c in members] for name, members in load_segments(model, base, segments).items()}


def with_people(model: Model, **people: Contacts) -> Model:
    own = tuple(Segment(name, contacts, span=Span("s.cascade", 9, 5, 9, 11)) for name, contacts in people.items())
    return replace(model, segments=own)


def test_members_sorted_by_code_point(write: Write, model: Model) -> None:
    assert ids(model, write(PEOPLE).parent) == {"gold": ["a", "b"], "silver": ["B", "Å"]}


def test_members_have_every_cell(write: Write, model: Model) -> None:
    (first, _) = load_segments(model, write(PEOPLE).parent)["gold"]
    assert first.cells == {"id": "a", "first_name": "Anna", "tier": "gold", "viber": "+9992", "phone": ""}


def test_only_the_segments_asked_for_are_read(write: Write, model: Model) -> None:
    base = write(PEOPLE).parent
    assert ids(model, base, ("gold", "new")) == {"gold": ["a", "b"]}
    assert ids(model, base, ("new",)) == {}


def test_parquet_gives_the_same_members(write: Write, tmp_path: Path, model: Model) -> None:
    rows = [line.split(",") for line in PEOPLE.splitlines()]
    columns = dict(zip(rows[0], map(list, zip(*rows[1:], strict=True)), strict=True))
    pq.write_table(pa.table(columns), tmp_path / "people.parquet")
    write(PEOPLE)
    parquet = with_people(
        model, **{s.name: replace(s.people, file="people.parquet") for s in model.segments if s.name != "new"}
    )
    assert load_segments(parquet, tmp_path) == load_segments(model, tmp_path)


def test_who_opted_out_is_left_out(write: Write, model: Model) -> None:
    write("id\nb\nnobody\n", "out.csv")
    base = write(PEOPLE).parent
    assert ids(with_people(model, all=Contacts("people.csv", excluded="out.csv")), base) == {
        "all": ["B", "a", "c", "Å"]
    }


def test_files_lie_beside_the_script(write: Write, model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    base = write(PEOPLE).parent
    (base / "deeper").mkdir()
    monkeypatch.chdir(base / "deeper")
    assert ids(model, Path("..")) == {"gold": ["a", "b"], "silver": ["B", "Å"]}


def test_many_recurring_and_unique_cells_stay_right(write: Write, model: Model) -> None:
    rows = [(f"{n:05}", f"name{n % 7}", "gold", "", f"+999{n}") for n in range(12_000)]
    base = write(HEADER + "\n".join(",".join(row) for row in rows)).parent
    members = load_segments(with_people(model, all=Contacts("people.csv")), base)["all"]
    assert [tuple(contact.cells.values()) for contact in members] == rows
    assert members[0].cells["first_name"] is members[7 * 1714].cells["first_name"]  # kept once


def test_a_missing_file_is_told_at_the_segment(tmp_path: Path, faults: Faults, model: Model) -> None:
    (found,) = faults(load_segments, with_people(model, all=Contacts("people.csv")), tmp_path)
    assert (found.code, found.span) == ("C201", Span("s.cascade", 9, 5, 9, 11))


def test_missing_columns_with_reason_and_near_miss(write: Write, faults: Faults, model: Model) -> None:
    path = write("id,firstname,tier,viber\n1,Anna,gold,\n2,Jānis,silver,\n")
    found = faults(load_segments, model, path.parent)
    assert [(d.code, d.message, d.hint) for d in found] == [
        ("C211", f"{path} has no column `phone` for the addresses of channel sms", "add the column `phone`"),
        (
            "C211",
            f"{path} has no column `first_name` for the placeholder {{first_name}} in chain greet",
            "is it the column `firstname`? use one name in both places",
        ),
    ]
    assert {d.span for d in found} == {Span(str(path), 1, 1, 1, 2)}


def test_faults_of_rows_files_and_scripts_come_together(write: Write, faults: Faults, model: Model) -> None:
    write(HEADER + "1,,gold,,\n1,,gold,,\n2,,gold\n,,gold,,\n")
    base = write("name\nAnna\n", "no-ids.csv").parent
    segments = {
        "all": Contacts("people.csv", where=(Test("size", "is", ("7",)),), excluded="no-ids.csv"),
        "more": Contacts("absent.csv"),
    }
    found = faults(load_segments, with_people(model, **segments), base)
    assert sorted(d.code for d in found) == ["C201", "C209", "C211", "C212", "C213", "C214"]


def test_a_cell_that_a_text_would_show_is_empty(write: Write, faults: Faults, model: Model) -> None:
    (chain,) = model.chains
    blunt = replace(model, chains=(replace(chain, saying=Saying(text="Hi {first_name}")),))
    path = write(HEADER + "1,,gold,+9991,\n2,,gold,,\n3,,bronze,+9993,\n4,,silver,,+9994\n")
    (found,) = faults(load_segments, blunt, path.parent)
    assert (found.code, found.span) == ("C218", Span(str(path), 2, 1, 2, 2))
    assert found.message.endswith(
        "2 rows have an empty cell where a text has no fallback (line 2: 1, {first_name}; line 5: 4, {first_name})"
    )
    assert len(ids(model, path.parent)["gold"]) == 2  # with a fallback all is well


def test_a_file_that_breaks_off_is_not_called_empty(write: Write, faults: Faults, model: Model) -> None:
    base = write(HEADER + 'a,"Anna" B,gold,,\n').parent
    assert [d.code for d in faults(load_segments, model, base)] == ["C206"]


def test_a_person_in_two_segments_of_one_file(write: Write, faults: Faults, model: Model) -> None:
    path = write(PEOPLE)
    segments = {"all": Contacts("people.csv"), "gold": Contacts("people.csv", where=(Test("tier", "is", ("gold",)),))}
    overlapping = with_people(model, **segments)
    (found,) = faults(load_segments, overlapping, path.parent)
    assert (found.code, found.span) == ("C216", Span(str(path), 2, 1, 2, 2))
    assert found.message == (
        f"{path}: 2 rows have a person who is in two segments (line 2: b, in all and gold; line 3: a, in all and gold)"
    )
    assert ids(overlapping, path.parent, ("gold",)) == {"gold": ["a", "b"]}


def test_a_person_in_two_files(write: Write, faults: Faults, model: Model) -> None:
    write(PEOPLE)
    path = write(HEADER + "x,,,,\nb,,,,\n", "others.csv")
    segments = with_people(model, one=Contacts("people.csv"), other=Contacts("others.csv"))
    (found,) = faults(load_segments, segments, path.parent)
    assert (found.code, found.span) == ("C216", Span(str(path), 3, 1, 3, 2))


@pytest.mark.parametrize(
    ("people", "hint"),
    [
        ((), "there are no contacts in the file"),
        (
            (Test("tier", "is not", ("x",)), Test("tier", "is", ("golden",))),
            "`tier is golden` holds for none of the 5: the column holds gold, silver, bronze",
        ),
        (
            (Test("viber", "over", ("5k",)), Test("id", "is one of", ("x", "y"))),
            "`id is one of x, y` holds for none of the 5: the column holds b, a, Å, B, c",
        ),
        (
            (Test("first_name", "is", ("Zane",)), Test("tier", "is", ("silver",))),
            "each test holds for some of the 5 contacts, but never all of them for the same one",
        ),
        ((Test("tier", "is", ("bronze",)),), "those it would take are all in its `except` file"),
    ],
)
def test_nobody_belongs(write: Write, faults: Faults, model: Model, people: tuple[Test, ...], hint: str) -> None:
    write("id\nc\n", "out.csv")
    path = write(PEOPLE if people else HEADER)
    segments = with_people(model, some=Contacts("people.csv", where=people, excluded="out.csv"))
    (found,) = faults(load_segments, segments, path.parent)
    assert (found.code, found.span, found.hint) == ("C217", Span("s.cascade", 9, 5, 9, 11), hint)
    assert found.message == f"no contact of {path} belongs to segment some"


def test_an_empty_column_is_said_to_be_empty(write: Write, faults: Faults, model: Model) -> None:
    where = (Test("viber", "is", ("x",)),)
    base = write(HEADER + "1,,,,\n2,,,,\n").parent
    (found,) = faults(load_segments, with_people(model, some=Contacts("people.csv", where=where)), base)
    assert found.hint == "`viber is x` holds for none of the 2: the column holds empty cells"
