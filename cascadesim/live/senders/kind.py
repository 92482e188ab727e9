"""What a kind of sender is: what it does, what its table takes, how it is made, how its receipts are signed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from cascadesim.live.senders.driver import Driver
from cascadesim.live.senders.settings import Configured, Setting, choice, country, seconds, text, url, whole

Addresses = Literal["phone", "mail", "any"]


class Signed(NamedTuple):
    """How a sender's receipts come in: their format's name, and the setting with the secret that signs them.

    `is_vendors`: the secret is the vendor's, who has made it, and is taken as it is.
    """

    format: str
    secret: str
    is_vendors: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A sender. `addresses`: what it writes to (None: the setting `addresses` says it).

    `make` is None where there is nothing to connect to, `receipts` where none come by themselves.
    """

    name: str
    does: str
    about: str
    addresses: Addresses | None
    honours_keys: bool
    settings: tuple[Setting, ...]
    make: Callable[[Configured], Driver] | None = None
    receipts: Signed | None = None

    def setting(self, name: str) -> Setting | None:
        """The setting of that name."""
        return next((setting for setting in self.settings if setting.name == name), None)


def common(in_doubt: str, at_once: int | None) -> tuple[Setting, ...]:
    """What every sender takes: `in_doubt` and `at_once` are its defaults (None: one message at a time)."""
    doubt = (
        "when an answer does not come, the provider may have the message: `resend` sends it again with the same "
        "key, `unknown` leaves it at that until a receipt says more"
    )
    many = (
        ()
        if at_once is None
        else (Setting("at_once", "how many messages are on their way at once", whole(1, 100), str(at_once), at_once),)
    )
    return (
        Setting("timeout", "how long an answer may take", seconds, '"30 s"', 30.0),
        *many,
        Setting("in_doubt", doubt, choice("resend", "unknown"), f'"{in_doubt}"', in_doubt),
        LINKS,
    )


LINKS = Setting(
    "links",
    "makes the texts' links lead over /go at this address, so that clicks are known: it is of [listen], whose `secret` "
    "signs them; they are longer, and what an SMS costs is reckoned without that (they stay as they are)",
    url,
    '"https://shop.example"',
    None,
)
"""For every sender that sends."""

TEMPLATES = "whatsapp"
"""The vendors' channel on which a message with a template goes as that."""

COLUMN = Setting("column", "the contacts' column of addresses (the channel's own)", text, '"phone"', None)
"""For every sender."""
COUNTRY = Setting("country", "whose the numbers without a country code are (nobody's)", country, '"LV"', None)
"""For senders that write to phones."""
