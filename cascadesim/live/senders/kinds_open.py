"""The senders that need no vendor: a mail server, a gateway of one's own, one's own URL, and the console."""

from __future__ import annotations

from cascadesim.live.senders.driver import Driver
from cascadesim.live.senders.kind import COLUMN, COUNTRY, Kind, Signed, common
from cascadesim.live.senders.settings import (
    Configured,
    Setting,
    choice,
    mailbox,
    secret,
    signing_secret,
    split_mailbox,
    text,
    url,
    whole,
)


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
    return Webhook(s["url"], s["secret"], status=s["status"], timeout=s["timeout"], at_once=s["at_once"])


SMTP = Kind(
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
        COLUMN,
        *common("unknown", None),
    ),
    _smtp,
)

KANNEL = Kind(
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
        COLUMN,
        COUNTRY,
        *common("unknown", 4),
    ),
    _kannel,
    Signed("kannel", "receipt_secret"),
)

WEBHOOK = Kind(
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
            "status",
            "where to ask after a message in doubt: GET of this, a slash and its key (nobody is asked)",
            url,
            '"https://shop.example/push/status"',
            None,
        ),
        Setting(
            "addresses",
            "what addresses are: numbers and mail addresses are checked (by the channel's name)",
            choice("phone", "mail", "any"),
            '"any"',
            None,
        ),
        COLUMN,
        COUNTRY,
        *common("resend", 8),
    ),
    _webhook,
    Signed("signed-json", "secret"),
)

CONSOLE = Kind(
    "console",
    "nothing: prints what would be sent",
    "A line for each message, with its time and the beginning of its text, and no address. Nobody is written to.",
    "any",
    True,
    (COLUMN,),
)
