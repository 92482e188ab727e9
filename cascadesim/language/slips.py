"""Slips of the pen: what people write instead, recognised by its look and answered with what to write.

A slip counts where it touches the place at which a line stops making sense, so a pattern never judges a line
that reads well.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_CURRENCIES = {"€": "EUR", "$": "USD", "£": "GBP"}
_UNITS = {"hr": "h", "hrs": "h", "mins": "min", "secs": "s", "wk": "weeks", "wks": "weeks", "dy": "days", "hs": "h"}
_PERIODS = {"s": "second", "m": "minute", "h": "hour", "d": "day"}
_STATES = {
    "deliver": "delivered", "open": "opened", "answer": "answered", "click": "clicked", "repl": "replied",
    "convert": "converted", "unsubscrib": "unsubscribed", "read": "opened", "seen": "opened",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slip:
    """A pattern, what is wrong with it and what is right.

    `wanted` names terminals, one of which the grammar must expect at the fault (empty: whatever it expects).
    `mend` gives the text that replaces the match (None: it cannot be guessed); `{mended}` in the hint is it.
    """

    pattern: re.Pattern[str]
    message: str
    hint: str
    mend: Callable[[re.Match[str]], str] | None = None
    wanted: frozenset[str] = frozenset()

    def found(self, line: str, at: int, expected: frozenset[str]) -> re.Match[str] | None:
        """Where the slip touches the column (counted from 0) of the line, or comes just before it."""
        if self.wanted and not self.wanted & expected:
            return None
        return next((m for m in self.pattern.finditer(line) if m.start() <= at <= m.end() + 1), None)


def _slip(
    pattern: str, message: str, hint: str, mend: Callable[[re.Match[str]], str] | str | None = None, wanted: str = ""
) -> Slip:
    fixed = (lambda _: mend) if isinstance(mend, str) else mend
    return Slip(re.compile(pattern), message, hint, fixed, frozenset(wanted.split()))


def _clock(match: re.Match[str]) -> str:
    hour = int(match[1]) % 12 + (12 if match[3].lower() == "p" else 0)
    return f"{hour}:{match[2] or '00'}"


def _state(match: re.Match[str]) -> str:
    return next((state for stem, state in _STATES.items() if match[1].startswith(stem)), "opened")


def _stop_when(match: re.Match[str]) -> str:
    return f"stop when {_state(match)}"


SLIPS: tuple[Slip, ...] = (
    _slip(r"[\u00a0\u2007\u202f]", "an invisible space that is not the usual one", "type a plain space instead", " "),
    _slip(r"[\u200b\u200c\u200d\u2060\ufeff]", "an invisible character", "delete it", ""),
    _slip(r"[“”„«»][^“”„«»\n]*[“”„«»]?|'[^']*'", "texts stand between straight double quotes", 'write {mended}',
          lambda m: f'"{m[0].strip(chr(39) + "“”„«»")}"'),
    _slip(r":(?=\s*(?:#|$))", "no colon here: the indentation says what belongs to the block", "delete the colon", ""),
    _slip(r'"[^"]*$', "this text is never closed", 'end it with " on the same line; \\n makes a new line in it'),
    _slip(r"([€$£]) ?(\d[\d_.]*)", "money is an amount and the code of its currency", "write {mended}",
          lambda m: f"{m[2]} {_CURRENCIES[m[1]]}"),
    _slip(r"(\d[\d_.]*) ?([€$£])", "money is an amount and the code of its currency", "write {mended}",
          lambda m: f"{m[1]} {_CURRENCIES[m[2]]}"),
    _slip(r"\b([A-Z]{3}) (\d[\d_.]*)\b", "the amount comes before its currency", "write {mended}",
          lambda m: f"{m[2]} {m[1]}"),
    _slip(r"\b([1-9]\d{0,2})((?:,\d{3})+)\b", "a comma does not group digits here", "write {mended}, or 10k",
          lambda m: m[1] + m[2].replace(",", "")),
    _slip(r"(?<![\d.])\.(\d+)", "a number begins with a digit", "write {mended}", lambda m: f"0.{m[1]}"),
    _slip(r"\b(\d+),(\d+)\b", "decimals take a point, not a comma", "write {mended}", lambda m: f"{m[1]}.{m[2]}"),
    _slip(r"\b(\d{1,3})((?: \d{3})+)\b", "a space does not group digits here", "write {mended}, or 10k",
          lambda m: m[1] + m[2].replace(" ", "")),
    _slip(r"\b(\d{1,2})(?::(\d{2}))? ?([aApP])\.?[mM]\b", "times are written on the 24-hour clock", "write {mended}",
          _clock),
    _slip(r"\b(\d[\d_]*) ?m\b", "`m` could be months or minutes", "write {mended} for minutes, or count in days",
          lambda m: f"{m[1]} min"),
    _slip(r"\b(\d[\d_.]*) ?(hrs?|mins|secs|wks?|dy|hs)\b", "a unit that is not known", "write {mended}",
          lambda m: f"{m[1]} {_UNITS[m[2]]}"),
    _slip(r"\b(\d[\d_.]*) ?(months?|mo|years?|yr|y)\b", "months and years differ in length", "count in days or weeks"),
    _slip(r"\b(\d[\d_.]*) ?(percent|per cent|pct)\b", "a share takes the percent sign", "write {mended}",
          lambda m: f"{m[1]}%"),
    _slip(r"(\d[\d_.]*) ?[-–—] ?(\d[\d_.]*) ?%", "a range is written with `to`", "write {mended}",
          lambda m: f"{m[1]}% to {m[2]}%"),
    _slip(r"\b(\d[\d_]*[kM]?) ?/ ?(s|sec|second|m|min|minute|h|hour|d|day)\b", "a rate is written with `per`",
          "write {mended}",
          lambda m: f"{m[1]} per {_PERIODS[m[2][0]]}"),
    _slip(r"//.*$", "a comment begins with #", "write {mended}", lambda m: f"#{m[0][2:]}"),
    _slip(r"(?:>=|=>|≥)", "comparisons are written in words", "write `at least`", "at least"),
    _slip(r"(?:<=|=<|≤)", "comparisons are written in words", "write `at most`", "at most"),
    _slip(r"(?:>|\b(?:above|greater than|more than)\b)", "comparisons are written in words", "write `over`", "over",
          "OVER"),
    _slip(r"(?:<|\b(?:below|less than|fewer than|lower than)\b)", "comparisons are written in words", "write `under`",
          "under", "UNDER"),
    _slip(r"(?:!=|<>)", "comparisons are written in words", "write `is not`", "is not"),
    _slip(r"==?", "comparisons are written in words", "write `is`", "is", "IS"),
    _slip(r"\btill\b", "not a word of the language", "write `until`", "until", "UNTIL"),
    _slip(r"\b(?:till|until)\b", "not the word here", "write `to`", "to", "TO"),
    _slip(r"\b(?:else|elif|elsif) ?if\b|\bel(?:s?)if\b", "not a word of the language", "write `otherwise if`",
          "otherwise if"),
    _slip(r"\belse\b", "not a word of the language", "write `otherwise`", "otherwise"),
    _slip(r",? *\bthen\b.*", "one step stands on a line", "write what comes then on the next line"),
    _slip(r", *send\b.*", "one step stands on a line", "write this `send` on the next line"),
    _slip(r"\bat (\d{1,2}:\d{2})\b.*", "a `send` goes out when it is reached",
          "write `wait until` with the time on the line before"),
    _slip(r"\bstop (?:on|if) (\w+)", "the stop rule begins with `stop when`", "write {mended}", _stop_when),
    _slip(r"\bmaximi[sz]e +(reach|opens?|opened|reached)\b", "what is maximized is the coverage",
          "write {mended}; `covered when` says what counts", "maximize coverage"),
    _slip(r"\bkeep +costs?\b(?! +per) *\w*", "which cost: of all, or for each person?",
          "write total cost, cost per person or cost per covered person"),
    _slip(r"\bstop when\b", "the stop rule holds for the whole chain", "write it once, at the top of the chain",
          None, "_NL"),
    _slip(r",? *\bwait until (?:\w+ )?\d+:\d+", "a `send` waits for a length of time",
          "write `wait until` on the next line", None, "DURATION"),
    _slip(r"(?:otherwise )?if\b.*\b(?:delivered|opened|answered|clicked|replied|converted|unsubscribed)\b",
          "a condition looks at one channel", "such as: if email opened", None, "OPENED"),
    _slip(r"\b((?:deliver|open|answer|click|repl|convert|unsubscrib|read|seen)\w*)\b", "states are participles here",
          "write `{mended}`", _state, "OPENED"),
)  # fmt: skip
"""In the order in which they are tried."""
