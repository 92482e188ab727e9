"""Vonage's message statuses: JSON posted to the `webhook_url` that came with a message.

Signed by Vonage, by a JWT in `Authorization: Bearer`: HS256 under the account's signature secret, with `iat` and, in
`payload_hash`, the SHA-256 of the body (developer.vonage.com, "Signed webhooks"). It does not cover the URL, in which
the message's key is, so that is signed by us as well (`signed_url`, under the same secret): both must be right.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import jwt

from cascadesim.live.receipts.incoming import Incoming, TurnedAwayError
from cascadesim.live.receipts.shape import read_any, text, vendors_instant
from cascadesim.live.receipts.signed_url import check_url, key_in_url
from cascadesim.live.receipts.signing import TOLERANCE, equal
from cascadesim.live.receipts.words import READ, Said, Word, said_of
from cascadesim.units import SECOND

_STATUSES: Mapping[str, Sequence[Word]] = {
    "submitted": ("accepted",),
    "delivered": ("delivered",),
    "read": READ,
    "rejected": ("failed",),
    "undeliverable": ("failed",),
}
_WRONG = "the signature is missing or wrong"


class Vonage:
    """See the file."""

    method: Literal["POST"] = "POST"

    def check(self, incoming: Incoming, keys: Sequence[bytes]) -> None:
        """See `Format`. Only who has signed it right is told that the time is off."""
        check_url(incoming, keys)
        claims = next((found for key in keys if (found := _claims(incoming, key)) is not None), None)
        body_hash = hashlib.sha256(incoming.body).hexdigest()
        if claims is None or not equal(str(claims.get("payload_hash")), body_hash):
            raise TurnedAwayError(401, _WRONG)
        issued = claims["iat"]
        if not isinstance(issued, int | float) or abs(incoming.at - issued * SECOND) > TOLERANCE:
            most = f"{TOLERANCE // SECOND} seconds are the most"
            raise TurnedAwayError(401, f"the token's time is off; {most}; is the clock right?")

    def read(self, incoming: Incoming) -> Sequence[Said]:
        """See `Format`."""
        data = read_any(incoming.body)
        words = _STATUSES.get(text(data.get("status"), "status"), ())
        return said_of(key_in_url(incoming), words, vendors_instant(data.get("timestamp")))


def _claims(incoming: Incoming, key: bytes) -> Mapping[str, Any] | None:
    """What the token says, if this key has signed it. Its times are looked at by `check`, with the caller's clock."""
    scheme, _, token = incoming.headers.get("authorization", "").partition(" ")
    unlooked: dict[str, Any] = {"verify_iat": False, "verify_exp": False, "verify_nbf": False, "verify_aud": False}
    options: Any = {"require": ["iat", "payload_hash"], **unlooked}
    try:
        with warnings.catch_warnings():  # the secret is Vonage's, and so is its length
            warnings.simplefilter("ignore", jwt.InsecureKeyLengthWarning)
            found = jwt.decode(token, key, algorithms=["HS256"], options=options)
    except (jwt.PyJWTError, ValueError):
        return None
    return found if scheme.lower() == "bearer" else None
