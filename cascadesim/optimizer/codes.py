"""The codes of what can be wrong with a question, C401 to C499, each with its cause in one line."""

from __future__ import annotations

CODES = {
    "C401": "no plan keeps this limit, whatever else it does",
    "C402": "no plan keeps all the limits together",
    "C403": "no plan is allowed by the question's channels, steps and waits",
    "C404": "the restriction leaves no channel to choose from",
    "C405": "the waits of the question allow more than can be looked at",
    "C406": "a limit speaks of a segment that the question is not for",
    "C407": "there is nobody to write to",
    "C408": "the time was too short to find a plan that keeps the limits",
    "C409": "what the plans come to cannot be calculated",
    "C410": "the question chooses from more channels than can be looked at",
}
"""What each code means. A code never changes its meaning."""
