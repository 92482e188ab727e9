"""Reading a senders file: one table a channel, every fault of the file in one run, and no secret in it."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from cascadesim.errors import Diagnostic, InputError
from cascadesim.live.senders import codes
from cascadesim.live.senders.kind import Kind
from cascadesim.live.senders.kinds import KINDS, LISTEN, LISTENING
from cascadesim.live.senders.places import Places
from cascadesim.live.senders.secret import Secret
from cascadesim.live.senders.settings import Configured, Setting, has_password
from cascadesim.live.signatures import key_bytes
from cascadesim.live.tracking import Links
from cascadesim.model.model import Model

_AT = re.compile(r" ?\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_SOURCES = 'take it from the environment, { env = "NAME" }, or from a file, { file = "path" }'


class SendersFile(NamedTuple):
    """What a senders file says: how each channel is sent, and where what comes in is heard (None: nowhere)."""

    channels: dict[str, Configured]
    listen: Configured | None


def read_senders(path: Path | str, model: Model | None = None, used: Collection[str] = ()) -> dict[str, Configured]:
    """The channels' tables of a senders file (see `read_senders_file`)."""
    return read_senders_file(path, model, used).channels


def read_senders_file(path: Path | str, model: Model | None = None, used: Collection[str] = ()) -> SendersFile:
    """A senders file. InputError with all that is wrong, each with its place and remedy.

    With a model, each channel `used` must have a table. One for a channel that the model does not have is taken for a
    slip if a table is missing; else it is another campaign's, and passed over.
    """
    file = Path(path)
    text = _text(file)
    tables = _tables(file, text)
    reading = _Reading(file, Places(str(path), text))
    unserved = list(_unserved(path, tables, used))
    found = {
        name: reading.table(name, table)
        for name, table in tables.items()
        if reading.is_channel(name, table, model, is_slip=bool(unserved))
    }
    reading.faults += unserved
    read = {name: table for name, table in found.items() if table is not None}
    listen = read.pop(LISTEN, None)
    linked = {name: reading.linked(table, listen) for name, table in read.items()}
    if reading.faults:
        raise InputError(*reading.faults)
    return SendersFile(linked, listen)


class _Reading:
    """One file as it is read; its faults are collected."""

    def __init__(self, file: Path, places: Places) -> None:
        self._file = file
        self._places = places
        self.faults: list[Diagnostic] = []

    def is_channel(self, name: str, table: Any, model: Model | None, is_slip: bool) -> bool:
        known = None if model is None else [channel.name for channel in model.channels]
        if not isinstance(table, dict):
            what = f"`{name}` stands outside of any channel's table"
            self._fault(codes.NOT_A_CHANNEL, what, f"begin a table above it, [{(known or ['sms'])[0]}]", name)
            return False
        if known is not None and name not in known and name != LISTEN:
            if is_slip:
                self._fault(codes.NOT_A_CHANNEL, f"the plan has no channel {name}", _meant(name, known), name)
            return False
        return True

    def table(self, channel: str, table: Mapping[str, Any]) -> Configured | None:
        """The table read; None if something is wrong with it."""
        before = len(self.faults)
        kind = self._kind(channel, table)
        if kind is None:
            return None
        known = [setting.name for setting in kind.settings]
        for name in table:
            if name != "sender" and kind.setting(name) is None:
                whose = f"[{LISTEN}]" if kind is LISTENING else f"the sender {kind.name}"
                what = f"{whose} has no setting `{name}`"
                self._hidden_fault(codes.NO_SUCH_SETTING, what, _meant(name, known), channel, name)
        values = {setting.name: self._value(channel, setting, table) for setting in kind.settings}
        return Configured(channel, kind.name, values) if len(self.faults) == before else None

    def linked(self, table: Configured, listen: Configured | None) -> Configured:
        """The table with what makes its links, if it has any: their secret is that of [listen]."""
        base = table.settings.get("links")
        if base is None:
            return table
        secret = None if listen is None else listen.settings["secret"]
        if secret is None:
            what = f"`links` of [{table.channel}] needs `secret` in [{LISTEN}], with which links are signed"
            hint = f"`cascadesim senders {LISTEN}` says what goes into it"
            self._fault(codes.MISSING_SETTING, what, hint, table.channel, "links")
            return table
        links = Links(base, key_bytes(secret.reveal()))
        return replace(table, settings={**table.settings, "links": links})

    def _kind(self, channel: str, table: Mapping[str, Any]) -> Kind | None:
        if channel == LISTEN:
            return LISTENING
        name = table.get("sender")
        if isinstance(name, str) and name in KINDS:
            return KINDS[name]
        if name is None:
            what, key = f"[{channel}] does not say by which sender", None
        else:
            what, key = f"there is no sender {name!r}", "sender"
        self._fault(
            codes.NO_SUCH_SENDER, what, _meant(str(name or ""), list(KINDS), 'as in sender = "smtp"'), channel, key
        )
        return None

    def _value(self, channel: str, setting: Setting, table: Mapping[str, Any]) -> Any:
        if setting.name not in table:
            lacks_other = setting.unless is not None and setting.unless not in table
            if setting.is_required or setting.beside in table or lacks_other:
                what = f"[{channel}] has no `{setting.name}`: {setting.what}"
                self._fault(codes.MISSING_SETTING, what, f"as in {setting.name} = {setting.example}", channel)
            return setting.default
        raw = table[setting.name]
        if isinstance(raw, dict):
            fetched = self._fetched(channel, setting, raw)
            if fetched is None:
                return None
            raw = fetched if setting.is_secret else fetched.reveal()
        elif setting.is_secret or has_password(raw):
            what = f"`{setting.name}` of [{channel}] is written out"
            self._hidden_fault(codes.LITERAL_SECRET, what, f"{_SOURCES}; and change it", channel, setting.name)
            return None
        try:
            return setting.read(raw)
        except ValueError as error:
            what = f"`{setting.name}` of [{channel}] must be {error}"
            self._fault(codes.BAD_SETTING, what, f"as in {setting.name} = {setting.example}", channel, setting.name)
            return None

    def _fetched(self, channel: str, setting: Setting, raw: Mapping[str, Any]) -> Secret | None:
        """What is elsewhere, fetched; None, with the fault noted, if it is not there."""
        match raw:
            case {"env": str(name)} if len(raw) == 1:
                value, source = os.environ.get(name, ""), f"environment variable {name}"
                missing = f"the environment variable {name} is not set, or is empty"
            case {"file": str(name)} if len(raw) == 1:
                source = f"file {name}"
                value, missing = _contents(self._file.parent / name)
            case _:
                what = f"`{setting.name}` of [{channel}] is neither a value nor a place to find it"
                self._fault(codes.BAD_SETTING, what, _SOURCES, channel, setting.name)
                return None
        if not value:
            what = f"`{setting.name}` of [{channel}] is not there: {missing}"
            self._fault(codes.NO_SECRET, what, "set it before you send", channel, setting.name)
            return None
        return Secret(source, value)

    def _fault(self, code: str, what: str, hint: str, table: str, key: str | None = None) -> None:
        span = self._places.of(table, key)
        if span is None:
            self._hidden_fault(code, what, hint, table, key)
        else:
            self.faults.append(Diagnostic(code, "error", span, what, hint))

    def _hidden_fault(self, code: str, what: str, hint: str, table: str, key: str | None) -> None:
        """A fault with its place in words: a span's line would be shown, and there may be a secret in it."""
        self.faults.append(Diagnostic(code, "error", None, f"{self._places.line(table, key)}: {what}", hint))


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except OSError as error:
        hint = "`cascadesim senders` says what goes into it"
        raise InputError.of(codes.NO_FILE, f"cannot read {file}: {error.strerror or error}", hint) from error
    except UnicodeDecodeError as error:
        what = f"{file} is not a text file (byte {error.start} is not UTF-8)"
        raise InputError.of(codes.NO_FILE, what, "save it as UTF-8") from error


def _tables(file: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        # The library's words are shown without the line, which may hold a secret that lacks a quotation mark.
        said, at = str(error), _AT.search(str(error))
        place = (
            f"{file}:{at['line']}:{at['column']}" if at is not None and at["line"] is not None else f"the end of {file}"
        )
        said = said if at is None else said[: at.start()]
        hint = 'a table is [sms], a setting is from = "SHOP"'
        raise InputError.of(codes.NOT_TOML, f"{place} is not TOML: {said}", hint) from error


def _contents(file: Path) -> tuple[str, str]:
    """A file's text without the line break at its end, and why there is none."""
    try:
        return file.read_text("utf-8").rstrip("\r\n"), f"{file} is empty"
    except (OSError, ValueError) as error:
        return "", f"cannot read {file} ({getattr(error, 'strerror', None) or 'not text'})"


def _unserved(path: Path | str, tables: Mapping[str, Any], used: Collection[str]) -> Iterator[Diagnostic]:
    for name in sorted(set(used) - tables.keys()):
        hint = (
            f'add a table [{name}] with a sender; `cascadesim senders` lists them, and sender = "console" only prints'
        )
        yield Diagnostic(codes.NO_SENDER, "error", None, f"{path} has no table for the channel {name}", hint)


def _meant(name: str, known: list[str], otherwise: str = "") -> str:
    near = get_close_matches(name, known, n=1)
    if near:
        return f"did you mean {near[0]}?"
    return ", ".join(filter(None, (f"there are: {', '.join(known)}", otherwise)))
