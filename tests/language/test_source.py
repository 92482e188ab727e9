"""From bytes to text: what a script may be made of, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from cascadesim.errors import ScriptError
from cascadesim.language import check, examine, read, read_text
from cascadesim.language.source import LARGEST, Source, from_text

SMALL = "cascade 1\n\nchannel push\n    opens 3%\n\nsegment all\n    people 10\n\nchain a\n    send push\n"


def only(path: Path) -> str:
    (diagnostic,) = check(path)
    assert diagnostic.severity == "error"
    return f"{diagnostic.code} {diagnostic.message}"


def test_missing_file_suggests_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "campaign.cascade").write_text(SMALL)
    (diagnostic,) = check(tmp_path / "campain.cascade")
    assert diagnostic.code == "C001"
    assert diagnostic.hint == f"did you mean {tmp_path / 'campaign.cascade'}?"


def test_the_ending_makes_no_two_files_alike(tmp_path: Path) -> None:
    (tmp_path / "hrs.cascade").write_text(SMALL)
    (diagnostic,) = check(tmp_path / "nowhere.cascade")
    assert diagnostic.hint is None


def test_of_two_neighbours_the_one_with_the_same_ending(tmp_path: Path) -> None:
    for name in ("campaign.cascade", "campaign.csv", "campaign.txt"):
        (tmp_path / name).write_text(SMALL)
    (diagnostic,) = check(tmp_path / "campain.cascade")
    assert diagnostic.hint == f"did you mean {tmp_path / 'campaign.cascade'}?"


def test_directory(tmp_path: Path) -> None:
    assert only(tmp_path) == f"C001 {tmp_path} is a directory, not a script"


def test_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.cascade"
    path.write_text(SMALL)

    def refuse(self: Path) -> bytes:  # root may read everything, so the permissions alone prove nothing
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert only(path).startswith(f"C001 {path} cannot be read")


def test_too_large(tmp_path: Path) -> None:
    path = tmp_path / "large.cascade"
    path.write_bytes(b"#" * (LARGEST + 1))
    assert only(path).startswith(f"C004 {path} is larger than 2,000,000 bytes")


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\ufeff\n"])
def test_empty(text: str) -> None:
    with pytest.raises(ScriptError, match="is empty"):
        from_text(text, "empty.cascade")


def test_only_a_comment_lacks_the_version() -> None:
    with pytest.raises(ScriptError, match="a script begins with `cascade 1`"):
        read_text("# nothing yet\n")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_mark_make_no_difference(tmp_path: Path, end: str, mark: str) -> None:
    path = tmp_path / "a.cascade"
    path.write_bytes((mark + SMALL.replace("\n", end)).encode())
    assert read(path).model == read_text(SMALL).model
    path.write_bytes((mark + SMALL.replace("opens", "opns").replace("\n", end)).encode())
    (diagnostic,) = check(path)
    assert diagnostic.span is not None
    assert (diagnostic.span.line, diagnostic.span.column, diagnostic.span.end_column) == (4, 5, 9)


@pytest.mark.parametrize("tail", ["", "\n", "    ", "\n    \n", "\n        # done", "   # done"])
def test_the_end_of_the_file_does_not_matter(tail: str) -> None:
    assert read_text(SMALL.rstrip("\n") + tail).model == read_text(SMALL).model


def test_spans_count_from_one() -> None:
    source = Source("a", "one\ntwo three\n", "")
    span = source.span(8, 13)
    assert (span.line, span.column, span.end_line, span.end_column) == (2, 5, 2, 10)


def test_the_hash_is_of_all_that_matters(tmp_path: Path) -> None:
    """Scripts used, texts and curves count; contacts have a hash of their own in the model."""
    used, text, curve = tmp_path / "used.cascade", tmp_path / "text.txt", tmp_path / "curve.csv"
    contacts, script = tmp_path / "contacts.csv", tmp_path / "script.cascade"
    used.write_text('cascade 1\n\nmessage hi\n    text from "text.txt"\n')
    text.write_text("Hello")
    curve.write_text("share,within\n100%,2 h\n")
    contacts.write_text("id,push\n1,token\n")
    script.write_text(
        'cascade 1\n\nuse hi from "used.cascade"\n\nchannel push\n    opens 3%, curve from "curve.csv"\n\n'
        'segment all\n    people from "contacts.csv"\n'
    )
    first = read(script)
    assert first.source_sha256 == read(script).source_sha256
    contacts.write_text("id,push\n1,other\n")
    again = read(script)
    assert again.source_sha256 == first.source_sha256
    assert again.model.segments != first.model.segments
    for path, changed in ((text, "Hello!"), (curve, "share,within\n100%,3 h\n"), (used, used.read_text() + "\n# x\n")):
        before = read(script).source_sha256
        path.write_text(changed)
        assert read(script).source_sha256 != before


def test_the_hash_does_not_depend_on_the_folder(tmp_path: Path) -> None:
    hashes = set()
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "used.cascade").write_text(SMALL)
        (folder / "script.cascade").write_text('cascade 1\n\nuse push from "used.cascade"\n')
        hashes.add(read(folder / "script.cascade").source_sha256)
    assert len(hashes) == 1


def test_a_script_knows_its_files(tmp_path: Path) -> None:
    path = tmp_path / "a.cascade"
    path.write_text(SMALL)
    script = read(path)
    assert (script.path, script.base, script.diagnostics) == (path, tmp_path, ())
    assert dict(script.sources) == {str(path): SMALL}


def test_errors_are_raised_all_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.cascade"
    path.write_text(SMALL.replace("3%", "300%").replace("send push", "send psh"))
    with pytest.raises(ScriptError) as caught:
        read(path)
    assert caught.value.diagnostics == check(path) == examine(path).diagnostics
    assert [d.code for d in caught.value.diagnostics] == ["C040", "C030"]
