"""The codes of what can be wrong with what comes in for a campaign, each with its cause in one line."""

from __future__ import annotations

BAD_SECRET = "C381"
BAD_REASON = "C382"
CANNOT_ENTER = "C383"
NOT_THERE = "C384"
NO_CAP = "C385"
OTHER_PEOPLE = "C386"
NO_BOUNCES = "C387"

CODES: dict[str, str] = {
    BAD_SECRET: "a secret that requests are signed with is too short, or not written as it should be",
    BAD_REASON: "a row of people to stop gives no reason, or one that is none",
    CANNOT_ENTER: "somebody cannot enter the campaign",
    NOT_THERE: "somebody is to begin with who is not there to begin",
    NO_CAP: "a machine is to send without a cap",
    OTHER_PEOPLE: "a plan cannot replace one that is for other people or on other channels",
    NO_BOUNCES: "bounces cannot be read",
}
"""What each code means, in one line."""
