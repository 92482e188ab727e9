"""Addresses as vendors take them: read from a contact's cells, one for a whole request."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from cascadesim.contacts import Contact
from cascadesim.senders import codes
from cascadesim.senders.capabilities import AddressKind
from cascadesim.senders.sender import UnsendableError

_FILLERS = re.compile(r"[\s().\-/\u00a0]")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_LINE_USER = re.compile(r"U[0-9A-Za-z]{31,32}")


def phone(text: str) -> str | None:
    """The number in E.164, `+37120000001`; None if the text is no international number.

    Spaces and punctuation go, and a leading 00 is a plus. A national number is refused: whose country it is of,
    nobody can tell.
    """
    number = _FILLERS.sub("", text)
    number = "+" + number[2:] if number.startswith("00") else number
    return number if _E164.fullmatch(number) else None


def line_user(text: str) -> str | None:
    """A LINE user's id, `U` and 32 characters; None if it is none."""
    return text if _LINE_USER.fullmatch(text) else None


class _Reading(NamedTuple):
    read: Callable[[str], str | None]
    name: str
    hint: str


_READINGS: dict[AddressKind, _Reading] = {
    "phone": _Reading(phone, "international phone number", "write it as +37120000001"),
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
