"""Signatures over a request, as the Standard Webhooks specification has them (standardwebhooks.com).

Three headers: `webhook-id`, `webhook-timestamp` (Unix seconds) and `webhook-signature`, which is `v1,` and the
base64 of HMAC-SHA256 over `id.timestamp.body`. Libraries for it exist in most languages. Several signatures may
stand in the header, and several secrets may be valid here: so that a secret can be changed without a pause.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence

from cascadesim.errors import InputError
from cascadesim.live import codes
from cascadesim.live.receipts.incoming import Incoming, TurnedAwayError
from cascadesim.live.receipts.shape import unix_seconds
from cascadesim.live.signatures import key_bytes, webhook_signature
from cascadesim.units import MINUTE, SECOND

TOLERANCE = 5 * MINUTE
"""How far a timestamp may be off: a request that somebody recorded is worth nothing after that."""

_MOST_SIGNATURES = 8


def secret_key(text: str) -> bytes:
    """The key that a secret stands for: `whsec_` and base64, as the specification writes it, or the text itself.

    InputError if it is so short that it could be guessed; it is not in the message.
    """
    try:
        return key_bytes(text)
    except ValueError as error:
        raise InputError.of(codes.BAD_SECRET, f"the secret must be {error}", _HINT) from None


_HINT = "make one: python -c 'import secrets; print(secrets.token_urlsafe(32))'"


def sign(key: bytes, message_id: str, seconds: int, body: bytes) -> Mapping[str, str]:
    """The headers that sign the body at that Unix time."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": webhook_signature(key, message_id, str(seconds), body),
    }


def check_signature(incoming: Incoming, keys: Sequence[bytes]) -> None:
    """TurnedAwayError unless one of the keys has signed this very request, and not long ago.

    Only who has signed it right is told that the time is off: nobody else learns anything.
    """
    headers = incoming.headers
    said_id, said_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "").split()[:_MOST_SIGNATURES]
    wanted = [webhook_signature(key, said_id, said_at, incoming.body) for key in keys]
    # Every pair is compared, and each in constant time: how long it takes tells nothing.
    fits = [equal(signature, right) for signature in given for right in wanted]
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
