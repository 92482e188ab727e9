"""Signatures over a request, as the Standard Webhooks specification has them (standardwebhooks.com).

Three headers: `webhook-id`, `webhook-timestamp` (Unix seconds) and `webhook-signature`, which is `v1,` and the
base64 of HMAC-SHA256 over `id.timestamp.body`. Libraries for it exist in most languages. Several signatures may
stand in the header, and several secrets may be valid here: so that a secret can be changed without a pause.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence

from cascadesim.errors import InputError
from cascadesim.live import codes
from cascadesim.live.receipts.incoming import Incoming, TurnedAwayError
from cascadesim.live.receipts.shape import unix_seconds
from cascadesim.units import MINUTE, SECOND

TOLERANCE = 5 * MINUTE
"""How far a timestamp may be off: a request that somebody recorded is worth nothing after that."""

_PREFIX = "whsec_"
_SHORTEST = 16  # bytes of a secret
_MOST_SIGNATURES = 8


def secret_key(text: str) -> bytes:
    """The key that a secret stands for: `whsec_` and base64, as the specification writes it, or the text itself.

    InputError if it is so short that it could be guessed; it is not in the message.
    """
    try:
        key = b64decode(text.removeprefix(_PREFIX), validate=True) if text.startswith(_PREFIX) else text.encode()
    except (NotBase64, ValueError):
        raise InputError.of(codes.BAD_SECRET, "the secret begins with whsec_, but no base64 follows", _HINT) from None
    if len(key) < _SHORTEST:
        raise InputError.of(codes.BAD_SECRET, f"the secret has {len(key)} bytes; {_SHORTEST} are the least", _HINT)
    return key


_HINT = "make one: python -c 'import secrets; print(secrets.token_urlsafe(32))'"


def sign(key: bytes, message_id: str, seconds: int, body: bytes) -> Mapping[str, str]:
    """The headers that sign the body at that Unix time."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": "v1," + _signature(key, message_id, str(seconds), body),
    }


def check_signature(incoming: Incoming, keys: Sequence[bytes]) -> None:
    """TurnedAwayError unless one of the keys has signed this very request, and not long ago.

    Only who has signed it right is told that the time is off: nobody else learns anything.
    """
    headers = incoming.headers
    said_id, said_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "").split()[:_MOST_SIGNATURES]
    wanted = [_signature(key, said_id, said_at, incoming.body) for key in keys]
    # Every pair is compared, and each in constant time: how long it takes tells nothing.
    fits = [equal(signature, "v1," + right) for signature in given for right in wanted]
    if not (said_id and any(fits)):
        raise TurnedAwayError(401, "the signature is missing or wrong")
    signed_at = unix_seconds(said_at)
    if signed_at is None:
        raise TurnedAwayError(401, "webhook-timestamp is not in whole Unix seconds")
    off = incoming.at - signed_at
    if abs(off) > TOLERANCE:
        late = "old" if off > 0 else "ahead"
        most = f"{TOLERANCE // SECOND} are the most; is the clock right?"
        raise TurnedAwayError(401, f"the timestamp is {abs(off) // SECOND} seconds {late}; {most}")


def equal(said: str, right: str | bytes) -> bool:
    """Whether they are the same, compared in constant time."""
    return hmac.compare_digest(said.encode("utf-8", "replace"), right.encode() if isinstance(right, str) else right)


def _signature(key: bytes, message_id: str, seconds: str, body: bytes) -> str:
    content = b".".join((message_id.encode("utf-8", "replace"), seconds.encode("utf-8", "replace"), body))
    return b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
