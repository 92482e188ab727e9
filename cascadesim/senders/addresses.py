"""Addresses as vendors take them: read from a contact's cells, one for a whole request."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

import phonenumbers

from cascadesim.contacts import Contact
from cascadesim.senders import codes
from cascadesim.senders.capabilities import AddressKind
from cascadesim.senders.sender import UnsendableError

_LETTER = re.compile(r"[^\W\d_]")
_MAIL = re.compile(
    r"(?P<local>(?a:[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*))@(?P<domain>[^\s@.]+(\.[^\s@.]+)+)"
)
_LINE_USER = re.compile(r"U[0-9A-Za-z]{31,32}")
_LONGEST_TOKEN = 300


def phone(text: str, country: str | None = None) -> str | None:
    """The number in E.164, `+37120000001`; None if the text is no number that can be.

    Spaces and punctuation go, and a leading 00 is a plus. A national number is read as one of the country (`LV`);
    without a country it is refused: whose it is, nobody can tell. It must have the length that numbers have in its
    country. Whether its range is in use is not asked: countries open new ones before the library knows, and a
    provider that refuses one message costs less than a customer who is never written to.
    """
    text = text.strip()
    if _LETTER.search(text):
        return None  # the library would read letters as keys of a telephone, or as an extension
    if text.startswith("00"):
        text = "+" + text[2:]
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mail(text: str) -> str | None:
    """The mail address, its domain as it is looked up (punycode); None if it is none.

    The part before the @ is of ASCII: few servers take another, and they must say so.
    """
    match = _MAIL.fullmatch(text.strip())
    if match is None:
        return None
    try:
        domain = match["domain"].encode("idna").decode()
    except UnicodeError:
        return None
    return f"{match['local']}@{domain}"


def line_user(text: str) -> str | None:
    """A LINE user's id, `U` and 32 characters; None if it is none."""
    return text if _LINE_USER.fullmatch(text) else None


def token(text: str) -> str | None:
    """What a service gave to know a user or a device by, at most 300 characters without spaces; None if it is none."""
    text = text.strip()
    return text if text and len(text) <= _LONGEST_TOKEN and not re.search(r"\s", text) else None


class _Reading(NamedTuple):
    read: Callable[[str], str | None]
    name: str
    hint: str


_READINGS: dict[AddressKind, _Reading] = {
    "phone": _Reading(phone, "international phone number", "write it as +37120000001"),
    "mail": _Reading(mail, "mail address", "write it as ann@example.com"),
    "device": _Reading(token, "id of a device", "it is what the app registered with, without spaces"),
    "user": _Reading(token, "id of a user", "it is what the service calls the person, without spaces"),
    "line user": _Reading(line_user, "id of a LINE user", "it is U and 32 characters"),
}


def one_address(kind: AddressKind, columns: Mapping[str, str], contact: Contact) -> str:
    """The address that a request is for; `columns` has the contacts' column of each channel in it.

    UnsendableError if a cell holds no such address, or if two channels have different ones.
    """
    found: dict[str, str] = {}
    for channel, column in columns.items():
        address = _READINGS[kind].read(contact.cells[column])
        if address is None:
            what = f"the cell in column `{column}` is no {_READINGS[kind].name}"
            raise UnsendableError(codes.BAD_ADDRESS, what, _READINGS[kind].hint, repr(contact.cells[column]))
        found.setdefault(address, channel)
    if len(found) > 1:
        what = f"{' and '.join(found.values())} have different addresses, and a request takes one"
        raise UnsendableError(codes.TWO_ADDRESSES, what, "empty the cell of the address that is not to be used")
    return next(iter(found))
