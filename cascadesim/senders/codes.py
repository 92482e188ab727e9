"""The codes of this room's diagnostics, each with its cause in one line."""

from __future__ import annotations

UNKNOWN_VENDOR = "C351"
BAD_ACCOUNT = "C352"
BAD_ADDRESS = "C353"
TWO_ADDRESSES = "C354"
NOTHING_TO_PUT = "C355"
TOO_LONG = "C356"
MISSING_COLUMN = "C357"
TWO_SEGMENTS = "C358"
SAME_ADDRESS = "C359"
NO_SUCH_CHANNEL = "C360"

CODES: dict[str, str] = {
    UNKNOWN_VENDOR: "there is no sender of that name",
    BAD_ACCOUNT: "the account's name is not one that the vendor can have given",
    BAD_ADDRESS: "a contact's address is not of the kind that the channel needs",
    TWO_ADDRESSES: "a contact has different addresses on channels that one request addresses together",
    NOTHING_TO_PUT: "a contact has no value for a placeholder, and there is no fallback",
    TOO_LONG: "a contact's text is longer than the vendor takes",
    MISSING_COLUMN: "the contacts lack a column that the plan needs",
    TWO_SEGMENTS: "a contact belongs to two segments",
    SAME_ADDRESS: "two contacts have one address, of which the vendor takes one cascade at a time",
    NO_SUCH_CHANNEL: "whom messages are from is said for a channel that the plan does not send on",
}
"""What each code means, in one line."""
