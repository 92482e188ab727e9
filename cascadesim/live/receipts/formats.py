"""How a provider's receipts come: a format each, by its name.

To add a vendor's: a file with a class that is a `Format`, and a line in `FORMATS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

from cascadesim.live.receipts.eightxeight import EightXEight
from cascadesim.live.receipts.incoming import Incoming
from cascadesim.live.receipts.infobip import Infobip
from cascadesim.live.receipts.kannel import Kannel
from cascadesim.live.receipts.signed_json import SignedJson
from cascadesim.live.receipts.twilio import Twilio
from cascadesim.live.receipts.vonage import Vonage
from cascadesim.live.receipts.words import Said


class Format(Protocol):
    """Reads the receipts of one kind of provider."""

    @property
    def method(self) -> Literal["GET", "POST"]:
        """How the provider calls."""

    def check(self, incoming: Incoming, keys: Sequence[bytes]) -> None:
        """TurnedAwayError unless whoever calls holds one of the keys."""

    def read(self, incoming: Incoming) -> Sequence[Said]:
        """What it says, in its order; TurnedAwayError where it has another shape. It has been checked.

        Nothing, where the provider only thinks aloud: that is answered like any other, and not recorded.
        """


FORMATS: Mapping[str, Format] = {
    "signed-json": SignedJson(),
    "kannel": Kannel(),
    "8x8": EightXEight(),
    "infobip": Infobip(),
    "twilio": Twilio(),
    "vonage": Vonage(),
}
"""By name."""


class Endpoint(NamedTuple):
    """Where the receipts of a channel come in: the channel, their format, the keys that are valid.

    `url` is the address that the provider was told (None: what its request says): a proxy may show us another.
    """

    channel: str
    format: Format
    keys: tuple[bytes, ...]
    url: str | None = None
