"""What vendors say in their receipts (`vendors/`), and the token with which Vonage signs them, put together by hand."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

_BODIES = Path(__file__).parent / "vendors"


def body(name: str, what: str) -> bytes:
    """A receipt of the vendor that says this: delivered, read or failed."""
    return next(_BODIES.glob(f"{name}-{what}.*")).read_bytes()


def token(key: bytes, content: bytes, at: int, algorithm: str = "HS256", **more: Any) -> str:
    """The token for this body, issued at this Unix time."""
    claims = {"iat": at, "jti": "j", "iss": "Vonage", "payload_hash": hashlib.sha256(content).hexdigest(), **more}
    parts = [_base64(json.dumps(part).encode()) for part in ({"alg": algorithm, "typ": "JWT"}, claims)]
    signed = ".".join(parts)
    signature = _base64(hmac.digest(key, signed.encode(), "sha256")) if algorithm == "HS256" else ""
    return f"{signed}.{signature}"


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
