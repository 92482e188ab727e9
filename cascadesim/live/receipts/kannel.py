"""Kannel's receipts: it calls the `dlr-url` that came with the message, with `%d` and `%T` filled in.

Kannel signs nothing. So each message's URL carries a signature of the message's key (`sign`), as `live.signatures`
makes it. A gateway whose URLs are written by hand may put the shared secret itself there (`secret`). There is no limit
of age: what became of a text to a phone that was off comes days later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from cascadesim.live.receipts.incoming import Incoming, TurnedAwayError
from cascadesim.live.receipts.shape import text, unix_seconds, wrong
from cascadesim.live.receipts.signing import equal
from cascadesim.live.receipts.words import Said, Word
from cascadesim.live.signatures import dlr_signature

_STATUS: Mapping[str, Word] = {
    "1": "delivered",
    "2": "failed",
    "4": "accepted",  # buffered: the centre keeps it and tries again
    "8": "accepted",
    "16": "failed",  # rejected by the centre
}


class Kannel:
    """See the file."""

    method: Literal["GET"] = "GET"

    def check(self, incoming: Incoming, keys: Sequence[bytes]) -> None:
        """See `Format`."""
        query = incoming.query
        key, signature, secret = (query.get(name, "") for name in ("key", "sign", "secret"))
        # All are compared, and each in constant time: how long it takes tells nothing.
        fits = [equal(signature, dlr_signature(key, one)) | equal(secret, one) for one in keys]
        if not any(fits):
            raise TurnedAwayError(401, "the signature is missing or wrong")

    def read(self, incoming: Incoming) -> Sequence[Said]:
        """See `Format`."""
        key, status = text(incoming.query.get("key"), "key"), incoming.query.get("status", "")
        word = _STATUS.get(status)
        if word is None:
            wrong(f"`status` is none of: {', '.join(_STATUS)}")
        return [Said(f"{status}:{key}", key, word, unix_seconds(incoming.query.get("at", "")))]
