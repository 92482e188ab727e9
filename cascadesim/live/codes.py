"""The codes of what can be wrong with what comes in for a campaign, each with its cause in one line."""

from __future__ import annotations

BAD_SECRET = "C381"
BAD_REASON = "C382"
CANNOT_ENTER = "C383"

CODES: dict[str, str] = {
    BAD_SECRET: "a secret that requests are signed with is too short, or not written as it should be",
    BAD_REASON: "a row of people to stop gives no reason, or one that is none",
    CANNOT_ENTER: "somebody cannot enter the campaign",
}
"""What each code means, in one line."""
