"""What senders sign and receipts check: secrets as keys, and the signatures that are made with them.

Webhooks are signed as Standard Webhooks has it (standardwebhooks.com). Kannel, 8x8 and Infobip sign nothing that can
be relied on and call the URL that came with a message, so that URL carries a signature of the message's key: who sees
one can say something of that one message, and the secret is in none of them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import quote

_PREFIX = "whsec_"
_SHORTEST = 16  # bytes of a secret: fewer could be guessed


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
        except ValueError:
            raise ValueError(f"base64 after {_PREFIX}") from None
    if len(found) < _SHORTEST:
        raise ValueError(f"at least {_SHORTEST} bytes, drawn at random")
    return found


def webhook_signature(key: bytes, name: str, at: str, body: bytes) -> str:
    """The signature of a webhook: HMAC-SHA256 over its id, its timestamp (Unix seconds, in digits) and its body."""
    signed = b".".join((name.encode("utf-8", "replace"), at.encode("utf-8", "replace"), body))
    return f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"


def keyed_url(base: str, key: str) -> str:
    """Where a provider is to call with the receipts of this message; what it calls must be signed by itself."""
    return f"{base}{'&' if '?' in base else '?'}key={quote(key, safe='')}"


def signed_url(base: str, key: str, secret: bytes) -> str:
    """The same, signed by us: for providers that sign nothing, or not the URL. It speaks of this one message."""
    return f"{keyed_url(base, key)}&sign={dlr_signature(key, secret)}"


def dlr_url(base: str, key: str, secret: bytes) -> str:
    """The `dlr-url` of a message; `base` is where Kannel's receipts come in. Kannel fills in `%d` and `%T`.

    What became of the message and when (Unix seconds) is all that is asked for. The SMSC's own words (`%A`) would tell
    an expired message from an undelivered one, which is one to the chain, and may hold the text. A percent sign of
    ours is doubled, or Kannel would take it for one of its own escapes.
    """
    return signed_url(base, key, secret).replace("%", "%%") + "&status=%d&at=%T"


def dlr_signature(key: str, secret: bytes) -> str:
    """The signature of a message's key, which says that a receipt for it was asked for here."""
    return hmac.digest(secret, b"dlr:" + key.encode("utf-8", "replace"), hashlib.sha256).hex()
