"""The real server over stdio, as an editor uses it: a script is opened, broken, mended, laid out and read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.editor.client import Editor, editing

CHANNELS = """cascade 1

channel вайбер "Viber"
    reaches   58%
    opens     61%, half within 4 min, 90% within 2 h
    costs     0.020 EUR per message delivered
"""
SCRIPT = """cascade 1

use "channels.cascade"

channel sms
    reaches   97%
    delivers  95%
    opens     34%, half within 12 min, 90% within 6 h
    reports   delivered
    costs     0.045 EUR per part sent

segment everyone
    people    10k

message hello
    text      "😀😀 Hi" # 😀

chain first
    stop when opened
    send вайбер saying "😀", wait 2 h
    send sms saying hello
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scripts")
    (folder / "channels.cascade").write_text(CHANNELS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def editor(folder: Path) -> Iterator[Editor]:
    with editing(folder) as running:
        yield running


class Document:
    """An open script: its text at the server follows the one here."""

    def __init__(self, editor: Editor, uri: str, text: str) -> None:
        self.editor, self.uri, self.text, self.version = editor, uri, text, 1
        item = {"uri": uri, "languageId": "cascade", "version": 1, "text": text}
        editor.tell("textDocument/didOpen", textDocument=item)

    def change(self, text: str) -> None:
        self.version += 1
        self.text = text
        document = {"uri": self.uri, "version": self.version}
        self.editor.tell("textDocument/didChange", textDocument=document, contentChanges=[{"text": text}])

    def apply(self, edits: list[dict[str, Any]]) -> None:
        """As an editor does it, in UTF-16."""
        lines = [line.encode("utf-16-le") for line in self.text.split("\n")]
        (edit,) = edits
        start, end = edit["range"]["start"], edit["range"]["end"]
        before = [*lines[: start["line"]], lines[start["line"]][: 2 * start["character"]]]
        after = [lines[end["line"]][2 * end["character"] :], *lines[end["line"] + 1 :]]
        joined = "\n".join(line.decode("utf-16-le") for line in before) + edit["newText"]
        self.change(joined + "\n".join(line.decode("utf-16-le") for line in after))

    def diagnostics(self) -> list[dict[str, Any]]:
        return self.editor.diagnostics(self.uri, self.version)

    def ask(self, what: str, **params: Any) -> Any:
        return self.editor.ask(f"textDocument/{what}", textDocument={"uri": self.uri}, **params)

    def place(self, before: str) -> dict[str, int]:
        """The place behind the first time these words stand in the text, in UTF-16."""
        head = self.text[: self.text.index(before) + len(before)]
        line = head.split("\n")[-1]
        return {"line": head.count("\n"), "character": len(line.encode("utf-16-le")) // 2}

    def range(self, words: str) -> dict[str, Any]:
        end = self.place(words)
        start = {"line": end["line"], "character": end["character"] - len(words.encode("utf-16-le")) // 2}
        return {"start": start, "end": end}

    def whole(self) -> dict[str, Any]:
        return {"start": {"line": 0, "character": 0}, "end": {"line": self.text.count("\n"), "character": 0}}


@pytest.fixture
def document(editor: Editor, folder: Path, request: pytest.FixtureRequest) -> Document:
    return Document(editor, (folder / f"{request.node.name}.cascade").as_uri(), SCRIPT)


def test_a_line_is_broken_and_mended(document: Document) -> None:
    assert document.diagnostics() == []
    document.change(SCRIPT.replace("stop when opened", "stop wen opened"))
    (found,) = document.diagnostics()
    assert found["range"] == document.range("wen")
    assert found["severity"] == 1
    assert "when" in found["message"]
    (action,) = document.ask("codeAction", range=found["range"], context={"diagnostics": [found]})
    assert action["title"] == "Write `when`"
    document.apply(action["edit"]["changes"][document.uri])
    assert document.text == SCRIPT
    assert document.diagnostics() == []


def test_places_are_counted_in_utf_16(document: Document) -> None:
    """An emoji takes two units, a Cyrillic letter one."""
    right = SCRIPT.replace("wait 2 h", "wait 2 h or until вайбер opened")
    document.change(right.replace("until вайбер", "until вайбе"))
    (found,) = document.diagnostics()
    assert found["range"] == document.range("вайбе opened") | {"end": document.place("until вайбе")}
    (action,) = document.ask("codeAction", range=found["range"], context={"diagnostics": [found]})
    document.apply(action["edit"]["changes"][document.uri])
    assert document.text == right


def test_a_channel_is_completed(document: Document) -> None:
    """Names of the right kind, from the script that is used too; what is written of one is replaced."""
    document.change(SCRIPT.replace('вайбер saying "😀"', 'sms and вай saying "😀"'))
    items = document.ask("completion", position=document.place("sms and ва"))
    assert [item["label"] for item in items] == ["вайбер", "sms"]
    assert items[0]["textEdit"] == {"range": document.range("вай"), "newText": "вайбер"}
    assert items[0]["detail"] == "channel"


def test_words_are_completed_after_an_emoji(document: Document) -> None:
    document.change(SCRIPT.replace('"😀", wait 2 h', '"😀", wai'))
    (item,) = document.ask("completion", position=document.place('"😀", wai'))
    assert item["textEdit"] == {"range": document.range("wai"), "newText": "wait"}


def test_a_word_is_explained(document: Document) -> None:
    said = document.ask("hover", position=document.place('"😀", wa'))
    assert said["range"] == document.range("wait")
    assert "How long the chain waits" in said["contents"]["value"]
    said = document.ask("hover", position=document.place("send вай"))
    assert "reaches   58%" in said["contents"]["value"]
    assert document.ask("hover", position=document.place("  # 😀"[2:])) is None


def test_a_name_is_found_in_the_script_that_defines_it(document: Document, folder: Path) -> None:
    there = document.ask("definition", position=document.place("send вай"))
    assert there["uri"] == (folder / "channels.cascade").as_uri()
    assert there["range"] == {"start": {"line": 2, "character": 8}, "end": {"line": 2, "character": 14}}
    here = document.ask("definition", position=document.place("saying hel"))
    assert here == {"uri": document.uri, "range": document.range("hello")}


def test_a_script_is_laid_out(document: Document) -> None:
    document.change(SCRIPT.replace("people    10k", "people 10k   # 😀").replace("stop when", "stop   when"))
    document.apply(document.ask("formatting", options={"tabSize": 4, "insertSpaces": True}))
    assert re.search("\n    people    10k +# 😀\n", document.text)
    assert "    stop when opened\n" in document.text
    assert document.ask("formatting", options={"tabSize": 4, "insertSpaces": True}) == []
    broken = document.text.replace("stop when", "stop wen")
    document.change(broken)
    assert document.ask("formatting", options={"tabSize": 4, "insertSpaces": True}) == []


def test_hints_are_read(document: Document) -> None:
    found = document.ask("inlayHint", range=document.whole())
    shown = {hint["position"]["line"]: hint["label"] for hint in found}
    lines = document.text.split("\n")
    assert shown[lines.index("    opens     34%, half within 12 min, 90% within 6 h")].startswith(
        "log-normal, median 12"
    )
    assert found[-1]["position"] == document.place("send sms saying hello")
    assert "covered" in found[-1]["label"]
    assert "EUR per person" in found[-1]["label"]


def test_faults_of_another_script_are_shown_where_it_is_used(document: Document, folder: Path) -> None:
    (folder / "broken.cascade").write_text("cascade 1\n\nchannel b\n    opens 0.3\n", encoding="utf-8")
    document.change(SCRIPT.replace('use "channels.cascade"', 'use "channels.cascade"\nuse "broken.cascade"'))
    (found,) = document.diagnostics()
    assert found["range"]["start"] == {"line": 3, "character": 0}
    assert "line 4" in found["message"]


def test_what_was_said_of_a_closed_script_is_taken_back(editor: Editor, folder: Path) -> None:
    document = Document(editor, (folder / "closed.cascade").as_uri(), "cascade 1\n\nchannel b\n    opens 0.3\n")
    assert len(document.diagnostics()) == 1
    editor.tell("textDocument/didClose", textDocument={"uri": document.uri})
    assert editor.diagnostics(document.uri, version=None) == []


def test_a_script_that_is_no_file_yet(editor: Editor) -> None:
    document = Document(editor, "untitled:Untitled-1", SCRIPT.replace('use "channels.cascade"\n', ""))
    assert "вайбер" in document.diagnostics()[0]["message"]
    assert document.ask("hover", position=document.place("send sms")) is not None
