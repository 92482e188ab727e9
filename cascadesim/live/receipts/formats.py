"""How a provider's receipts come: a format each, by its name.

To add a vendor's: a file with a class that is a `Format`, and a line in `FORMATS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

from cascadesim.live.receipts.incoming import Incoming
from cascadesim.live.receipts.kannel import Kannel
from cascadesim.live.receipts.signed_json import SignedJson
from cascadesim.live.receipts.words import Said


class Format(Protocol):
    """Reads the receipts of one kind of provider."""

    @property
    def method(self) -> Literal["GET", "POST"]:
        """How the provider calls."""

    def check(self, incoming: Incoming, keys: Sequence[bytes]) -> None:
        """TurnedAwayError unless whoever calls holds one of the keys."""

    def read(self, incoming: Incoming) -> Said:
        """What it says; TurnedAwayError where it has another shape. It has been checked."""


FORMATS: Mapping[str, Format] = {"signed-json": SignedJson(), "kannel": Kannel()}
"""By name."""


class Endpoint(NamedTuple):
    """Where the receipts of a channel come in: the channel, their format, the keys that are valid."""

    channel: str
    format: Format
    keys: tuple[bytes, ...]
