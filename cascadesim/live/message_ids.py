"""A mail's Message-ID says which message it is: made as it is sent, read again in a bounce."""

from __future__ import annotations

import base64
import re


def message_id(key: str, domain: str) -> str:
    """The Message-ID of a message: its key, in letters that every mail program leaves alone."""
    return f"<{base64.b32encode(key.encode()).decode().rstrip('=').lower()}@{domain}>"


def key_of(found: str) -> str | None:
    """The key behind a Message-ID, as a bounce quotes it; None if it is none of ours."""
    match = re.fullmatch(r"\s*<?([a-z2-7]+)@[^@<>\s]+>?\s*", found, re.IGNORECASE)
    if match is None:
        return None
    letters = match[1].upper()
    try:
        return base64.b32decode(letters + "=" * (-len(letters) % 8)).decode()
    except ValueError:
        return None
