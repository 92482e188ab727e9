"""Reading JSON that nobody has vouched for: objects of few texts, each bounded and printable."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any, NoReturn, TypeVar

from cascadesim.live.receipts.incoming import TurnedAwayError
from cascadesim.units import SECOND

LONGEST = 400
"""Of a text, in characters: keys of messages, ids and names of events are shorter."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

T = TypeVar("T", bound=str)


def wrong(line: str) -> NoReturn:
    """The request has the wrong shape; the line says what of it."""
    raise TurnedAwayError(400, line)


def read_any(body: bytes) -> Mapping[str, Any]:
    """The JSON object that the body is: a vendor's, who may add fields to it at any time."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):  # no JSON, no UTF-8, too many digits; nested too deep
        wrong("the body is not JSON")
    if not isinstance(data, dict):
        wrong("the body is not a JSON object")
    return data


def read_object(body: bytes, fields: Collection[str]) -> Mapping[str, Any]:
    """The JSON object that the body is, with these fields and no others."""
    data = read_any(body)
    for name in fields:
        if name not in data:
            wrong(f"the field `{name}` is missing")
    for name in data:
        if name not in fields:
            near = get_close_matches(name, fields, n=1)
            wrong(f"a field is unknown; is it `{near[0]}`?" if near else "a field is unknown; take it out")
    return data


def text(value: object, name: str) -> str:
    """The value, which must be a printable text that is not empty: others break logs, terminals and databases."""
    if not (isinstance(value, str) and value.strip() == value != "" and len(value) <= LONGEST and value.isprintable()):
        wrong(f"`{name}` is not a printable text of 1 to {LONGEST} characters")
    return value


def one_of(value: object, name: str, known: Collection[T]) -> T:
    """The one of these words that the value is."""
    found = next((word for word in known if word == value), None)
    if found is None:
        wrong(f"`{name}` is none of: {', '.join(known)}")
    return found


def instant(value: object, name: str) -> int:
    """The Unix microseconds of a time as RFC 3339 writes it: with its offset."""
    try:
        said = datetime.fromisoformat(text(value, name))
        if said.tzinfo is not None:
            return (said - _EPOCH) // _MICROSECOND
    except (ValueError, OverflowError):
        pass
    wrong(f"`{name}` is not a time such as 2027-03-01T10:00:00Z")


def inside(data: object, name: str) -> Mapping[str, Any]:
    """The object that this field of an object holds."""
    found = data.get(name) if isinstance(data, dict) else None
    if not isinstance(found, dict):
        wrong(f"`{name}` is not an object")
    return found


def vendors_instant(value: object) -> int | None:
    """The Unix microseconds of a vendor's time, in UTC where it has no offset; None where it cannot be read.

    A receipt is not turned away for its time: it then counts from when it came.
    """
    try:
        said = datetime.fromisoformat(value) if isinstance(value, str) else None
        return None if said is None else (said.replace(tzinfo=said.tzinfo or UTC) - _EPOCH) // _MICROSECOND
    except (ValueError, OverflowError):
        return None


def unix_seconds(said: str) -> int | None:
    """The Unix microseconds of whole Unix seconds in digits; None for anything else."""
    return int(said) * SECOND if said.isascii() and said.isdecimal() and len(said) < 12 else None
