"""Statements as they are put elsewhere: a small word missing, or the right words in another order."""

from __future__ import annotations

import re

from cascadesim.language.slips.slip import Slip, indent, slip

_DONE = "delivered|opened|answered|clicked|replied|converted|unsubscribed"
_WEEKEND = "saturday, sunday"
_WORKDAYS = "monday, tuesday, wednesday, thursday, friday"
_VERBS = "reaches|delivers|opens|answers|clicks|replies|converts|unsubscribes"
_NAME = r"[^\W\d_][\w-]*"
_LENGTH = r"\d[\d.]* ?[a-z]+(?: \d+ ?[a-z]+)?"


def _days(match: re.Match[str]) -> str:
    days = _WEEKEND if "end" in match["here"].lower() else _WORKDAYS
    return f"one of {days}" if match["is"] is not None else days


def _named(match: re.Match[str]) -> str:
    name = re.sub(r"\W+", "-", match["title"].lower()).strip("-")
    return f'{match["kind"]} {name} "{match["title"]}"'


def _branch(match: re.Match[str]) -> str:
    return f"{match['if'].rstrip(' ,')}\n{indent(match)}    {match['step']}"


PRICES_AND_RATES: tuple[Slip, ...] = (
    slip("C168", r"^ *(?P<here>costs? +(?:free|nothing|zero|0))(?= *(?:#|$))", "what costs nothing has no `costs` line",
         "delete the line"),
    slip("C092", rf"(?P<here>\b(?:only )?(?:for|in) (?:the )?{_NAME})(?= *(?:#|$))",
         "a channel's lines are for everybody",
         "write in the segment: costs sms 0.05 EUR per part sent, or opens sms 41%", wanted="_NL"),
    slip("C099", rf"\bof (?P<here>(?:those|people|users|the ones|them|who)\b[^,#]*?(?:who |that |having |has )?"
         rf"(?P<state>{_DONE}))(?= *(?:#|$|,))", "a share is of a state", "write {mended}",
         lambda m: f"of {m['state']}", wanted="OPENED"),
    slip("C099", r"(?P<here>\bof (?:those|people|users|the|them|all|everyone|customers)\b[^,#]*?)(?= *(?:#|$|,))",
         "a share is of a state", "such as: clicks 11% of opened; the share alone is of the stage before",
         wanted="OPENED"),
    slip("C099", r"\breaches +(?P<here>(?:everyone|everybody|all|anyone)\b.*?)(?= *(?:#|$))", "a reach is a share",
         "everybody is 100%, and no line at all; with an address: reaches 62%", wanted="SHARE NAME"),
    slip("C049", r"\bper (?:started )?minute(?P<here> ?,? .*?)(?= *(?:#|$))",
         "a price by the minute says no more than this",
         "rounded up: per started minute; how long a call takes has its own line: lasts 2 min"),
    slip("C168", r"\bper (?P<here>(?:sent|delivered|opened|clicked) message)s?\b", "first the message, then its state",
         "write {mended}", lambda m: f"per message {m['here'].split()[0]}"),
    slip("C168", r"\bper (?P<here>(?:email|mail|push|viber|whatsapp|telegram|sms|text) (?:sent|delivered|opened))\b",
         "every channel sends messages", "write {mended}", lambda m: f"per message {m['here'].split()[1]}"),
    slip("C168", r"(?<=per )(?:sms|texts?|e?mails?|push(?:es)?|viber|whatsapp|telegram|notifications?|letters?)\b",
         "a price says what is paid for", "per message sent, per message delivered, or per part sent (of long texts)"),
    slip("C168", r"(?<=per )(?:calls?|second|hour|answered call|connection)\b", "calls are paid by the minute",
         "per minute, or per started minute; in the channel: lasts 40 s"),
    slip("C168", r"(?<=per )(?:month|day|week|year|person|customer|recipient|thousand|1000|1k)\b",
         "a price is for a message, a minute or the campaign", "per message sent, per minute or per campaign",
         wanted="MESSAGE"),
    slip("C168", r"(?<=per )message(?!\s+\w)", "which messages: the sent, or the delivered?",
         "per message sent, or per message delivered", wanted="SENT"),
    slip("C168", r"\bcosts .*?(?P<here>\d[\d.]* ?[A-Z]{3})(?= *(?:#|$))", "a price says what is paid for",
         "such as: costs 0.045 EUR per message sent", wanted="PER"),
    slip("C184", r"(?:~|≈|\b(?:around|about|approx(?:imately)?|ca|roughly|circa)\b\.?) *(?P<share>\d[\d.]*%)",
         "a rough share is a range", "such as 30% to 38%; or the share alone", wanted="SHARE"),
    slip("C184", r"(?P<here>~|≈|\b(?:around|about|approx(?:imately)?|ca|roughly|circa)\b\.?) *(?=\d)",
         "lengths of time are exact", "leave this word out", "", wanted="DURATION"),
    slip("C185", r"%(?P<here>,? (?:with)?in(?: a)?(?= \d))", "which part of them: half, or 90%?",
         "write {mended} for the time by which half have reacted", "%, half within", safe=False),
    slip("C185", r"(?<=half )in\b|(?<=% )in\b", "the word is `within`", "write {mended}", "within", wanted="WITHIN"),
    slip("C185", r"%(?P<here> half within)", "a comma stands before it", "write, half within", "%, half within"),
    slip("C180", rf"\b(?P<verb>{_VERBS}) +(?P<share>\d[\d.]*%) +(?:on|by|for|in|of) +(?P<name>{_NAME})",
         "first the channel, then the share", "write {mended}", lambda m: f"{m['verb']} {m['name']} {m['share']}",
         wanted="NAME"),
    slip("C180", rf"^ +(?P<name>{_NAME}) +(?P<verb>{_VERBS}) +(?P<share>\d[\d.]*%)",
         "first the verb, then the channel", "write {mended}",
         lambda m: f"{indent(m)}{m['verb']} {m['name']} {m['share']}", wanted="PEOPLE"),
    slip("C180", rf"^ +(?P<name>{_NAME}) +(?P<here>costs)\b", "first the word `costs`, then the channel",
         "write {mended}", lambda m: f"{indent(m)}costs {m['name']}", wanted="PEOPLE"),
    slip("C180", rf"\b(?P<verb>{_VERBS}|costs) +(?P<here>\d[\d.]*(?:%| ?[A-Z]{{3}}))",
         "a segment says which channel it speaks of", "such as: opens sms 41%, or costs sms 0.05 EUR per part sent",
         wanted="NAME"),
)  # fmt: skip

DAYS_AND_HOURS: tuple[Slip, ...] = (
    slip("C169", r"\bif (?:it is |it's )?(?:a |the )?(?P<here>weekend)\b", "days are named one by one",
         "write {mended}",
         "if day is one of saturday, sunday"),
    slip("C169",
         r"(?i)(?P<is>(?<=day is )|(?<=day is a ))?(?P<here>\b(?:the )?(?:weekends?|week-ends?|weekdays|workdays|"
         r"working days|business days))\b", "days are named one by one", "write {mended}", _days),
    slip("C170", r"\b(?P<here>(?:public|national|bank|state|official) holidays)\b", "`holidays` alone says it",
         "such as: holidays of LV", "holidays"),
    slip("C170", r"\bholidays (?P<here>in)\b", "holidays are those of a country", "such as: holidays of LV",
         "holidays of"),
    slip("C170", r"\bholidays\b(?= *(?:#|$|,))", "whose holidays?", "name the country by two letters: holidays of LV",
         wanted="OF"),
    slip("C120", r"\bquiet (?P<here>)(?=\d{1,2}:\d{2} to \d)", "hours run from one time to another", "write {mended}",
         "quiet from ", wanted="FROM"),
    slip("C131", r"\b(?:at|by|during|in)(?: the)? nights?\b|\bnights?\b", "which hours are the night?",
         "such as: quiet from 21:00 to 9:00", wanted="FROM"),
    slip("C171", r"\bstarts (?P<here>on|at|from) (?=\d)", "this word is too much", "leave it out", "starts "),
    slip("C171", r"(?P<day>\d{4}-\d{2}-\d{2}) (?P<here>at|,) ?(?=\d)", "this word is too much", "leave it out",
         lambda m: f"{m['day']} "),
    slip("C132", r"\bstarts (?P<here>(?:on )?(?:next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
         "a campaign starts on a date", "such as: starts 2027-03-01 10:00"),
    slip("C131", r"\b\d{4}-\d{2}-\d{2}\b(?= *(?:#|$))", "at which time?", "such as: starts 2027-03-01 10:00",
         wanted="TIME"),
    slip("C171", r"\b(?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day) (?P<here>at) (?=\d)", "this word is too much",
         "leave it out", lambda m: f"{m['day']} ", wanted="TIME"),
    slip("C171", r"\buntil (?P<here>(?:on |next |the next |the )+)(?=\w)", "this word is too much", "leave it out",
         "until "),
    slip("C131", r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b(?= *(?:#|$))", "at which time?",
         "such as: wait until monday 10:00", wanted="TIME"),
    slip("C175", r"\bif (?P<here>time (?:is )?(?:after|past|over|later than)) (\d{1,2}:\d{2})",
         "the clock is asked between two times", "write {mended}", lambda m: f"if time between {m[2]} and 0:00"),
    slip("C175", r"\bif (?P<here>time (?:is )?(?:before|under|until|earlier than)) (\d{1,2}:\d{2})",
         "the clock is asked between two times", "write {mended}", lambda m: f"if time between 0:00 and {m[2]}"),
    slip("C175", r"\btime (?P<here>is between|from|is from) (\d{1,2}:\d{2}) (?:and|to|until) (\d{1,2}:\d{2})",
         "the clock is asked between two times", "write {mended}", lambda m: f"time between {m[2]} and {m[3]}"),
)  # fmt: skip

STEPS: tuple[Slip, ...] = (
    slip("C172",
         rf"(?P<here>,? *(?:or|and|but)? *if (?:it is |not delivered|undelivered)(?: after| within|,)? "
        rf"(?P<length>{_LENGTH}))"
         r"(?= *(?:#|$))", "the undelivered move on earlier by `but`", "write {mended}",
         lambda m: f" but {m['length']} if undelivered"),
    slip("C172", rf"(?P<here>, *(?:or|and|but) (?P<length>{_LENGTH}) if (?:undelivered|not delivered))",
         "the undelivered move on earlier by `but`", "write {mended}",
         lambda m: f" but {m['length']} if undelivered"),
    slip("C150", r"(?P<here>,? *(?:try|up to|repeat(?:ed)?|every)? *\b\d+ (?:times|attempts|tries)\b.*?)(?= *(?:#|$))",
         "each attempt is a `send` of its own", "write it again on the next line: send call, wait 1 h",
         wanted="_NL COMMA BUT"),
    slip("C153", rf"\bsaying (?P<here>{_NAME}(?:[ '.!?-]+{_NAME})+[.!?]*)(?= *(?:#|$|, wait))",
         "a text stands in quotes", 'write {mended}', lambda m: f'saying "{m["here"]}"', wanted="COMMA"),
    slip("C172",
         rf"^(?P<before> *send [^,\"]*?(?:\"[^\"]*\")?)(?!, wait )"
         r"(?P<here>(?: *;| and then| and|,? then|,? for|,? after|,)?"
         rf"(?: wait)? )(?P<length>{_LENGTH})(?= *(?:#|$|but |or until))", "the wait of a `send` follows a comma",
         "write {mended}", lambda m: f"{m['before']}, wait {m['length']}"),
    slip("C172", r"^(?P<before> *send [^,]*?)(?P<here> (?:and )?wait )(?=\d)", "the wait of a `send` follows a comma",
         "write {mended}", lambda m: f"{m['before']}, wait "),
    slip("C173", rf"\bwait until (?P<events>(?:{_DONE}|\"|{_NAME} (?:{_DONE})).*?)(?= *(?:#|$))",
         "how long at most?", "such as: wait 1 day or until opened"),
    slip("C171", r"\bwait (?P<here>for|up to|at most|at least|about|another|max(?:imum)?) (?=\d)",
         "this word is too much", "leave it out", "wait "),
    slip("C173", rf"(?P<here>\bunless) (?=(?:{_NAME} )?(?:{_DONE})\b|\")", "what ends a wait is said by `or until`",
         "write {mended}", "or until "),
    slip("C178",
         rf"\b(?P<send>send {_NAME}(?: and {_NAME})*?) "
         r"*(?P<here>(?:with(?: text| message)?|text|message|that says|:)? *)"
         r"(?=\")",
         "words are sent by `saying`", "such as: send sms saying \"Hello\"", lambda m: f"{m['send']} saying "),
    slip("C176", rf"\bsend {_NAME} (?P<here>(?:to|for) (?:the |all )?{_NAME}(?: only)?)(?= *(?:#|$|,))",
         "a `send` is for everybody who gets there",
         "put it below `if segment is` and the name; or name the segment in the heading: chain a for loyal"),
    slip("C177", r"\b(?P<send>send [^,]*?) (?P<here>again|once more|a second time|one more time)\b",
         "a second `send` is sent again", "delete this; its rate is said in the channel: resend opens 18%",
         lambda m: m["send"]),
    slip("C150", rf"\bsend {_NAME} (?P<here>or|otherwise|/) ?{_NAME}", "either the one or the other, by what is known",
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
    slip("C122", rf"(?P<here>, *(?P<step>(?:lasts|costs|{_VERBS}|reports|sends|quiet) .*?))(?= *(?:#|$))",
         "one statement stands on a line", "write it on the next line", lambda m: f"\n{indent(m)}{m['step']}"),
)  # fmt: skip

CONDITIONS: tuple[Slip, ...] = (
    slip("C009", rf"\bif (?P<name>{_NAME}) (?P<here>was not|is not|wasn't|isn't|not|has not been|hasn't been) "
         rf"(?P<state>{_DONE})\b", "`not` stands in front", "write {mended}",
         lambda m: f"if not {m['name']} {m['state']}"),
    slip("C009", rf"\b(?P<name>{_NAME}) (?P<here>was|is|has been|got|were) (?P<state>{_DONE})\b",
         "this word is too much", "leave it out", lambda m: f"{m['name']} {m['state']}", wanted="OPENED"),
    slip("C009", rf"\b(?P<state>{_DONE}) (?P<here>and) not (?P<other>{_DONE})\b", "what is missing follows `but not`",
         "write {mended}", lambda m: f"{m['state']} but not {m['other']}"),
    slip("C009", rf"\bif (?P<here>(?P<state>{_DONE}) (?:the |an? )?(?P<name>(?!(?:but|and|or|then|not)\b){_NAME}))",
         "first the channel, then what happened there", "write {mended}", lambda m: f"if {m['name']} {m['state']}"),
    slip("C009", r"\bif (?P<here>not (?:delivered|received))\b", "the word is `undelivered`", "write {mended}",
         "if undelivered", safe=False),
    slip("C174", rf"\bif segment (?P<here>)(?!is\b)(?P<name>{_NAME})", "`is` is missing", "write {mended}",
         lambda m: f"if segment is {m['name']}", wanted="IS"),
    slip("C174", rf"\bif (?:the )?(?P<here>{_NAME}) (?:is|=|==|are|over|under|at least|at most)\b.*",
         "a branch does not look at the contacts' columns",
         "make a segment of these people (people from \"c.csv\" where language is ru), then: if segment is",
         wanted="OPENED"),
    slip("C174", rf"\bif (?P<here>(?!(?:{_DONE})\b){_NAME})(?= *(?:#|$))",
         "a branch asks about a segment, a channel or the clock",
         "such as: if segment is loyal, if email opened, if reachable on push", wanted="OPENED"),
)  # fmt: skip

PEOPLE: tuple[Slip, ...] = (
    slip("C171", r"\bpeople (?P<here>)(?=\")", "`from` is missing", "write {mended}", "people from ", wanted="FROM"),
    slip("C171", r"\bpeople from (?P<here>(?:the )?file |csv )", "this word is too much", "leave it out",
         "people from "),
    slip("C115", r"\b(?P<count>\d[\d_.]*[kM]?) (?P<here>(?:people |users |customers )?(?:an?|each|every)) "
         r"(?P<per>second|minute|hour|day)\b", "a rate is written with `per`", "write {mended}",
         lambda m: f"{m['count']} per {m['per']}", wanted="PER"),
    slip("C181",
         rf"^(?:segment|channel|message|chain) +{_NAME} +(?P<here>(?:from|where|with|costs?|people|opens|reaches|"
         r"delivers|answers|sends|send|is|has|of)\b.*?)(?= *(?:#|$))", "this belongs on a line of its own",
         "write it on the next line, indented"),
    slip("C152", r"^(?P<kind>segment|channel|message|chain) +(?P<here>\"(?P<title>[^\"]+)\")",
         "a name comes first, then the title", "such as {mended}",
         _named, safe=False),
)  # fmt: skip

QUESTIONS: tuple[Slip, ...] = (
    slip("C182",
         r"\bnever more than (?P<count>\d+) messages(?P<here> (?:per|for|to|a) (?:each )?(?:person|customer|user|"
         r"recipient|contact))\b", "it is for each person anyway", "write {mended}",
         lambda m: f"never more than {m['count']} messages"),
    slip("C182", r"\bmessages(?P<here> (?:per|a|each|every|in|within) .*(?:day|week|month|hour)s?)\b",
         "the cap holds for the whole chain", "leave this out: never more than 3 messages"),
    slip("C182",
         r"\bkeep (?P<here>(?:(?:messages? )?(?:at most|under|below|over) \d+|(?:at most|under) \d+ messages?).*?)"
         r"(?= *(?:#|$))", "on average, or as a cap for everybody?",
         "keep messages per person at most 3 (on average), or never more than 3 messages", wanted="ON COVERAGE"),
    slip("C183", rf"\bnever (?P<one>{_NAME}) (?P<here>before) (?P<other>{_NAME})", "what comes later is named first",
         "write {mended}", lambda m: f"never {m['other']} after {m['one']}", wanted="AFTER"),
    slip("C183", rf"\bnever {_NAME}(?P<here> (?!after\b).*?)(?= *(?:#|$))", "`never` knows two sentences",
         "never call after sms, or never more than 3 messages; hours without sending are `quiet` in the channel",
         wanted="AFTER"),
    slip("C171", r"\bruns (?P<here>(?:in |over )?)(?=\d)", "`for` is missing", "write {mended}", "runs for ",
         wanted="FOR"),
    slip("C171", r"\bsends (?P<here>(?:at most |max(?:imum)? |only |no more than |about )?)(?=\d)",
         "`up to` is missing", "write {mended}", "sends up to ", wanted="UP"),
    slip("C171", r"\bchoose (?P<here>)(?!from\b)(?=\w)", "`from` is missing", "write {mended}", "choose from ",
         wanted="FROM"),
    slip("C171", r"\bcompare (?P<here>(?:with|to|against|chains?) )(?=\w)", "this word is too much", "leave it out",
         "compare "),
    slip("C171", r"\bsteps (?P<here>(?:at most|max(?:imum)?|no more than|not more than) )(?=\d)", "`up to` is the word",
         "write {mended}", "steps up to "),
    slip("C171", r"\bsteps (?P<count>\d+)(?= *(?:#|$))", "from how many to how many?", "write {mended}",
         lambda m: f"steps {m['count']} to {m['count']}", safe=False),
    slip("C171", rf"(?P<here>\bin) (?={_LENGTH})", "the deadline follows `within`", "write {mended}", "within ",
         wanted="WITHIN"),
    slip("C125", r"\bmaximi[sz]e +(?:the )?(?P<here>orders?|sales|revenue|purchases|response|replies|readers|reads)\b",
         "what is maximized is the coverage", "write maximize coverage; `covered when` says what counts",
         "maximize coverage", safe=False),
    slip("C125", r"\bminimi[sz]e +(?P<here>total costs?|costs? per covered person|the costs?|messages|time)\b(?! to)",
         "the objectives are few", "minimize cost per person, or minimize time to open"),
    slip("C125", r"\bminimi[sz]e +(?P<here>cost per (?!person)\w+)", "the cost is that of each person",
         "write {mended}", "minimize cost per person", safe=False),
    slip("C125", r"\bmaximi[sz]e +(?:the )?(?P<here>profit)\b(?! at)", "what is a covered person worth?",
         "such as: maximize profit at 0.40 EUR per covered person"),
)  # fmt: skip

LINES: tuple[Slip, ...] = (*PEOPLE, *PRICES_AND_RATES, *DAYS_AND_HOURS, *STEPS, *CONDITIONS, *QUESTIONS)
"""In the order in which they are tried."""
