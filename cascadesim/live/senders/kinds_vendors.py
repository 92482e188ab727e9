"""The vendors' APIs for single messages: one message on one channel, for the runner runs the cascade."""

from __future__ import annotations

from cascadesim.live.senders.driver import Driver
from cascadesim.live.senders.kind import COLUMN, COUNTRY, Kind, Signed, common
from cascadesim.live.senders.settings import Configured, Setting, choice, secret, signing_secret, text, url


def _eightxeight(table: Configured) -> Driver:
    from cascadesim.live.senders.eightxeight import EightXEight

    s = table.settings
    rest = {name: s[name] for name in ("language", "receipts", "receipt_secret", "timeout", "at_once")}
    return EightXEight(s["url"], s["subaccount"], s["api_key"], s["channel"], source=s["from"], **rest)


def _infobip(table: Configured) -> Driver:
    from cascadesim.live.senders.infobip import Infobip

    s = table.settings
    rest = {name: s[name] for name in ("language", "receipts", "receipt_secret", "timeout", "at_once")}
    return Infobip(s["url"], s["api_key"], s["channel"], s["from"], **rest)


def _twilio(table: Configured) -> Driver:
    from cascadesim.live.senders.twilio import Twilio

    s = table.settings
    account = s["url"], s["account"], s["auth_token"], s["channel"]
    rest = {name: s[name] for name in ("service", "receipts", "timeout", "at_once")}
    return Twilio(*account, sender=s["from"], **rest)


def _vonage(table: Configured) -> Driver:
    from cascadesim.live.senders.vonage import Vonage

    s = table.settings
    rest = {name: s[name] for name in ("language", "receipts", "receipt_secret", "timeout", "at_once")}
    return Vonage(s["url"], s["application"], s["private_key"], s["channel"], s["from"], **rest)


def _channel(*names: str) -> Setting:
    return Setting("channel", "which of its channels this one is", choice(*names), f'"{names[1]}"')


_RECEIPTS = Setting(
    "receipts", "the URL for its receipts (none are asked for)", url, '"https://shop.example/receipts/CHANNEL"', None
)
_RECEIPT_SECRET = Setting(
    "receipt_secret",
    "what their URLs are signed with; who takes the receipts checks it",
    signing_secret,
    '{ env = "RECEIPT_SECRET" }',
    None,
    is_secret=True,
    beside="receipts",
)
_LANGUAGE = Setting("language", "the language of WhatsApp templates", text, '"en_GB"', "en")
_TEXTS = (
    "Texts go, and on WhatsApp a message's template with what its text's placeholders hold; buttons and images do not. "
    "WhatsApp takes a text only within 24 h of what a person wrote."
)

EIGHTXEIGHT = Kind(
    "8x8",
    "SMS and chat apps, through 8x8",
    "POST to the Messaging Apps API, with one channel and nothing after it. With `receipts` every message carries a "
    "callback with its key and a signature of it. 8x8 recognizes no repeated message, and can be asked after one only "
    f"by its own id: what is in doubt stays unknown until a receipt comes. {_TEXTS}",
    None,
    False,
    (
        Setting("url", "the API of your region", url, '"https://chatapps.8x8.com"', "https://chatapps.8x8.com"),
        Setting("subaccount", "the subaccount", text, '"shop_hq"'),
        Setting("api_key", "its API key", secret, '{ env = "EIGHTXEIGHT_API_KEY" }', is_secret=True),
        _channel("sms", "whatsapp", "viber", "rcs", "line", "facebook", "instagram", "wechat", "zalo"),
        Setting("from", "who people see on SMS (the subaccount's)", text, '"SHOP"', None),
        _LANGUAGE,
        _RECEIPTS,
        _RECEIPT_SECRET,
        COLUMN,
        COUNTRY,
        *common("unknown", 8),
    ),
    _eightxeight,
    Signed("8x8", "receipt_secret"),
)

INFOBIP = Kind(
    "infobip",
    "SMS and chat apps, through Infobip",
    "POST to the Messages API, one message at a time. The key is the message's id there, so a message in doubt is "
    "asked after. With `receipts` every message carries URLs for delivery and seen reports, with its key and a "
    f"signature of it. {_TEXTS}",
    None,
    False,
    (
        Setting("url", "your own base URL", url, '"https://abcdef.api.infobip.com"'),
        Setting(
            "api_key",
            "an API key that may send and read reports",
            secret,
            '{ env = "INFOBIP_API_KEY" }',
            is_secret=True,
        ),
        _channel("sms", "whatsapp", "viber", "rcs", "mms", "line", "facebook", "instagram"),
        Setting("from", "who people see", text, '"SHOP"'),
        _LANGUAGE,
        _RECEIPTS,
        _RECEIPT_SECRET,
        COLUMN,
        COUNTRY,
        *common("unknown", 8),
    ),
    _infobip,
    Signed("infobip", "receipt_secret"),
)

TWILIO = Kind(
    "twilio",
    "SMS, WhatsApp and others, through Twilio",
    "POST to the account's messages. With `receipts` every message carries a status callback with its key, which "
    "Twilio signs with the auth token. A message in doubt is looked for among those that went to its address, by its "
    f"words and time. {_TEXTS} A template is named by its content SID.",
    None,
    False,
    (
        Setting("url", "the API", url, '"https://api.twilio.com"', "https://api.twilio.com"),
        Setting("account", "the account's SID", text, '"AC00000000000000000000000000000000"'),
        Setting(
            "auth_token",
            "its auth token, which also signs callbacks",
            secret,
            '{ env = "TWILIO_AUTH_TOKEN" }',
            is_secret=True,
        ),
        _channel("sms", "whatsapp", "rcs", "facebook"),
        Setting("from", "who people see, unless a service decides", text, '"+15550000000"', None, unless="service"),
        Setting(
            "service",
            "a messaging service's SID, in place of `from`",
            text,
            '"MG00000000000000000000000000000000"',
            None,
        ),
        _RECEIPTS,
        COLUMN,
        COUNTRY,
        *common("unknown", 8),
    ),
    _twilio,
    Signed("twilio", "auth_token", is_vendors=True),
)

VONAGE = Kind(
    "vonage",
    "SMS and chat apps, through Vonage",
    "POST to the Messages API, as an application. With `receipts` every message carries a webhook with its key and a "
    "signature of it, and Vonage signs what it posts there with the account's signature secret. It can be asked after "
    f"no message: what is in doubt stays unknown until a status comes. {_TEXTS}",
    None,
    False,
    (
        Setting("url", "the API", url, '"https://api.nexmo.com"', "https://api.nexmo.com"),
        Setting("application", "the application's id", text, '"aaaaaaaa-bbbb-cccc-dddd-0123456789ab"'),
        Setting("private_key", "its private key", secret, '{ file = "vonage.key" }', is_secret=True),
        _channel("sms", "whatsapp", "viber", "rcs", "mms", "facebook"),
        Setting("from", "who people see", text, '"SHOP"'),
        _LANGUAGE,
        _RECEIPTS,
        Setting(
            "receipt_secret",
            "the account's signature secret",
            secret,
            '{ env = "VONAGE_SIGNATURE_SECRET" }',
            None,
            is_secret=True,
            beside="receipts",
        ),
        COLUMN,
        COUNTRY,
        *common("unknown", 8),
    ),
    _vonage,
    Signed("vonage", "receipt_secret", is_vendors=True),
)
