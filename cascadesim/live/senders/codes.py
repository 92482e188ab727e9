"""The codes of what can be wrong with a senders file, each with its cause in one line."""

from __future__ import annotations

NO_FILE = "C361"
NOT_TOML = "C362"
NOT_A_CHANNEL = "C363"
NO_SUCH_SENDER = "C364"
NO_SUCH_SETTING = "C365"
MISSING_SETTING = "C366"
BAD_SETTING = "C367"
LITERAL_SECRET = "C368"
NO_SECRET = "C369"
NO_SENDER = "C370"

CODES: dict[str, str] = {
    NO_FILE: "a senders file cannot be read",
    NOT_TOML: "a senders file is not TOML",
    NOT_A_CHANNEL: "a senders file has something that is no channel",
    NO_SUCH_SENDER: "a channel's table names no sender that there is",
    NO_SUCH_SETTING: "a sender does not have this setting",
    MISSING_SETTING: "a sender lacks a setting that it cannot do without",
    BAD_SETTING: "a sender's setting is not what it takes",
    LITERAL_SECRET: "a secret stands in the senders file itself",
    NO_SECRET: "a secret is not where the senders file says",
    NO_SENDER: "a channel of the plan has no sender",
}
"""What each code means, in one line."""
