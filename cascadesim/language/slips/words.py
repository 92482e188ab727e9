"""Words from elsewhere, within a line: comparisons, branches, rules and steps as they are put in other tools."""

from __future__ import annotations

import re

from cascadesim.language.slips.slip import DONE, Slip, indent, slip

_STATES = {
    "deliver": "delivered", "open": "opened", "answer": "answered", "click": "clicked", "repl": "replied",
    "conver": "converted", "unsubscrib": "unsubscribed", "read": "opened", "seen": "opened", "view": "opened",
    "pick": "answered", "respond": "replied", "purchas": "converted", "bought": "converted",
}  # fmt: skip
FORMS = (
    "deliver|delivers|delivery|opens?|opening|answers?|answering|clicks?|clicking|reply|replies|responds?|responded|"
    "converts?|conversion|unsubscribes?|reads?|seen|viewed|picked up|purchased|bought"
)
_FOUR = "write `{}`; limits are at least, at most, over and under"


def state_of(form: str) -> str:
    """The state that a form of a word is about: `opening` is `opened`."""
    return next((state for stem, state in _STATES.items() if form.lower().startswith(stem)), "opened")


def _state(match: re.Match[str]) -> str:
    return state_of(match[1])


def _on_next_line(match: re.Match[str]) -> str:
    return f"\n{indent(match)}{match['step']}"


def _wait_before(match: re.Match[str]) -> str:
    return f"wait until {match['time']}\n{indent(match)}{match['send']}"


WORDS: tuple[Slip, ...] = (
    slip("C119", r"\b(?:above|greater than|more than|exceeds|bigger than|after)\b", "not the word here",
         _FOUR.format("over"), "over", wanted="OVER"),
    slip("C119", r"\b(?:below|less than|fewer than|lower than|smaller than|before)\b",
         "not the word here", _FOUR.format("under"), "under", wanted="UNDER"),
    slip("C119", r"\b(?:no more than|not more than|max(?:imum)?|up to|not over)\b", "not the word here",
         _FOUR.format("at most"), "at most", wanted="AT"),
    slip("C119", r"\b(?:no less than|not less than|min(?:imum)?|not under)\b", "not the word here",
         _FOUR.format("at least"), "at least", wanted="AT"),
    slip("C119", r"\b(?:equals|equal to|are|=)\b", "not the word here", "write `is`", "is", wanted="IS"),
    slip("C120", r"\btill\b", "not a word of the language", "write `until`", "until", wanted="UNTIL"),
    slip("C120", r"\b(?:till|until)\b", "not the word here", "write `to`", "to", wanted="TO"),
    slip("C120", r"\bbetween (\d{1,2}:\d{2}) and (\d{1,2}:\d{2})", "hours have `from` and `to`", "write {mended}",
         lambda m: f"from {m[1]} to {m[2]}", wanted="FROM"),
    slip("C199", r"(?<=quiet )(?:hours|times?|period)\b ?", "`quiet` alone says it", "delete this word", "",
         wanted="FROM"),
    slip("C121", r"\b(?:else|elif|elsif) ?if\b|\bel(?:s?)if\b", "not a word of the language", "write `otherwise if`",
         "otherwise if"),
    slip("C121", r"\belse\b", "not a word of the language", "write `otherwise`", "otherwise"),
    slip("C122", r"(?P<here>,? *\b(?:and )?then\b,? *(?P<step>(?:send|wait|stop|if|split)\b.*?))(?= *(?:#|$))",
         "one step stands on a line", "write what comes then on the next line", _on_next_line),
    slip("C122", r",? *\b(?:and )?then\b.*", "one step stands on a line", "write what comes then on the next line"),
    slip("C122", r"(?P<here>, *(?P<step>(?:send|stop|if|split)\b(?! when).*?))(?= *(?:#|$))",
         "one step stands on a line",
         "write it on the next line", _on_next_line),
    slip("C123", r"\b(?P<send>send\b.*?) *,? *(?P<here>\b(?:at|on|wait until|until) "
         r"(?P<time>(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day (?:at )?)?\d{1,2}:\d{2})\b)(?= *(?:#|$))",
         "a `send` goes out when it is reached", "write `wait until` with the time on the line before", _wait_before,
         wanted="WAIT SAYING _NL", safe=False),
    slip("C123", r"(?P<here>,? *\b(?:wait )?(?P<step>until (?:\w+ )?(?:at )?\d+:\d+))(?= *(?:#|$))",
         "a `send` waits for a length of time", "write `wait until` on the next line",
         lambda m: f"\n{indent(m)}wait {m['step']}", wanted="DURATION"),
    slip("C124", r"\bstop(?:s|ped)? (?:on|if|once|after|as soon as|whenever) (?:they |it |he |she )?([^\W\d]\w*)",
         "the stop rule begins with `stop when`", "write {mended}", lambda m: f"stop when {_state(m)}", safe=False),
    slip("C125", r"\bmaximi[sz]e +(reach|opens?|opened|reached|delivery|engagement|clicks|conversions?)\b",
         "what is maximized is the coverage", "write {mended}; `covered when` says what counts", "maximize coverage",
         safe=False),
    slip("C125", r"\bminimi[sz]e +(costs?|price|spend(?:ing)?|budget)\b(?! per)", "which cost: what a person costs",
         "write {mended}; a budget is a limit: keep total cost at most 500 EUR", "minimize cost per person",
         safe=False),
    slip("C126", r"\bkeep +(?:the )?(?P<here>budget|spend(?:ing)?|total)(?= +(?:at|over|under|of)\b)",
         "what is spent in all is the total cost", "write keep total cost", "keep total cost", wanted="COVERAGE",
         safe=False),
    slip("C126", r"\bkeep +(?:the )?(?:costs?|budget|price|spend)\b(?! +per)",
         "which cost: of all, or for each person?", "write total cost, cost per person or cost per covered person"),
    slip("C127", r"\bstop when\b", "the stop rule holds for the whole chain", "write it once, at the top of the chain",
         wanted="_NL"),
    slip("C128", rf"(?:otherwise )?if\b.*\b(?:{DONE})\b", "a condition looks at one channel",
         "such as: if email opened", wanted="OPENED"),
    slip("C128", r"\bif (?:they |the |it )+.*", "a condition names the channel and what happened there",
         "such as: if email opened but not clicked"),
    slip("C129", r"\b(?:fails?|failed|bounces?|bounced)\b", "what did not arrive is `undelivered`",
         "write `undelivered`", "undelivered", wanted="UNDELIVERED"),
    slip("C129", rf"\b(?P<here>(?:they|people|customers?|someone|somebody|anyone|he|she|it) "
         rf"(?:(?:have|has|is|are|was|were) )?(?P<form>{FORMS}|{DONE}))\b", "what happened to a message is one word",
         "write `{mended}`", lambda m: state_of(m["form"]), wanted="OPENED"),
    slip("C129", rf"\b({FORMS})\b", "what happened to a message is opened, clicked, replied and so on",
         "write `{mended}`", _state, wanted="OPENED"),
)  # fmt: skip
"""In the order in which they are tried."""
