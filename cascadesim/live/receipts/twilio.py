"""Twilio's status callbacks: a form posted to the `StatusCallback` that came with a message.

Signed by Twilio, in `X-Twilio-Signature`: the base64 of HMAC-SHA1, under the account's auth token, over the whole URL
as Twilio was told it and all of the form's fields, sorted by name (twilio.com/docs/usage/security). The URL has the
message's key, so the signature covers it. No callback says when; `MessageStatus` says what.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Literal
from urllib.parse import parse_qsl

from cascadesim.live.receipts.incoming import Incoming, TurnedAwayError
from cascadesim.live.receipts.shape import text, wrong
from cascadesim.live.receipts.signed_url import key_in_url
from cascadesim.live.receipts.signing import equal
from cascadesim.live.receipts.words import READ, Said, Word, said_of

_STATUSES: Mapping[str, Sequence[Word]] = {
    **dict.fromkeys(("accepted", "scheduled", "queued", "sending", "sent"), ("accepted",)),
    "delivered": ("delivered",),
    "read": READ,
    **dict.fromkeys(("undelivered", "failed", "canceled"), ("failed",)),
}
_MOST_FIELDS = 200


class Twilio:
    """See the file."""

    method: Literal["POST"] = "POST"

    def check(self, incoming: Incoming, keys: Sequence[bytes]) -> None:
        """See `Format`."""
        given, signed = incoming.headers.get("x-twilio-signature", ""), _signed(incoming)
        fits = [equal(given, base64.b64encode(hmac.digest(key, signed, hashlib.sha1))) for key in keys]
        if not any(fits):
            raise TurnedAwayError(401, "the signature is missing or wrong")

    def read(self, incoming: Incoming) -> Sequence[Said]:
        """See `Format`."""
        status = text(dict(_fields(incoming)).get("MessageStatus"), "MessageStatus")
        return said_of(key_in_url(incoming), _STATUSES.get(status, ()), None)


def _signed(incoming: Incoming) -> bytes:
    """What the signature is made over; of a field that comes twice with the same value, one."""
    fields = "".join(name + value for name, value in sorted(set(_fields(incoming))))
    return (incoming.url + fields).encode("utf-8", "replace")


def _fields(incoming: Incoming) -> list[tuple[str, str]]:
    try:
        return parse_qsl(incoming.body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        wrong("the body is not a form")
