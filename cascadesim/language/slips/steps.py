"""Steps and conditions of a chain as they are put elsewhere."""

from __future__ import annotations

import re

from cascadesim.language.slips.slip import DONE, LENGTH, NAME, VERBS, Slip, indent, slip


def _branch(match: re.Match[str]) -> str:
    return f"{match['if'].rstrip(' ,')}\n{indent(match)}    {match['step']}"


def _written_out(match: re.Match[str]) -> str:
    """Each attempt as a `send` and a wait; an hour between them if nothing is said."""
    between, last = re.search(LENGTH, match["between"]), match["length"]
    gap = between[0] if between is not None else last or "1 h"
    send = f"send {match['name'] or match['verb']}"
    again = [f"{send}, wait {gap}"] * (int(match["count"]) - 1)
    steps = [*again, send if last is None else f"{send}, wait {last}"]
    return indent(match) + f"\n{indent(match)}".join(steps)


STEPS: tuple[Slip, ...] = (
    slip("C150", rf"^ *(?P<verb>send|call|try|ring)(?: +(?P<name>{NAME}))?(?:, *wait (?P<length>{LENGTH}))?"
         r"(?P<here>,? *(?:(?:try|up to|at most|max|repeat(?:ed)?) *)*\b(?P<count>[1-9]) (?:times|attempts|tries)\b"
         r"(?P<between>[^#]*?))(?= *(?:#|$))", "each attempt is a `send` of its own",
         "write: {mended}", _written_out, safe=False),
    slip("C175", r"^ *(?:stop|end|exit|give up|finish|quit) (?P<here>(?:at|after|from|by) (?P<time>\d{1,2}:\d{2}))"
         r"(?= *(?:#|$))", "the clock is asked by an `if`",
         "write: {mended}, indented below it",
         lambda m: f"{indent(m)}if time between {m['time']} and 0:00\n{indent(m)}    stop", safe=False),
    slip("C122", rf"^ *(?P<here>after (?P<length>{LENGTH}),? (?P<step>(?:stop|send|if|split)\b.*?))(?= *(?:#|$))",
         "first the wait, and on the next line what comes then", "write: {mended}",
         lambda m: f"{indent(m)}wait {m['length']}\n{indent(m)}{m['step']}", safe=False),
    slip("C122", rf"^ *send +(?P<name>{NAME}),? (?P<here>(?P<if>if (?!it\b|undelivered\b)[^,#]*?))(?= *(?:#|$))",
         "first the `if`, and below it what happens then", "write: {mended}",
         lambda m: f"{indent(m)}{m['if']}\n{indent(m)}    send {m['name']}", safe=False),
    slip("C114", rf"\bwait (?P<here>\d+ ?(?:[-–—]|to|or) ?{LENGTH})", "a wait is one length of time",
         "decide on one; the optimizer chooses among several: waits 2 h, 3 h"),
    slip("C182", r"^ *stop (?P<here>(?:after|at) \d+ (?:messages?|steps?|attempts|sends))\b",
         "a chain sends what its steps send", "end it after so many; in `optimize`: never more than 3 messages"),
    slip("C122", rf"^ *(?P<step>send {NAME}(?: and {NAME})*) *"
         rf"(?P<here>,? *(?:after|in) (?P<length>{LENGTH}))(?= *(?:#|$))",
         "first the wait, and on the next line what comes then", "write: {mended}",
         lambda m: f"{indent(m)}wait {m['length']}\n{indent(m)}{m['step']}", safe=False),
    slip("C159", rf"\bsend {NAME} (?P<here>(?:in|with|by|about) [^,#\"]*?)(?= *(?:#|$|,))",
         "what is said stands behind `saying`",
         "everybody is told the same here: a message in each language takes a chain for each segment, "
         "such as: chain a for loyal", wanted="_NL"),
    slip("C172",
         rf"(?P<here>,? *(?:or|and|but)? *if (?:it is |not delivered|undelivered)(?: after| within|,)? "
        rf"(?P<length>{LENGTH}))"
         r"(?= *(?:#|$))", "the undelivered move on earlier by `but`", "write {mended}",
         lambda m: f" but {m['length']} if undelivered"),
    slip("C172", rf"(?P<here>, *(?:or|and|but) (?P<length>{LENGTH}) if (?:undelivered|not delivered))",
         "the undelivered move on earlier by `but`", "write {mended}",
         lambda m: f" but {m['length']} if undelivered"),
    slip("C153", rf"\bsaying (?P<here>{NAME}(?:[ '.!?-]+{NAME})+[.!?]*)(?= *(?:#|$|, wait))",
         "a text stands in quotes", 'write {mended}', lambda m: f'saying "{m["here"]}"', wanted="COMMA"),
    slip("C172",
         rf"^(?P<before> *send [^,;:\"]*?(?:\"[^\"]*\")?)(?!, wait )"
         r"(?P<here>(?: *;| and then| and|,? then|,? for|,)?"
         rf"(?: wait)? )(?P<length>{LENGTH})(?= *(?:#|$|but |or until))", "the wait of a `send` follows a comma",
         "write {mended}", lambda m: f"{m['before']}, wait {m['length']}"),
    slip("C172", r"^(?P<before> *send [^,;:]*?)(?P<here> (?:and )?wait )(?=\d)", "the wait of a `send` follows a comma",
         "write {mended}", lambda m: f"{m['before']}, wait "),
    slip("C173", rf"\bwait until (?P<events>(?:{DONE}|\"|{NAME} (?:{DONE})).*?)(?= *(?:#|$))",
         "how long at most?", "such as: wait 1 day or until opened"),
    slip("C171", r"\bwait (?P<here>for|up to|at most|at least|about|another|max(?:imum)?) (?=\d)",
         "this word is too much", "leave it out", "wait "),
    slip("C173", rf"(?<=[a-z] )(?P<here>\bunless) (?=(?:{NAME} )?(?:{DONE})\b|\")",
         "what ends a wait is said by `or until`", "write {mended}", "or until "),
    slip("C178",
         rf"\b(?P<send>send {NAME}(?: and {NAME})*?) "
         r"*(?P<here>(?:with(?: text| message)?|text|message|that says|:)? *)"
         r"(?=\")",
         "words are sent by `saying`", "write: send sms saying \"Hello\"", lambda m: f"{m['send']} saying "),
    slip("C176", rf"\bsend {NAME} (?P<here>(?:to|for) (?:the |all )?{NAME}(?: only)?)(?= *(?:#|$|,))",
         "a `send` is for everybody who gets there",
         "put it below `if segment is` and the name; or name the segment in the heading: chain a for loyal"),
    slip("C177", r"\b(?P<send>send [^,]*?) (?P<here>again|once more|a second time|one more time)\b",
         "a second `send` is sent again", "delete this; its rate is said in the channel: resend opens 18%",
         lambda m: m["send"]),
    slip("C150", rf"\bsend {NAME} (?P<here>or|otherwise|/) ?{NAME}", "either the one or the other, by what is known",
         "write `if reachable on` and the first channel, and `otherwise` below it"),
    slip("C123", r"\bsend [^,]*?(?P<here>(?:only )?(?:from|between) \d{1,2}:\d{2} (?:to|and|until) \d{1,2}:\d{2})",
         "the hours in which a channel sends stand in the channel", "such as: quiet from 21:00 to 9:00"),
    slip("C179", r"\bsplit (?P<here>.*\d+.*?)(?= *(?:#|$))", "each arm has a line of its own",
         "below `split`, indented: 50% \"a call\", and below that its steps"),
    slip("C122", r"\b(?P<if>(?:otherwise )?if [^,:]*?)(?P<here>(?:,|:)? (?:then )?(?P<step>(?:send|wait|stop)\b.*?))"
         r"(?= *(?:#|$))", "what happens then stands on the next line, indented", "write it there", _branch,
         wanted="_NL _INDENT AND"),
    slip("C122", r"^(?P<if> *otherwise)(?P<here>,? (?P<step>(?:send|wait|stop)\b.*?))(?= *(?:#|$))",
         "what happens then stands on the next line, indented", "write it there", _branch),
    slip("C122", rf"(?P<here>, *(?P<step>(?:lasts|costs|{VERBS}|reports|sends|quiet) .*?))(?= *(?:#|$))",
         "one statement stands on a line", "write it on the next line", lambda m: f"\n{indent(m)}{m['step']}"),
)  # fmt: skip

CONDITIONS: tuple[Slip, ...] = (
    slip("C009", rf"\bif (?P<name>{NAME}) (?P<here>was not|is not|wasn't|isn't|not|has not been|hasn't been) "
         rf"(?P<state>{DONE})\b", "`not` stands in front", "write {mended}",
         lambda m: f"if not {m['name']} {m['state']}"),
    slip("C009", rf"\b(?P<name>{NAME}) (?P<here>was|is|has been|got|were) (?P<state>{DONE})\b",
         "this word is too much", "leave it out", lambda m: f"{m['name']} {m['state']}", wanted="OPENED"),
    slip("C009", rf"\b(?P<state>{DONE}) (?P<here>and) not (?P<other>{DONE})\b", "what is missing follows `but not`",
         "write {mended}", lambda m: f"{m['state']} but not {m['other']}"),
    slip("C009", rf"\bif (?P<here>(?P<state>{DONE}) (?:the |an? )?(?P<name>(?!(?:but|and|or|then|not)\b){NAME}))",
         "first the channel, then what happened there", "write {mended}", lambda m: f"if {m['name']} {m['state']}"),
    slip("C171", rf"\breachable (?P<here>)(?!on\b)(?={NAME} *(?:#|$|\)|,|and\b|or\b))", "`on` is missing",
         "write {mended}", "reachable on ", wanted="ON"),
    slip("C009", r"\bif (?P<here>not (?:delivered|received))\b", "the word is `undelivered`", "write {mended}",
         "if undelivered", safe=False),
    slip("C174", rf"\bif segment (?P<here>)(?!is\b)(?P<name>{NAME})", "`is` is missing", "write {mended}",
         lambda m: f"if segment is {m['name']}", wanted="IS"),
    slip("C174", rf"\bif (?:the )?(?P<here>{NAME}) (?:is|=|==|are|over|under|at least|at most)\b.*",
         "a branch does not look at the contacts' columns",
         "make a segment of these people (people from \"c.csv\" where language is ru), then: if segment is",
         wanted="OPENED"),
    slip("C174", rf"\bif (?P<here>(?!(?:{DONE})\b){NAME})(?= *(?:#|$))",
         "a branch asks about a segment, a channel or the clock",
         "such as: if segment is loyal, if email opened, if reachable on push", wanted="OPENED"),
)  # fmt: skip
