"""Reading the files that a script consists of: the script, what it uses, texts, curves and contacts' hashes."""

from __future__ import annotations

import functools
import hashlib
import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from cascadesim.errors import Diagnostic, ScriptError, Span
from cascadesim.language.names import nearest
from cascadesim.language.statements import Faults

LARGEST = 2_000_000
"""Bytes: a script is written by hand, and nobody writes that much."""


@dataclass(frozen=True, slots=True)
class Source:
    """A script's text: without byte-order mark, every line ended by a newline. `name` is what diagnostics say."""

    name: str
    text: str
    sha256: str

    def span(self, start: int, end: int) -> Span:
        """The place of the characters from `start` up to `end`."""
        line, column = self._position(start)
        end_line, end_column = self._position(end)
        return Span(self.name, line, column, end_line, end_column)

    def _position(self, at: int) -> tuple[int, int]:
        return self.text.count("\n", 0, at) + 1, at - self.text.rfind("\n", 0, at)

    def line(self, number: int) -> str:
        """The text of a line, counted from 1; empty past the end."""
        lines = _lines(self.text)
        return lines[number - 1] if number <= len(lines) else ""

    def with_line(self, number: int, text: str) -> Source:
        """The same with another text in a line."""
        lines = _lines(self.text)
        return replace(self, text="\n".join([*lines[: number - 1], text, *lines[number:]]))


@functools.lru_cache(maxsize=4)
def _lines(text: str) -> list[str]:
    """Kept, because whoever asks for one line of a text asks for others."""
    return text.split("\n")


def load(path: Path, name: str | None = None) -> Source:
    """The script at the path; ScriptError if it is missing, a directory, not text, empty or too large."""
    shown = str(path) if name is None else name
    try:
        if path.is_dir():
            raise ScriptError.of("C001", f"{shown} is a directory, not a script", "name the file: campaign.cascade")
        if path.stat().st_size > LARGEST:
            raise _too_large(shown)
        data = path.read_bytes()
    except FileNotFoundError:
        raise ScriptError.of("C001", f"there is no file {shown}", _near(path)) from None
    except OSError as error:
        raise ScriptError.of("C001", f"{shown} cannot be read: {error.strerror or error}") from None
    return from_text(_decoded(data, shown), shown, hashlib.sha256(data).hexdigest())


def from_text(text: str, name: str, sha256: str | None = None) -> Source:
    """The source with this text; ScriptError if it is empty or holds what is not text."""
    try:
        digest = sha256 or hashlib.sha256(text.encode()).hexdigest()
    except UnicodeEncodeError:
        raise ScriptError.of("C002", f"{name} holds half a character, which no file can", "type it anew") from None
    if len(text) > LARGEST:
        raise _too_large(name)
    if "\0" in text:
        raise ScriptError.of("C002", f"{name} is not text: it holds a null character", "delete it")
    plain = re.sub("\r\n?", "\n", text.removeprefix("\ufeff")).rstrip() + "\n"
    if not plain.strip():
        raise ScriptError.of("C003", f"{name} is empty", "a script begins with `cascade 1`")
    return Source(name, plain, digest)


def _too_large(name: str) -> ScriptError:
    message = f"{name} is larger than {LARGEST:,} bytes, which no script is"
    hint = 'people belong in a file of contacts: people from "contacts.csv"; many definitions in files that are used'
    return ScriptError(Diagnostic("C004", "error", None, message, hint))


def _decoded(data: bytes, shown: str) -> str:
    if b"\0" in data:
        hint = "save it as UTF-8" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "a script is a plain text file"
        raise ScriptError.of("C002", f"{shown} is not a text file in UTF-8", hint)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ScriptError.of("C002", f"{shown} is not UTF-8 (line {line})", "save it as UTF-8") from None


def _near(path: Path) -> str | None:
    """A file beside it whose name is much the same; what follows the last point makes no two names alike."""
    try:
        found = {p.stem: p.name for p in sorted(path.parent.iterdir(), key=lambda p: (p.suffix == path.suffix, p.name))}
    except OSError:
        return None
    close = nearest(path.stem, found, 0.7)
    return f"did you mean {path.with_name(found[close])}?" if close is not None else None


@dataclass(slots=True)
class Files:
    """The files that a script names, found beside it.

    `folder` is the script's own, `root` that of the script which is run: names in the model count from there.
    `used` collects the hashes of all that the script's meaning depends on, by name from `root`.
    """

    folder: Path
    root: Path
    faults: Faults
    used: dict[str, str] = field(default_factory=dict)

    def beside(self, folder: Path) -> Files:
        """The files of a script in another folder of the same campaign."""
        return Files(folder, self.root, self.faults, self.used)

    def name(self, file: str) -> str:
        """The file's name as the model gives it: from the folder of the script which is run."""
        if self.folder == self.root or PurePath(file).is_absolute():
            return file
        return Path(os.path.relpath(self.folder / file, self.root)).as_posix()

    def text(self, file: str, span: Span) -> str | None:
        """A file's text, which becomes a part of the script; None after noting a fault."""
        data = self._bytes(file, span)
        if data is None:
            return None
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.faults.error("C002", span, f"{file} is not a text file in UTF-8", "save it as UTF-8")
            return None
        self.used[self.name(file)] = hashlib.sha256(data).hexdigest()
        return text.replace("\r\n", "\n")

    def sha256(self, file: str, span: Span) -> str | None:
        """A file's hash, read in pieces; None after noting a fault."""
        path = self.folder / file
        try:
            with path.open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            self._missing(path, file, span, error)
            return None

    def _bytes(self, file: str, span: Span) -> bytes | None:
        path = self.folder / file
        try:
            return path.read_bytes()
        except OSError as error:
            self._missing(path, file, span, error)
            return None

    def _missing(self, path: Path, file: str, span: Span, error: OSError) -> None:
        if isinstance(error, FileNotFoundError):
            elsewhere = None if str(path) == file else f"it is looked for at {path}"
            self.faults.error("C001", span, f"there is no file {file}", _near(path) or elsewhere)
        elif isinstance(error, IsADirectoryError):
            self.faults.error("C001", span, f"{file} is a directory, not a file")
        else:
            self.faults.error("C001", span, f"{file} cannot be read: {error.strerror or error}")
