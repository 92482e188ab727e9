"""Senders without receipts: a bot on Telegram, and whatever service apprise knows."""

from __future__ import annotations

from typing import Any

from cascadesim.live.senders.driver import Driver
from cascadesim.live.senders.kind import COLUMN, COUNTRY, Kind, common
from cascadesim.live.senders.secret import Secret
from cascadesim.live.senders.settings import Configured, Setting, choice, secret, url

_ADDRESS = "{address}"


def _telegram(table: Configured) -> Driver:
    from cascadesim.live.senders.telegram import Telegram

    s = table.settings
    return Telegram(s["url"], s["token"], timeout=s["timeout"], at_once=s["at_once"])


def _apprise(table: Configured) -> Driver:
    from cascadesim.live.senders.apprise import Apprise

    s = table.settings
    return Apprise(s["url"], timeout=s["timeout"], at_once=s["at_once"])


def _service(value: Any) -> Secret:
    found = secret(value)
    if _ADDRESS not in found.reveal():
        raise ValueError(f"a URL of apprise's with {_ADDRESS} in it, where a person's address goes")
    return found


TELEGRAM = Kind(
    "telegram",
    "messages from a bot on Telegram",
    "The Bot API's sendMessage, to the id of a chat that a person has begun with the bot. Who has blocked it is not "
    "written to. Telegram knows no keys and sends no receipts, so a chain can stop at a click on a link of ours "
    "(`links`), or at an event of your own.",
    "any",
    False,
    (
        Setting("url", "the Bot API", url, '"https://api.telegram.org"', "https://api.telegram.org"),
        Setting("token", "the bot's token", secret, '{ env = "TELEGRAM_TOKEN" }', is_secret=True),
        COLUMN,
        *common("unknown", 4),
    ),
    _telegram,
)

APPRISE = Kind(
    "apprise",
    "messages by any service that apprise knows",
    "Needs the extra `apprise`. The URL is a service's as apprise writes it, such as "
    "ntfy://{address} or mailto://user:password@mail.example?to={address}, with {address} where a person's address "
    "goes; all of it is a secret. Apprise says whether a message went out and not why it did not, so what fails is in "
    "doubt. There are no receipts.",
    None,
    False,
    (
        Setting("url", "the service's URL, with {address} in it", _service, '{ env = "APPRISE_URL" }', is_secret=True),
        Setting(
            "addresses",
            "what addresses are: numbers and mail addresses are checked (by the channel's name)",
            choice("phone", "mail", "any"),
            '"any"',
            None,
        ),
        COLUMN,
        COUNTRY,
        *common("unknown", 4),
    ),
    _apprise,
)
