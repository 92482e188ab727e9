"""A message's key where a provider has only so much room for it, or takes fewer signs."""

from __future__ import annotations

import hashlib

_MARK = "sha256-"


def name_for(key: str, longest: int = 255) -> str:
    """The key where it can stand as it is, else a name made of it: the same each time, and of no other message.

    `longest` is in characters, and at least 50.
    """
    if key.isascii() and key.isprintable() and key == key.strip() and len(key) <= longest:
        return key
    return f"{_MARK}{hashlib.sha256(key.encode()).hexdigest()}"[:longest]
