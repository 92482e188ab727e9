"""Receipts as signed JSON, for whoever has no format of their own.

`POST {"id": "r-1", "key": "spring:gold:p7:1:sms:0", "event": "delivered", "at": "2027-03-01T10:00:00Z"}` with the
headers of `signing`. The key is the message's; the id is the provider's own for this receipt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from cascadesim.live.receipts.incoming import Incoming
from cascadesim.live.receipts.shape import instant, one_of, read_object, text
from cascadesim.live.receipts.signing import check_signature
from cascadesim.live.receipts.words import WORDS, Said


class SignedJson:
    """See the file."""

    method: Literal["POST"] = "POST"

    def check(self, incoming: Incoming, keys: Sequence[bytes]) -> None:
        """See `Format`."""
        check_signature(incoming, keys)

    def read(self, incoming: Incoming) -> Sequence[Said]:
        """See `Format`."""
        data = read_object(incoming.body, ("id", "key", "event", "at"))
        name, key = text(data["id"], "id"), text(data["key"], "key")
        return [Said(name, key, one_of(data["event"], "event", WORDS), instant(data["at"], "at"))]
