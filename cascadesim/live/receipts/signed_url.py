"""Receipts of providers that sign nothing, or not the URL: the URL is one message's, with our signature of its key."""

from __future__ import annotations

from collections.abc import Sequence

from cascadesim.live.receipts.incoming import Incoming, TurnedAwayError
from cascadesim.live.receipts.shape import text
from cascadesim.live.receipts.signing import equal
from cascadesim.live.signatures import dlr_signature


def check_url(incoming: Incoming, keys: Sequence[bytes]) -> None:
    """TurnedAwayError unless the URL is one that was made here, with one of these keys."""
    key, signature = incoming.query.get("key", ""), incoming.query.get("sign", "")
    # All are compared, and each in constant time: how long it takes tells nothing.
    fits = [equal(signature, dlr_signature(key, one)) for one in keys]
    if not any(fits):
        raise TurnedAwayError(401, "the signature is missing or wrong")


def key_in_url(incoming: Incoming) -> str:
    """The key of the message that the URL is for. What the body calls the message is not looked at."""
    return text(incoming.query.get("key"), "key")
