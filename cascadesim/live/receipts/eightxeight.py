"""8x8's delivery receipts for Messaging Apps: JSON posted to the `dlrCallbackUrl` that came with a message.

8x8 signs nothing. An account's webhook may carry a fixed `Authorization` header, which a message's own callback is not
documented to have, so the URL is signed by us (`signed_url`), and speaks of one message. The body is
`{"namespace", "eventType": "outbound_message_status_changed", "payload": {"umid", "channel", "status": {"state",
"timestamp"}, ..}}` (developer.8x8.com, "Delivery receipts for outbound Messaging Apps", "Message status reference").
Reads are reported for ten days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from cascadesim.live.receipts.incoming import Incoming
from cascadesim.live.receipts.shape import inside, read_any, text, vendors_instant
from cascadesim.live.receipts.signed_url import check_url, key_in_url
from cascadesim.live.receipts.words import READ, Said, Word, said_of

_STATES: Mapping[str, Sequence[Word]] = {
    "queued": ("accepted",),
    "sent": ("accepted",),
    "ok": ("accepted",),
    "delivered": ("delivered",),
    "read": READ,
    "undelivered": ("failed",),
    "failed": ("failed",),
    "rejected": ("failed",),
    "error": ("failed",),
}
"""Any other, such as `unknown`, says nothing."""


class EightXEight:
    """See the file."""

    method: Literal["POST"] = "POST"

    def check(self, incoming: Incoming, keys: Sequence[bytes]) -> None:
        """See `Format`."""
        check_url(incoming, keys)

    def read(self, incoming: Incoming) -> Sequence[Said]:
        """See `Format`."""
        status = inside(inside(read_any(incoming.body), "payload"), "status")
        words = _STATES.get(text(status.get("state"), "state").lower(), ())
        return said_of(key_in_url(incoming), words, vendors_instant(status.get("timestamp")))
