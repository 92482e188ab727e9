"""What a block may say once, and what again and again."""

from __future__ import annotations

from collections.abc import Hashable

from cascadesim.language.statements import Block, Faults, Line
from cascadesim.model.message import Content

_AGAIN = frozenset((
    "quiet", "quiet_days", "costs", "exchange", "own_rate", "own_price", "cell", "leaves", "both",
    "send", "wait", "wait_until", "stop", "hole", "choice", "split",
    "keep_coverage", "keep_cost", "keep_average", "keep_messages", "keep_time", "never_after", "repeat",
))  # fmt: skip
_SAME = {
    **dict.fromkeys(("headcount", "arrivals", "contacts"), "`people`"),
    **dict.fromkeys(("cheapest", "quickest", "widest", "best_value", "profit"), "the objective"),
    **dict.fromkeys(("reports", "reports_nothing"), "`reports`"),
    "stop_when": "`stop when`",
    "commitment": "`costs at least`",
}


def check_once(block: Block, faults: Faults) -> None:
    """Notes the statements that are there a second time though one would have to do."""
    first: dict[Hashable, Line] = {}
    for line in block.lines:
        key = _key(line)
        if key is None:
            continue
        before = first.setdefault(key, line)
        if before is not line:
            message = f"{_called(line)} is stated twice, first in line {before.span.line}"
            faults.error("C034", line.span, message, "keep one of the two lines")


def _key(line: Line) -> Hashable:
    if line.rule in _AGAIN:
        return None
    if isinstance(line.value, Content):
        return (line.value.part, line.value.channel) if line.value.part != "button" else None
    if line.rule in ("rate", "resend"):
        return (line.rule, line.value.verb)
    return _SAME.get(line.rule, line.rule)


def _called(line: Line) -> str:
    return _SAME.get(line.rule) or f"`{line.word}`"
