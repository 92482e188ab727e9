"""Infobip's delivery and seen reports: JSON posted to the URLs in a message's `webhooks`.

Reports to such URLs are not signed (an account can be set up so that they are), so the URL is signed by us
(`signed_url`), and speaks of one message. The body is `{"results": [..]}`; a delivery report has `status.groupName` and
`doneAt`, a seen report `"event": "SEEN"` and `seenAt` (Messages API, webhooks `receive-messages-api-delivery-reports`
and `receive-messages-api-seen-reports`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from cascadesim.live.receipts.incoming import Incoming
from cascadesim.live.receipts.shape import inside, read_any, text, vendors_instant, wrong
from cascadesim.live.receipts.signed_url import check_url, key_in_url
from cascadesim.live.receipts.words import READ, Said, Word, said_of

_GROUPS: Mapping[str, Sequence[Word]] = {
    "ACCEPTED": ("accepted",),
    "PENDING": ("accepted",),
    "DELIVERED": ("delivered",),
    "UNDELIVERABLE": ("failed",),
    "EXPIRED": ("failed",),
    "REJECTED": ("failed",),
}


class Infobip:
    """See the file."""

    method: Literal["POST"] = "POST"

    def check(self, incoming: Incoming, keys: Sequence[bytes]) -> None:
        """See `Format`."""
        check_url(incoming, keys)

    def read(self, incoming: Incoming) -> Sequence[Said]:
        """See `Format`."""
        key, results = key_in_url(incoming), read_any(incoming.body).get("results")
        if not isinstance(results, list):
            wrong("`results` is not a list")
        return [said for result in results for said in _said(key, result)]


def _said(key: str, result: object) -> list[Said]:
    if isinstance(result, dict) and result.get("event") == "SEEN":
        return said_of(key, READ, vendors_instant(result.get("seenAt")))
    group = text(inside(result, "status").get("groupName"), "groupName")
    done = result.get("doneAt") if isinstance(result, dict) else None
    return said_of(key, _GROUPS.get(group.upper(), ()), vendors_instant(done))
