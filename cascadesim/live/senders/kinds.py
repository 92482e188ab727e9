"""The senders that a channel's table can name, and `[listen]`.

What validates a table also explains it (`cascadesim senders NAME`), so the two cannot differ. A sender's packages
are imported when one is made: who uses the others need not have them.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from cascadesim.errors import InputError, OutsideError
from cascadesim.live.senders import codes
from cascadesim.live.senders.driver import Driver
from cascadesim.live.senders.kind import Kind
from cascadesim.live.senders.kinds_chats import APPRISE, TELEGRAM
from cascadesim.live.senders.kinds_open import CONSOLE, KANNEL, SMTP, WEBHOOK
from cascadesim.live.senders.kinds_vendors import EIGHTXEIGHT, INFOBIP, TWILIO, VONAGE
from cascadesim.live.senders.settings import Configured, Setting, signing_secret, text, whole

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (CONSOLE, SMTP, KANNEL, WEBHOOK, EIGHTXEIGHT, INFOBIP, TWILIO, VONAGE, TELEGRAM, APPRISE)
}
"""Every sender of single channels, by the name that a table takes."""


LISTEN = "listen"
"""The one table of a senders file that is no channel's."""

LISTENING = Kind(
    LISTEN,
    "where receipts, outside events, entries and stops come in",
    "`cascadesim send` answers at /receipts/CHANNEL for every channel whose table says how receipts are signed, and "
    "with `secret` at /enter, /stop and /event, which your own systems call, signed as Standard Webhooks has it. "
    "Links of channels with `links` lead over /go. TLS is the work of a proxy before it.",
    "any",
    True,
    (
        Setting("host", "the address to listen at (this machine only)", text, '"127.0.0.1"', "127.0.0.1"),
        Setting("port", "its port", whole(1, 65535), "8080", 8080),
        Setting(
            "secret",
            "what /enter, /stop, /event and links are signed with (they are closed)",
            signing_secret,
            '{ env = "CASCADE_SECRET" }',
            None,
            is_secret=True,
        ),
    ),
)
"""Its settings."""


def kind_named(name: str) -> Kind:
    """The sender of that name; InputError that names those there are."""
    if name in KINDS:
        return KINDS[name]
    if name == LISTEN:
        return LISTENING
    near = get_close_matches(name, KINDS, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(KINDS)}"
    raise InputError.of(codes.NO_SUCH_SENDER, f"there is no sender {name!r}", hint)


def driver_of(table: Configured) -> Driver | None:
    """The driver of a channel's table; None for one that connects to nothing. OutsideError if a package is missing."""
    make = KINDS[table.sender].make
    try:
        return None if make is None else make(table)
    except ModuleNotFoundError as error:
        extra = "apprise" if error.name == "apprise" else "live"
        hint = f"pip install 'cascadesim[{extra}]'"
        raise OutsideError(f"the sender {table.sender} needs the package {error.name}: {hint}") from error
