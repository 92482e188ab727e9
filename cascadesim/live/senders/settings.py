"""What a sender's table in a senders file may hold, and how a value is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import phonenumbers

from cascadesim.live.senders.secret import Secret
from cascadesim.live.signatures import key_bytes
from cascadesim.senders.addresses import mail
from cascadesim.units import MINUTE, SECOND, Duration

REQUIRED: Final = object()
"""The default of a setting without which a sender cannot do."""

Reader = Callable[[Any], Any]
"""Reads a value; ValueError says what it should be, in words that follow "it must be"."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A line of a sender's table. `example` is as it stands in the file; a secret is never there itself."""

    name: str
    what: str
    read: Reader
    example: str
    default: Any = REQUIRED
    is_secret: bool = False
    beside: str | None = None
    """Another setting, which is of no use without this one."""
    unless: str | None = None
    """Another setting, without which there is no doing without this one."""

    @property
    def is_required(self) -> bool:
        """Whether there is no doing without."""
        return self.default is REQUIRED

    @property
    def is_needed(self) -> bool:
        """Whether a table that names nothing else must have it."""
        return self.is_required or self.unless is not None


def text(value: Any) -> str:
    """One line of text."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError("a text of one line")
    return value.strip()


def url(value: Any) -> str:
    """A URL of the web. A password in it is a secret that stands in the file."""
    try:
        parts = urlsplit(text(value))
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise ValueError("a URL that begins with http:// or https://")
    return str(value).strip()


def has_password(value: Any) -> bool:
    """Whether a URL carries a password."""
    try:
        return isinstance(value, str) and urlsplit(value).password is not None
    except ValueError:
        return False


def whole(least: int, most: int) -> Reader:
    """A whole number between these."""

    def read(value: Any) -> int:
        number = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
        if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return number

    return read


def seconds(value: Any) -> float:
    """A duration as scripts have it, in seconds."""
    wrong = ValueError('a duration from 1 s to 1 min, as in "30 s"')
    try:
        found = Duration.parse(value) if isinstance(value, str) else None
    except ValueError:
        raise wrong from None
    if found is None or not SECOND <= found <= MINUTE:
        raise wrong
    return found / SECOND


def choice(*words: str) -> Reader:
    """One of these words."""

    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(" or ".join(f'"{word}"' for word in words))
        return str(value)

    return read


def country(value: Any) -> str:
    """A country by its two letters."""
    if value not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError('a country by its two capital letters, as in "LV"')
    return str(value)


def mailbox(value: Any) -> str:
    """A mail address, alone or behind a name: `Shop <news@shop.example>`."""
    wrong = ValueError('a mail address, as in "Shop <news@shop.example>"')
    try:
        name, address = split_mailbox(text(value))
    except ValueError:
        raise wrong from None
    if mail(address) is None or any(sign in name for sign in '<>"\\'):
        raise wrong
    return str(value).strip()


def split_mailbox(value: str) -> tuple[str, str]:
    """The name and the address of a mailbox."""
    if value.endswith(">"):
        name, _, address = value[:-1].rpartition("<")
        return name.strip().strip('"'), address.strip()
    return "", value


def secret(value: Any) -> Secret:
    """A secret, which has been fetched by now."""
    if not isinstance(value, Secret):
        raise ValueError('{ env = "NAME" } or { file = "path" }')
    return value


def signing_secret(value: Any) -> Secret:
    """A secret that signs: long enough that it cannot be guessed."""
    found = secret(value)
    key_bytes(found.reveal())
    return found


@dataclass(frozen=True, slots=True)
class Configured:
    """A channel's table, read: which sender, and all of its settings, defaults included."""

    channel: str
    sender: str
    settings: Mapping[str, Any]
