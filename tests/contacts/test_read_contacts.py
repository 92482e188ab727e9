"""Reading CSV and Parquet: what is understood, what is refused and where."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cascadesim.contacts import Contact, read_contacts
from cascadesim.contacts.codes import CODES
from cascadesim.contacts.contact import Pool
from cascadesim.errors import ContactsError, Diagnostic, InputError, OutsideError, Span

Write = Callable[..., Path]
Faults = Callable[..., tuple[Diagnostic, ...]]


def contacts(path: Path) -> list[Contact]:
    return list(read_contacts(path))


@pytest.mark.parametrize(
    "text",
    [
        "id,name,city\n1,Anna,Riga\n2,Jānis,\n",
        "\ufeffid,name,city\n1,Anna,Riga\n2,Jānis,\n",
        "id;name;city\n1;Anna;Riga\n2;Jānis;\n",
        "id,name,city\r\n1,Anna,Riga\r\n2,Jānis,\r\n",
        "id,name,city\n1,Anna,Riga\n2,Jānis,",
        "\n \nid,name,city\n\n1,Anna,Riga\n   \n\n2,Jānis,\n\n",
        " id , name,city\n 1,  Anna ,Riga\t\n2 ,Jānis, \n",
        '"id","name","city"\n"1","Anna","Riga"\n"2", "Jānis",""\n',
        "id,name,city,\n1,Anna,Riga,\n2,Jānis,,left over\n",  # a column without a name is nobody's
    ],
)
def test_the_same_people_in_many_hands(write: Write, text: str) -> None:
    assert contacts(write(text)) == [
        Contact("1", {"id": "1", "name": "Anna", "city": "Riga"}),
        Contact("2", {"id": "2", "name": "Jānis", "city": ""}),
    ]


def test_the_header_tells_the_separator_outside_its_quotes(write: Write) -> None:
    (contact,) = contacts(write('id;"a,b,c,d,e";"f;g"\n1;x,y;z\n'))
    assert dict(contact.cells) == {"id": "1", "a,b,c,d,e": "x,y", "f;g": "z"}


def test_quoted_cells_hold_separators_quotes_and_lines(write: Write) -> None:
    (contact,) = contacts(write('id,name\n1,"Anna, ""the first""\nof Riga"\n'))
    assert contact.cells["name"] == 'Anna, "the first"\nof Riga'


def test_cells_are_a_mapping(write: Write) -> None:
    (contact,) = contacts(write("id,name\n1,Anna\n"))
    assert list(contact.cells) == ["id", "name"]
    assert len(contact.cells) == 2
    assert contact.cells.get("town", "") == ""
    assert repr(contact.cells) == "{'id': '1', 'name': 'Anna'}"
    with pytest.raises(KeyError):
        contact.cells["town"]


texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
tables = st.lists(st.tuples(texts, texts, texts), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, derandomize=True)
@given(rows=tables, delimiter=st.sampled_from(",;"), end=st.sampled_from(["\n", "\r\n"]), mark=st.booleans())
def test_what_a_csv_writer_writes_is_read(
    write: Write, rows: list[tuple[str, str, str]], delimiter: str, end: str, mark: bool
) -> None:
    buffer = io.StringIO()
    # A lone carriage return inside a cell has to be quoted, which the standard writer only does if told
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(["id", "a", "b", "c"])
    writer.writerows([str(number), *row] for number, row in enumerate(rows))
    path = write(("\ufeff" if mark else "") + buffer.getvalue())
    assert [tuple(c.cells.values()) for c in read_contacts(path)] == [
        (str(number), *(cell.strip() for cell in row)) for number, row in enumerate(rows)
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, derandomize=True, max_examples=30)
@given(rows=st.lists(st.tuples(st.none() | texts, st.none() | texts), max_size=6))
def test_parquet_and_csv_give_the_same_people(tmp_path: Path, rows: list[tuple[str | None, str | None]]) -> None:
    ids = [str(number) for number in range(len(rows))]
    columns = {"id": ids, "a": [a for a, _ in rows], "b": [b for _, b in rows]}
    pq.write_table(pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()}), tmp_path / "p")
    with (tmp_path / "c").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerows([columns, *zip(*columns.values(), strict=True)])
    assert contacts(tmp_path / "p") == contacts(tmp_path / "c")


def test_parquet_cells_become_text(tmp_path: Path) -> None:
    pq.write_table(
        pa.table(
            {
                "id": pa.array([1, 2]),
                "age": pa.array([37.0, None]),
                "score": pa.array([0.25, float("nan")]),
                "vip": pa.array([True, False]),
                "born": pa.array([date(1990, 5, 1), None]),
                "tier": pa.array(["gold", "gold"]).dictionary_encode(),
                "level": pa.array([3.0, 3.0]).dictionary_encode(),
                "none": pa.array([None, None]),
                "name": pa.array([b" Anna ", None], pa.binary()),
            }
        ),
        tmp_path / "p.parquet",
    )
    assert [list(c.cells.values()) for c in read_contacts(tmp_path / "p.parquet")] == [
        ["1", "37", "0.25", "true", "1990-05-01", "gold", "3", "", "Anna"],
        ["2", "", "", "false", "", "gold", "3", "", ""],
    ]


def test_parquet_is_read_in_batches(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": [str(n) for n in range(20_000)]}), tmp_path / "p", row_group_size=7_000)
    assert [c.id for c in read_contacts(tmp_path / "p")] == [str(n) for n in range(20_000)]


def test_nested_columns_are_all_named(tmp_path: Path, faults: Faults) -> None:
    pq.write_table(pa.table({"id": ["1"], "tags": [["a"]], "home": [{"town": "Riga"}]}), tmp_path / "p")
    found = faults(read_contacts, tmp_path / "p")
    assert [d.code for d in found] == ["C208", "C208"]
    assert "`tags`" in found[0].message
    assert "`home`" in found[1].message


def test_broken_parquet(tmp_path: Path, faults: Faults) -> None:
    path = tmp_path / "p"
    pq.write_table(pa.table({"id": ["1", "2"], "name": ["Anna", "Anna"]}), path, compression="gzip")
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert [d.code for d in faults(read_contacts, path)] == ["C207"]
    path.write_bytes(whole[:30] + bytes(20) + whole[50:])  # the footer is whole, a page is not
    assert [d.code for d in faults(contacts, path)] == ["C207"]


@pytest.mark.parametrize(
    ("data", "code", "line", "column", "says"),
    [
        (b"", "C205", 1, 1, "is empty"),
        (b"\xef\xbb\xbf\n \n", "C205", 1, 1, "is empty"),
        (b"\0\1\2", "C204", 1, 1, "UTF-8"),
        (b"PK\x03\x04\0\0spreadsheet", "C204", 1, 1, "UTF-8"),
        ("id,name\n1,Jānis\n".encode("utf-16"), "C204", 1, 1, "UTF-8"),
        ("id,name\n1,Zoë\n2,J\u00e3nis\n".encode("latin-1"), "C204", 2, 5, "line 2"),
        ("id,name\n1,Jānis ".encode() + b"\xff\n", "C204", 2, 9, "line 2"),
        (b"x" * (1 << 20), "C204", 1, 1, "line 1 has 131,072 bytes or more"),
        (b"id,viber\na," + b"x" * 200_000, "C204", 2, 1, "line 2 has 131,072 bytes or more"),
        (b'id,name\n1,Anna\n2,"Liga" x\n', "C206", 3, 1, "line 3"),
        (b'id,name\n1,Anna\n2,"Liga\n3,Zane\n', "C206", 3, 1, "line 3"),
        (b'id,name\n1,"' + b"x\n" * 100_000 + b'"\n', "C206", 2, 1, "line 2"),
        (b"name,town\nAnna,Riga\n", "C209", 1, 1, "no column `id`"),
        (b"Id,name\n1,Anna\n", "C209", 1, 1, "no column `id`"),
        (b"id\tname\n1\tAnna\n", "C209", 1, 1, "no column `id`"),
        (b"id,a,b,a\n1,2,3,4\n", "C210", 1, 1, "`a`"),
        (
            b"id,a\n1,x\n2\n\n3,x,y\n",
            "C212",
            3,
            1,
            "2 rows have a wrong number of cells (line 3: 1 cell; line 5: 3 cells)",
        ),
        (b'id,a\n1,"x\n\ny"\n\n2\n', "C212", 6, 1, "line 6"),
        (b"id,a\n1,x\n ,y\n", "C213", 3, 1, "1 row has no id (line 3)"),
        (b"id,a\n1,x\n2,x\n1,y\n1,z\n2,x\n", "C214", 4, 1, "3 rows have the id of an earlier row (line 4: 1, first on"),
        (b"id,time_zone\n1,Europe/Rga\n2,\n", "C215", 2, 1, "1 row has an unknown time zone (line 2: 1, Europe/Rga)"),
    ],
)
def test_faults(write: Write, faults: Faults, data: bytes, code: str, line: int, column: int, says: str) -> None:
    path = write(data)
    (found,) = faults(contacts, path)
    assert found.code == code
    assert found.code in CODES
    assert found.span == Span(str(path), line, column, line, column + 1)
    assert says in found.message
    assert found.hint


@pytest.mark.parametrize(
    ("header", "hint"),
    [
        ("ID,name", "rename the column `ID` to `id`"),
        ("id\tname", "separate the columns by commas or semicolons, not by tabs"),
        ("name,town", "name the column that tells people apart `id`"),
    ],
)
def test_what_helps_where_there_is_no_id(write: Write, faults: Faults, header: str, hint: str) -> None:
    (found,) = faults(read_contacts, write(f"{header}\n1,Anna\n"))
    assert found.hint == hint


def test_all_faults_come_in_one_go_after_the_sound_rows(write: Write) -> None:
    rows = ["1,x,Europe/Riga", "2", ",x,", "1,x,", "3,x,Mars/Olympus", "4,x,", '5,"x']
    reader = read_contacts(write("\n".join(["id,a,time_zone", *rows])))
    read = []
    with pytest.raises(ContactsError) as raised:
        read.extend(contact.id for contact in reader)
    assert [d.code for d in raised.value.diagnostics] == ["C212", "C213", "C214", "C215", "C206"]
    assert read == ["1", "1", "3", "4"]


def test_header_faults_come_before_the_first_row(write: Write, faults: Faults) -> None:
    found = faults(read_contacts, write("a,a,b,b\n"))
    assert [d.code for d in found] == ["C210", "C210", "C209"]


def test_long_lists_of_cases_are_cut(write: Write, faults: Faults) -> None:
    (found,) = faults(contacts, write("id,a\n" + "1\n" * 30))
    assert "30 rows" in found.message
    assert found.message.count("1 cell") == 5
    assert found.message.endswith("; ...)")


def test_faults_of_parquet_rows_have_no_lines(tmp_path: Path, faults: Faults) -> None:
    pq.write_table(pa.table({"id": ["1", "2", "1", None]}), tmp_path / "p")
    found = faults(contacts, tmp_path / "p")
    assert [(d.code, d.span) for d in found] == [("C213", None), ("C214", None)]
    assert "row 4" in found[0].message
    assert "row 3: 1, first on row 1" in found[1].message


def test_missing_files_and_directories(tmp_path: Path, faults: Faults) -> None:
    (found,) = faults(read_contacts, tmp_path / "nowhere.csv")
    assert found.code == "C201"
    (found,) = faults(read_contacts, tmp_path)
    assert (found.code, found.message) == ("C202", f"{tmp_path} is a directory")


def test_no_permission_and_failing_disks(write: Write, faults: Faults, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("id\n1\n")

    def fail(error: OSError) -> Callable[..., object]:
        def _open(*_: object, **__: object) -> object:
            raise error

        return _open

    monkeypatch.setattr(Path, "open", fail(PermissionError(13, "Permission denied")))
    assert [d.code for d in faults(read_contacts, path)] == ["C203"]
    monkeypatch.setattr(Path, "open", fail(OSError(5, "Input/output error")))
    with pytest.raises(OutsideError, match="Input/output error"):
        read_contacts(path)


def test_a_pool_gives_up_columns_of_addresses() -> None:
    pool = Pool(2)
    tiers = [pool.shared((str(n), "".join(["go", "ld"])))[1] for n in range(10_001)]
    assert all(tier is tiers[0] for tier in tiers)
    first, again = ["".join(["0", "0"]) for _ in range(2)]
    assert pool.shared((first, "gold"))[0] is first
    assert pool.shared((again, "gold"))[0] is again


def test_ids_that_share_a_fingerprint_are_told_apart(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cascadesim.contacts.findings.hash", lambda _: 1, raising=False)
    monkeypatch.setattr("cascadesim.contacts.audit.hash", lambda _: 1, raising=False)
    assert len(contacts(write("id\n1\n2\n3\n"))) == 3
    with pytest.raises(InputError, match="line 5: 2, first on line 3"):
        contacts(write("id\n1\n2\n3\n2\n"))
