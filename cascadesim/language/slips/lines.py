"""Statements as they are put elsewhere: a small word missing, or the right words in another order.

Steps and conditions, of which there are many, are in `steps`.
"""

from __future__ import annotations

import re

from cascadesim.language.slips.slip import DONE, LENGTH, NAME, VERBS, Slip, indent, slip
from cascadesim.language.slips.steps import CONDITIONS, STEPS

_WEEKEND = "saturday, sunday"
_WORKDAYS = "monday, tuesday, wednesday, thursday, friday"


def _days(match: re.Match[str]) -> str:
    days = _WEEKEND if "end" in match["here"].lower() else _WORKDAYS
    return f"one of {days}" if match["is"] is not None else days


def _named(match: re.Match[str]) -> str:
    name = re.sub(r"\W+", "-", match["title"].lower()).strip("-")
    return f'{match["kind"]} {name} "{match["title"]}"'


PRICES_AND_RATES: tuple[Slip, ...] = (
    slip("C168", r"^ *(?P<here>costs? +(?:free|nothing|zero|0(?:\.0+)?(?: ?[A-Z]{3})?))(?= *(?:#|$))",
         "what costs nothing has no `costs` line",
         "delete the line"),
    slip("C092", rf"(?P<here>\b(?:only )?(?:for|in) (?:the )?{NAME})(?= *(?:#|$))",
         "a channel's lines are for everybody",
         "write in the segment: costs sms 0.05 EUR per part sent, or opens sms 41%", wanted="_NL"),
    slip("C099", r"\breaches .*%(?P<here> (?:of|from|among) .*?)(?= *(?:#|$))", "a reach is a share of all people",
         "if 80% have a phone, and 62% of these are reached: reaches 49.6%", wanted="OPENED _NL"),
    slip("C099", r"\bresend .*%(?P<here> of (?:the|what|its) .*?)(?= *(?:#|$))", "it is a rate like the first one",
         "60% of a first rate of 20% is 12%: resend opens 12%", wanted="OPENED"),
    slip("C099", rf"\bof (?P<here>(?:those|people|users|the ones|them|who)\b[^,#]*?(?:who |that |having |has )?"
         rf"(?P<state>{DONE}))(?= *(?:#|$|,))", "a share is of a state", "write {mended}",
         lambda m: f"of {m['state']}", wanted="OPENED"),
    slip("C099", r"(?P<here>\bof (?:those|people|users|the|them|all|everyone|customers)\b[^,#]*?)(?= *(?:#|$|,))",
         "a share is of a state", "such as: clicks 11% of opened; the share alone is of the stage before",
         wanted="OPENED"),
    slip("C099", r"\breaches +(?P<here>(?:everyone|everybody|all|anyone)\b.*?)(?= *(?:#|$))", "a reach is a share",
         "everybody is 100%, and no line at all; with an address: reaches 62%", wanted="SHARE NAME"),
    slip("C049", r"\bper (?:started )?minute(?P<here> (?:answered|talked|spoken|of (?:a |the )?(?:call|talk)s?))"
         r"(?= *(?:#|$))", "the minutes are those of answered calls anyway", "leave this out",
         lambda m: m[0].removesuffix(m["here"])),
    slip("C156", r"\bper part sent(?P<here>,? .*?)(?= *(?:#|$))", "the parts are counted from the texts",
         "leave this out, and write the texts in a `message`: 70 letters a part, 160 if all of them are Latin",
         wanted="_NL"),
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
    slip("C168", r"\bcosts .*\d ?[A-Z]{3} (?P<here>(?:an?|each|every|monthly|yearly|once|in all|flat|fixed)\b.*?)"
         r"(?= *(?:#|$))", "a price is for a message, a minute or the campaign",
         "per message sent, per minute, or once for all: per campaign", wanted="PER"),
    slip("C168", r"(?<=per )(?P<here>(?:thousand|1000|1k|1,000)\b.*?)(?= *(?:#|$))", "a price is for one message",
         "divide it: 10 EUR per 1000 messages are 0.01 EUR per message sent", wanted="MESSAGE"),
    slip("C168", r"(?<=per )(?:month|day|week|year|person|customer|recipient)\b",
         "a price is for a message, a minute or the campaign", "per message sent, per minute or per campaign",
         wanted="MESSAGE"),
    slip("C168", r"(?<=per )message(?!\s+\w)", "which messages: the sent, or the delivered?",
         "per message sent, or per message delivered", wanted="SENT"),
    slip("C168", r"\bcosts .*?(?P<here>\d[\d.]* ?[A-Z]{3})(?= *(?:#|$))", "a price says what is paid for",
         "such as: costs 0.045 EUR per message sent", wanted="PER"),
    slip("C184", r"(?:~|≈|\b(?:around|about|approx(?:imately)?|ca|roughly|circa)\b\.?) *(?P<share>\d[\d.]*%)",
         "a rough share is a range", "such as 30% to 38%; or the share alone", wanted="SHARE"),
    slip("C171", r"\breports nothing (?P<here>(?:but|except|besides) )(?=\w)", "these words are too much",
         "leave them out", "reports "),
    slip("C184", r"(?P<here>~|≈|\b(?:around|about|approx(?:imately)?|ca|roughly|circa)\b\.?) *(?=\d)",
         "numbers are exact here", "leave this word out", "", wanted="DURATION COUNT"),
    slip("C185", r"^(?P<before>[^,]*%)(?P<here>,? (?:with)?in(?: a)?(?= \d))", "which part of them: half, or 90%?",
         "write `, half within` for the time by which half have reacted", lambda m: f"{m['before']}, half within",
         safe=False),
    slip("C185", r"(?<=half )in\b|(?<=% )in\b", "the word is `within`", "write {mended}", "within", wanted="WITHIN"),
    slip("C185", r"%(?P<here> half within)", "a comma stands before it", "write, half within", "%, half within"),
    slip("C180", rf"\b(?P<verb>{VERBS}) +(?P<share>\d[\d.]*%) +(?:on|by|for|in|of) +(?P<name>{NAME})",
         "first the channel, then the share", "write {mended}", lambda m: f"{m['verb']} {m['name']} {m['share']}",
         wanted="NAME"),
    slip("C180", rf"^ +(?P<name>{NAME}) +(?P<verb>{VERBS}) +(?P<share>\d[\d.]*%)",
         "first the verb, then the channel", "write {mended}",
         lambda m: f"{indent(m)}{m['verb']} {m['name']} {m['share']}", wanted="PEOPLE"),
    slip("C180", rf"^ +(?P<name>{NAME}) +(?P<here>costs)\b", "first the word `costs`, then the channel",
         "write {mended}", lambda m: f"{indent(m)}costs {m['name']}", wanted="PEOPLE"),
    slip("C180", rf"\b(?P<verb>{VERBS}|costs) +(?P<here>\d[\d.]*(?:%| ?[A-Z]{{3}}))",
         "a segment says which channel it speaks of", "such as: opens sms 41%, or costs sms 0.05 EUR per part sent",
         wanted="NAME"),
)  # fmt: skip

DAYS_AND_HOURS: tuple[Slip, ...] = (
    slip("C169", r"\bif (?:it is |it's )?(?:a |the )?(?P<here>weekend)\b", "days are named one by one",
         "write {mended}",
         "if day is one of saturday, sunday"),
    slip("C169",
         r"(?i)(?<=\S )(?P<is>(?<=day is )|(?<=day is a ))?(?P<here>\b(?:the )?(?:weekends?|week-ends?|weekdays|"
         r"workdays|working days|business days))\b", "days are named one by one", "write {mended}", _days),
    slip("C170", r"\b(?P<here>(?:public|national|bank|state|official) holidays)\b", "`holidays` alone says it",
         "such as: holidays of LV", "holidays"),
    slip("C170", r"\bholidays (?P<here>in)\b", "holidays are those of a country", "such as: holidays of LV",
         "holidays of"),
    slip("C170", r"\bholidays\b(?= *(?:#|$|,))", "whose holidays?", "name the country by two letters: holidays of LV",
         wanted="OF"),
    slip("C122", r"\bquiet from \S+ to \S+(?P<here>,? *(?:and |or )?(?:on )?"
         r"(?P<days>(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d{4}-|holidays\b).*?))(?= *(?:#|$))",
         "whole days without messages have a line of their own",
         "write it on the next line: quiet on saturday, sunday; on these days only is: quiet from 18:00 to 10:00 on ..",
         lambda m: f"{m[0].removesuffix(m['here'])}\n{indent(m)}quiet on {m['days']}", wanted="_NL ON", safe=False),
    slip("C171", r"(?i)\bquiet (?P<here>(?:on )?(?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day)s?)\b",
         "days follow `on`", "write {mended}", lambda m: f"quiet on {m['day'].lower()}", wanted="ON MONDAY"),
    slip("C120", r"\bquiet (?P<here>)(?=\d{1,2}(?::\d{2})? to \d)", "hours run from one time to another",
         "write {mended}", "quiet from ", wanted="FROM"),
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
    slip("C175", r"\btime (?P<here>is between|from|is from|is) (\d{1,2}:\d{2}) (?:and|to|until) (\d{1,2}:\d{2})",
         "the clock is asked between two times", "write {mended}", lambda m: f"time between {m[2]} and {m[3]}"),
)  # fmt: skip

PEOPLE: tuple[Slip, ...] = (
    slip("C157", r"\bpeople (?P<here>(?:(?:all|the|every|any)(?:one|body)? ?(?:of )?(?:the )?"
         r"(?:others?|rest|else|remaining|left)|everyone else|others|rest|remaining)\b.*?)(?= *(?:#|$))",
         "a segment does not know of the others",
         'say who is in it: people 10k, or people from "contacts.csv" where tier is not gold'),
    slip("C148", r"^ +(?P<here>(?P<count>\d[\d_.]*[kM]?) +(?:people|customers|users|persons|contacts|members))\b",
         "the word comes first, then how many", "write {mended}", lambda m: f"{indent(m)}people {m['count']}",
         wanted="PEOPLE"),
    slip("C171", r"\bpeople \d[\d_.]*[kM]?(?P<here> (?:people|customers|users|persons|contacts|members))(?= *(?:#|$))",
         "this word is too much", "leave it out", lambda m: m[0].removesuffix(m["here"])),
    slip("C157", r"\bpeople (?P<here>\d[\d.]*%.*?)(?= *(?:#|$))", "people are counted",
         "write how many: people 5000; parts of a segment, by chance, are a `split` in a chain"),
    slip("C008", r"\bpeople (?P<rate>\S+ per (?:second|minute|hour|day))(?P<here>)(?= *(?:#|$))",
         "for how long do they come?", "such as: {mended}", lambda m: f"people {m['rate']} for 14 days", wanted="FOR",
         safe=False),
    slip("C171", r"\bpeople (?P<here>)(?=\")", "`from` is missing", "write {mended}", "people from ", wanted="FROM"),
    slip("C171", r"\bpeople from (?P<here>(?:the )?file |csv )", "this word is too much", "leave it out",
         "people from "),
    slip("C115", r"\b(?P<count>\d[\d_.]*[kM]?) (?P<here>(?:people |users |customers )?(?:an?|each|every)) "
         r"(?P<per>second|minute|hour|day)\b", "a rate is written with `per`", "write {mended}",
         lambda m: f"{m['count']} per {m['per']}", wanted="PER"),
    slip("C181",
         rf"^(?:segment|channel|message|chain) +{NAME} +(?P<here>(?:from|where|with|costs?|people|opens|reaches|"
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
    slip("C160", r"\bkeep (?P<here>(?P<bound>at least|at most|over|under) (?P<limit>\d[\d.]*(?:%| ?[A-Z]{3})) "
         r"(?P<what>coverage|total cost|cost per person))\b", "first what is limited, then how far", "write {mended}",
         lambda m: f"keep {m['what']} {m['bound']} {m['limit']}", wanted="COVERAGE"),
    slip("C182", rf"\bkeep (?P<name>(?!cost|coverage|total|messages|time){NAME}) (?=(?:at most|under|at least|over) \d+"
         r"(?![\d.]*(?:%| ?[A-Z])))", "how many messages on a channel: `messages on`", "write {mended}",
         lambda m: f"keep messages on {m['name']} ", wanted="COVERAGE", safe=False),
    slip("C151", rf"^ +(?P<name>{NAME}) (?P<here>(?:only )?(?:last|at the end|first))(?= *(?:#|$))",
         "the ends of a plan are said by `start with` and `end with`", "write: {mended}",
         lambda m: f"{indent(m)}{'start' if m['here'].endswith('first') else 'end'} with {m['name']}", wanted="CHOOSE",
         safe=False),
    slip("C171", rf"\b(?P<word>start|end) (?P<here>)(?!with\b)(?={NAME})", "`with` is missing", "write {mended}",
         lambda m: f"{m['word']} with ", wanted="WITH"),
    slip("C183", rf"\bnever (?P<here>{NAME})(?= *(?:#|$))", "never after what?",
         "never at all: leave it out of `choose from`; otherwise such as: never call after sms", wanted="AFTER"),
    slip("C183", rf"\bnever (?P<here>after) (?P<other>{NAME})(?= *(?:#|$))", "which channel not?",
         "the channel comes first: never call after sms", wanted="AFTER"),
    slip("C160", r"\bkeep +(?P<here>(?:the )?(?:unsub\w*|opt-?outs?|blocks?|complaints?|opens?|opened|clicks?|clicked|"
         r"repl\w+|orders?|ordered)\b.*?)(?= *(?:#|$))", "this cannot be limited",
         "limits are on coverage, cost, messages and the time to open; fewer messages annoy less: "
         "never more than 3 messages", wanted="COVERAGE"),
    slip("C167", rf"^ +(?P<here>{NAME} (?:is )?only (?:for|to) {NAME})(?= *(?:#|$))",
         "which channels people have is said of them",
         "write in the other segments: reaches letter 0%; or ask for each by itself: optimize for loyal",
         wanted="CHOOSE"),
    slip("C183", rf"\bnever (?P<one>{NAME}) (?P<here>before) (?P<other>{NAME})", "what comes later is named first",
         "write {mended}", lambda m: f"never {m['other']} after {m['one']}", wanted="AFTER"),
    slip("C183", rf"\bnever {NAME}(?P<here> (?!after\b).*?)(?= *(?:#|$))", "`never` knows two sentences",
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
    slip("C171", rf"(?P<here>\bin) (?={LENGTH})", "the deadline follows `within`", "write {mended}", "within ",
         wanted="WITHIN"),
    slip("C125", r"\bmaximi[sz]e +(?:the )?(?P<here>orders?|sales|revenue|purchases|response|replies|readers|reads)\b",
         "what is maximized is the coverage", "write maximize coverage; `covered when` says what counts",
         "maximize coverage", safe=False),
    slip("C125", r"\bminimi[sz]e +(?P<here>total costs?|costs? per covered person|the costs?|messages|time)\b(?! to)",
         "this is not among the objectives", "minimize cost per person, or minimize time to open"),
    slip("C125", r"\bminimi[sz]e +(?P<here>cost per (?!person)\w+)", "the cost is that of each person",
         "write {mended}", "minimize cost per person", safe=False),
    slip("C125", r"\bmaximi[sz]e +(?:the )?(?P<here>profit)\b(?! at)", "what is a covered person worth?",
         "such as: maximize profit at 0.40 EUR per covered person"),
)  # fmt: skip

LINES: tuple[Slip, ...] = (*PEOPLE, *PRICES_AND_RATES, *DAYS_AND_HOURS, *STEPS, *CONDITIONS, *QUESTIONS)
"""In the order in which they are tried."""
