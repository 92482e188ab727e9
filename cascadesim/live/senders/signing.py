"""Signatures of Standard Webhooks (standardwebhooks.com): HMAC-SHA256 over id, timestamp and body."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Any

from cascadesim.live.senders.secret import Secret

_PREFIX = "whsec_"
_SHORTEST = 16


def sign(secret: Secret, name: str, at: int, body: bytes) -> str:
    """The value of the signature's header; `at` is in seconds since 1970."""
    signed = b".".join((name.encode(), str(at).encode(), body))
    digest = hmac.new(key_bytes(secret.reveal()), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def key_bytes(secret: str) -> bytes:
    """The key of a secret: `whsec_` and base64, as the standard has it, or any other text as it is.

    ValueError, which says what it must be, if it is too short to be one or not what it begins like.
    """
    if not secret.startswith(_PREFIX):
        found = secret.encode()
    else:
        digits = secret.removeprefix(_PREFIX)
        try:
            found = base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
        except binascii.Error:
            raise ValueError(f"base64 after {_PREFIX}") from None
    if len(found) < _SHORTEST:
        raise ValueError(f"at least {_SHORTEST} bytes, drawn at random")
    return found


def signing_secret(value: Any) -> Secret:
    """Reads the setting of a secret that signs."""
    if not isinstance(value, Secret):
        raise ValueError('{ env = "NAME" } or { file = "path" }')
    key_bytes(value.reveal())
    return value
