"""How long a message waits after it could not be handed over."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from cascadesim.units import DAY, MINUTE, SECOND

_FIRST = SECOND
_MOST = 5 * MINUTE
_LONGEST = DAY  # however long a provider asks for
_SPREAD = 0.5


def back_off(key: str, failures: int, asked: float | None = None) -> int:
    """Microseconds to wait after so many failures in a row (1: the first): twice as long each time, up to 5 min.

    A part of it is drawn, so that messages which failed together do not come back together. As everywhere the
    draw is by name, here the message's. `asked` is what the provider asked for, in seconds: never less than that.
    """
    jitter = random.Random(f"{key} {failures}").random()
    grown = min(_MOST, _FIRST << min(failures - 1, 30))
    drawn = int(grown * (1 - _SPREAD * jitter))
    if asked is None:
        return drawn
    return min(_LONGEST, max(0, round(asked * SECOND))) + min(drawn, _FIRST)


def retry_after(header: str | None, now: datetime | None = None) -> float | None:
    """The seconds that a Retry-After header asks for, as a number or as a date (RFC 9110); None: it says nothing."""
    if header is None:
        return None
    header = header.strip()
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        date = parsedate_to_datetime(header)
    except ValueError:
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (date - (now or datetime.now(UTC))).total_seconds())
