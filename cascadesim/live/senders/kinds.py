"""The senders that a channel's table can name: what they do, what they take, how they are made.

What validates a table also explains it (`cascadesim senders NAME`), so the two cannot differ. A sender's packages
are imported when one is made: who uses the others need not have them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, NamedTuple

from cascadesim.errors import InputError, OutsideError
from cascadesim.live.senders import codes
from cascadesim.live.senders.driver import Driver
from cascadesim.live.senders.settings import (
    Configured,
    Setting,
    choice,
    country,
    mailbox,
    seconds,
    secret,
    signing_secret,
    split_mailbox,
    text,
    url,
    whole,
)

Addresses = Literal["phone", "mail", "any"]


class Signed(NamedTuple):
    """How a sender's receipts come in: their format's name, and the setting with the secret that signs them."""

    format: str
    secret: str


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


def _common(in_doubt: str, at_once: int | None) -> tuple[Setting, ...]:
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
    )


_COLUMN = Setting("column", "the contacts' column of addresses (the channel's own)", text, '"phone"', None)
_COUNTRY = Setting("country", "whose the numbers without a country code are (nobody's)", country, '"LV"', None)


def _smtp(table: Configured) -> Driver:
    from email.headerregistry import Address

    from cascadesim.live.senders.smtp import Smtp

    s = table.settings
    name, address = split_mailbox(s["from"])
    return Smtp(
        s["host"],
        s["port"],
        Address(name, addr_spec=address),
        security=s["security"],
        username=s["username"],
        password=s["password"],
        bounces=s["bounces"],
        reply=s["reply_to"],
        subject=s["subject"],
        timeout=s["timeout"],
    )


def _kannel(table: Configured) -> Driver:
    from cascadesim.live.senders.kannel import Kannel

    s = table.settings
    account = s["url"], s["username"], s["password"]
    rest = {name: s[name] for name in ("receipts", "receipt_secret", "smsc", "timeout", "at_once")}
    return Kannel(*account, sender=s["from"], **rest)


def _webhook(table: Configured) -> Driver:
    from cascadesim.live.senders.webhook import Webhook

    s = table.settings
    return Webhook(s["url"], s["secret"], timeout=s["timeout"], at_once=s["at_once"])


_SMTP = Kind(
    "smtp",
    "mail, through an SMTP server",
    "One connection is kept. A text from an .html file goes as HTML with a plain text beside it. The Message-ID says "
    "which message a mail is. Until the end of DATA nothing is accepted: what breaks before it is sent again.",
    "mail",
    False,
    (
        Setting("host", "the server", text, '"mail.example"'),
        Setting("port", "its port", whole(1, 65535), "587", 587),
        Setting(
            "security",
            "how the connection is kept private",
            choice("starttls", "tls", "none"),
            '"starttls"',
            "starttls",
        ),
        Setting("username", "the account (none)", text, '"news"', None),
        Setting(
            "password", "its password", secret, '{ env = "SMTP_PASSWORD" }', None, is_secret=True, beside="username"
        ),
        Setting("from", "who writes", mailbox, '"Shop <news@shop.example>"'),
        Setting("reply_to", "where answers go (to who writes)", mailbox, '"help@shop.example"', None),
        Setting("bounces", "where bounces go (to who writes)", mailbox, '"bounces@shop.example"', None),
        Setting("subject", "for messages without a subject (empty)", text, '"News"', None),
        _COLUMN,
        *_common("unknown", None),
    ),
    _smtp,
)

_KANNEL = Kind(
    "kannel",
    "SMS, through a Kannel gateway",
    "GET to the gateway's sendsms. With `receipts` every message asks for all of Kannel's delivery reports, which come "
    "to that URL with the message's key and a signature of it. Texts beyond the alphabet of SMS go as UCS-2. Kannel "
    "knows no keys.",
    "phone",
    False,
    (
        Setting("url", "the gateway's sendsms", url, '"http://localhost:13013/cgi-bin/sendsms"'),
        Setting("username", "of the gateway's `sendsms-user` group", text, '"shop"'),
        Setting("password", "its password", secret, '{ env = "KANNEL_PASSWORD" }', is_secret=True),
        Setting("from", "the number or name that people see (the gateway's)", text, '"SHOP"', None),
        Setting("smsc", "which SMSC is to take it (the gateway chooses)", text, '"main"', None),
        Setting(
            "receipts",
            "the URL for delivery reports (none are asked for)",
            url,
            '"https://shop.example/receipts/sms"',
            None,
        ),
        Setting(
            "receipt_secret",
            "what their URLs are signed with; who takes the reports checks it",
            signing_secret,
            '{ env = "RECEIPT_SECRET" }',
            None,
            is_secret=True,
            beside="receipts",
        ),
        _COLUMN,
        _COUNTRY,
        *_common("unknown", 4),
    ),
    _kannel,
    Signed("kannel", "receipt_secret"),
)

_WEBHOOK = Kind(
    "webhook",
    "anything, as signed JSON to your own URL",
    'POST of {"key", "channel", "to", "subject", "text" or "html"}, signed as Standard Webhooks has it: HMAC-SHA256 '
    "over id, timestamp and body. The key is the Idempotency-Key: answer 2xx to a key that you know, and do nothing. "
    "Other answers: 429 or 503 not now (Retry-After says when), 401 to 405 the set-up is wrong, other 4xx never.",
    None,
    True,
    (
        Setting("url", "where messages go", url, '"https://shop.example/push"'),
        Setting("secret", "what signatures are made with", signing_secret, '{ env = "PUSH_SECRET" }', is_secret=True),
        Setting(
            "addresses",
            "what addresses are: numbers and mail addresses are checked (by the channel's name)",
            choice("phone", "mail", "any"),
            '"any"',
            None,
        ),
        _COLUMN,
        _COUNTRY,
        *_common("resend", 8),
    ),
    _webhook,
    Signed("signed-json", "secret"),
)

_CONSOLE = Kind(
    "console",
    "nothing: prints what would be sent",
    "A line for each message, with its time and the beginning of its text, and no address. Nobody is written to.",
    "any",
    True,
    (_COLUMN,),
)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (_CONSOLE, _SMTP, _KANNEL, _WEBHOOK)}
"""Every sender of single channels, by the name that a table takes."""


LISTEN = "listen"
"""The one table of a senders file that is no channel's."""

LISTENING = Kind(
    LISTEN,
    "where receipts, outside events, entries and stops come in",
    "`cascadesim send` answers at /receipts/CHANNEL for every channel whose table says how receipts are signed, and "
    "with `secret` at /enter, /stop and /event, which your own systems call, signed as Standard Webhooks has it. TLS "
    "is the work of a proxy before it.",
    "any",
    True,
    (
        Setting("host", "the address to listen at (this machine only)", text, '"127.0.0.1"', "127.0.0.1"),
        Setting("port", "its port", whole(1, 65535), "8080", 8080),
        Setting(
            "secret",
            "what /enter, /stop and /event are signed with (they are closed)",
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
        hint = "pip install 'cascadesim[live]'"
        raise OutsideError(f"the sender {table.sender} needs the package {error.name}: {hint}") from error
