"""What a database says when it fails, in words that help."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from cascadesim.errors import OutsideError

_GOES_ON = "Nothing that was recorded is lost: run the same command again and the campaign goes on where it was."
_SAYINGS = (
    ("disk is full", f"There is no room left on the disk of {{place}}. Make room. {_GOES_ON}"),
    ("no space left", f"There is no room left on the disk of {{place}}. Make room. {_GOES_ON}"),
    ("readonly database", "{place} cannot be written to: it, or the folder that it is in, is read-only."),
    ("is locked", f"Another process has kept {{place}} to itself for too long. {_GOES_ON}"),
    ("not a database", "{place} is not a store: it is a file of another kind. Name another file with --store."),
    ("unable to open", "{place} cannot be opened: is there such a folder, and may this user write there?"),
    ("disk i/o error", f"The disk of {{place}} fails. {_GOES_ON}"),
    ("malformed", "{place} is damaged. Go back to a copy of it."),
)


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Turns what the database raises inside into an OutsideError that says what to do; `place` names the database."""
    try:
        yield
    except DBAPIError as error:
        raise OutsideError(_said(place, str(error.orig), error.connection_invalidated)) from error
    except SQLAlchemyError as error:
        raise OutsideError(f"The store {place} fails: {error}") from error


def _said(place: str, words: str, is_gone: bool) -> str:
    for sign, saying in _SAYINGS:
        if sign in words.lower():
            return saying.format(place=place)
    first = words.strip().partition("\n")[0]
    if is_gone or "connection" in words.lower():
        return f"The database {place} does not answer ({first}). {_GOES_ON}"
    return f"The store {place} fails: {first}"
