"""The codes of this room's diagnostics, each with its cause in one line."""

from __future__ import annotations

CODES = {
    "C301": "the plan file cannot be opened",
    "C302": "the plan file is not a text file",
    "C303": "the plan file is not JSON",
    "C304": "the file is no plan, or one of another version",
    "C305": "the plan does not have the shape that its version prescribes",
    "C306": "the plan contradicts itself",
    "C307": "a chain with a hole cannot become a plan",
    "C308": "the output file cannot be written",
}
