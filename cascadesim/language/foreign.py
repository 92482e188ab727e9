"""Words that begin a line elsewhere: what other tools, or other people, call what the language has a word for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from cascadesim.language.opening import quiet_lines, silent_lines
from cascadesim.language.place import Place, without_comment

Rewrite = Callable[[str], tuple[str, ...]]
_OF_ITS_OWN = (
    (re.compile(r'"contacts\.csv"'), re.compile(r'"[^"]+\.\w+"|[^\s"]+\.(?:csv|parquet)\b')),
    (re.compile(r"\d[\d.]* EUR"), re.compile(r"\d[\d_]*(?:\.\d+)?[kKM]? ?[A-Z]{3}\b")),
    (re.compile(r"2027-03-01 10:00"), re.compile(r"\d{4}-\d{2}-\d{2} \d{1,2}:\d{2}")),
)
"""Files, amounts and times in a hint, and how a line may have one of its own."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A pattern of words that begin a line of a block (None: at the top), and how it is said here.

    `instead` replaces the words where the line then reads; `rewritten` makes of the whole line those that say it
    here, or none where that cannot be told.
    """

    block: str | None
    code: str
    pattern: re.Pattern[str]
    message: str
    hint: str
    instead: str | None = None
    rewritten: Rewrite | None = None

    def matches(self, place: Place) -> bool:
        """Whether the line begins so."""
        return self.pattern.match(place.text, place.column - 1) is not None

    def written(self, place: Place) -> str:
        """The words as they stand there."""
        match = self.pattern.match(place.text, place.column - 1)
        return match[0].rstrip() if match is not None else place.word

    def lines(self, place: Place) -> tuple[str, ...]:
        """The lines that say the same here; none where that cannot be told."""
        return self.rewritten(without_comment(place.text).strip()) if self.rewritten is not None else ()

    def advice(self, place: Place) -> str:
        """The hint, with the file, the amount or the time that the line has instead of those of the example."""
        hint, said = self.hint, without_comment(place.text)
        for example, form in _OF_ITS_OWN:
            own = form.search(said)
            if own is not None:
                hint = example.sub(_as_written(own[0]), hint)
        return hint


def _as_written(own: str) -> str:
    """A file's name in quotes, an amount with a space."""
    if "." in own and own[-1].islower() and not own.startswith('"'):
        return f'"{own}"'
    return re.sub(r"(?<=[\dkKM])(?=[A-Z]{3}$)", " ", own)


def _words(
    block: str | None,
    code: str,
    pattern: str,
    message: str,
    hint: str,
    instead: str | None = None,
    rewritten: Rewrite | None = None,
) -> Foreign:
    return Foreign(block, code, re.compile(rf"(?i)(?:{pattern})(?![\w-])(?: *:)?"), message, hint, instead, rewritten)


FOREIGN: tuple[Foreign, ...] = (
    # at the top
    _words(None, "C145", "campaign|settings|config|general|project|defaults?|setup",
           "the campaign's frame is called `scenario`",
           'write: scenario "Spring sale"', "scenario"),
    _words(None, "C187", "flow|journey|sequence|steps|workflow|path|plan|strategy|cascade",
           "the steps of a campaign are a `chain`", "write: chain first-try", "chain"),
    _words(None, "C187", "if|when|every|wait|send", "steps stand in a `chain`", "indent it below: chain first-try"),
    _words(None, "C188", "contacts|recipients?|database|csv", "people come from a file by a line in a `segment`",
           'write: segment everyone, and below it, indented: people from "contacts.csv"'),
    _words(None, "C188", "audience|group|list|customers?|people|users?|target", "who is written to is a `segment`",
           "write: segment everyone, and below it, indented: people 10k", "segment"),
    _words(None, "C189", "template|texts?|content|copy|body", "what is said is a `message`",
           "write: message basket, and below it `text` and the words in quotes", "message"),
    _words(None, "C190", "goal|objective|optimization|find|search|maximi[sz]e|minimi[sz]e",
           "a question to the optimizer is a block of its own", "write `optimize`, and below it what is best"),
    _words(None, "C190", "compare", "what is computed is asked by a command",
           "such as: cascadesim compare FILE and the names of the two; beside the optimizer's plan: `compare`, "
           "in `optimize`"),
    _words(None, "C190", "simulate|run|simulation|report|measure", "what is computed is asked by a command",
           "such as: cascadesim simulate FILE; the length is `runs for` and the numbers `seed`, in `scenario`"),
    _words(None, "C191", "import|include|load|require", "another script is taken over by `use`",
           'write: use "shared/channels.cascade"', "use"),
    _words(None, "C193", "budget|limits?|max(?:imum)?|at most|never", "limits stand in `optimize`",
           "indent it there: keep total cost at most 500 EUR, or never more than 3 messages"),
    _words(None, "C194", "(?:ab |a/b )?tests?|ab|variants?|experiment", "test groups are a `split` in a chain",
           'write in a chain: split; below it the arms, such as 45% "group A", and below each its steps; '
           "who gets nothing has a `stop` there"),
    _words(None, "C194", "languages?|translations?", "a text in several languages is a message for each segment",
           "make a segment for each language, and a chain for it that says its message"),
    _words(None, "C192", "holidays?", "days without messages stand in a block",
           "indent it below `scenario`, or below a channel: quiet on holidays of LV, or by date: quiet on 2027-12-24"),
    _words(None, "C192", "no (?:messages|sending|sms|calls)|nights?|silence|quiet(?: hours| time)?",
           "hours and days without messages stand in a block",
           "indent it below `scenario`, or below a channel: quiet from 21:00 to 9:00, or quiet on holidays of LV"),
    _words(None, "C192", "start(?:s|ing)?(?: on| at)?|begins?", "the start stands in `scenario`",
           'write: scenario "Spring sale", and below it, indented: starts 2027-03-01 10:00'),
    _words(None, "C192", "currency|prices?|exchange", "the currency stands in `scenario`",
           'write: scenario "Spring sale", and below it, indented: prices in EUR'),
    _words(None, "C192", "time ?zone|runs|duration|calendar|seed",
           "what holds for the whole campaign stands in `scenario`",
           'write: scenario "Spring sale", and below it, indented, what holds'),
    # scenario
    _words("scenario", "C146", "start(?:s|ing)? on|starting|begins?|from|date", "the start is said by `starts`",
           "write: starts 2027-03-01 10:00", "starts"),
    _words("scenario", "C146", "ends?|until|duration|lasts|length|runs|for|horizon",
           "how long people are followed is said by `runs for`", "write: runs for 7 days"),
    _words("scenario", "C146", "currency|money|prices?", "the currency of results is said by `prices in`",
           "write: prices in EUR", "prices in"),
    _words("scenario", "C146", "timezone|zone|tz", "the clock is that of a `time zone`",
           'write: time zone "Europe/Riga"', "time zone"),
    _words("scenario", "C146", "holidays?|closed|no sending|do not send|don't send|never send|silence|silent|nights?",
           "days and hours without messages are said by `quiet`",
           "write: quiet on holidays of LV, or quiet from 21:00 to 9:00"),
    _words("scenario", "C146", "budget|spend|limit|max(?:imum)?|at most|no more than", "limits stand in `optimize`",
           "write there: keep total cost at most 500 EUR"),
    # channel
    _words("channel", "C147", "price|fee|rate(?! limit)|charge|costs? of", "what a channel costs is said by `costs`",
           "write: costs 0.045 EUR per message sent", "costs"),
    _words("channel", "C133", "lines|operators|agents|slots|in parallel", "how many at once is not said",
           "say how many they get through: 20 lines with calls of 1 min are `sends up to 20 per minute`"),
    _words("channel", "C133", "limit(?:s|ed)?(?: to)?|rate limit|max(?:imum)?|cap|throughput|speed|capacity|at most|"
           "up to|no more than|sends? at most", "how much a channel can send is said by `sends up to`",
           "write: sends up to 200 per second", "sends up to"),
    _words("channel", "C199", "silent|silence|no (?:sending|messages|calls)|not|never|do not send|don't send|dnd"
           "|nights?|off", "when it does not send is said by `quiet`",
           "write: quiet from 21:00 to 9:00; no weekends: quiet on saturday, sunday", rewritten=silent_lines),
    _words("channel", "C199", "hours|working hours|works?|only|sends? only|allowed|available|between|from|weekdays|"
           r"open(?= +(?:from |between |mon|tue|wed|thu|fri|sat|sun|on |\d{1,2}:))",
           "when it sends is said by `quiet`, the hours in which it does not",
           "from 9:00 to 18:00 only is: quiet from 18:00 to 9:00; no weekends: quiet on saturday, sunday",
           rewritten=quiet_lines),
    _words("channel", "C147", "text|subject|saying|says|message|template|link", "what is said stands in a `message`",
           'write: message basket, and below it: text "Hello"; the chain says it by `saying basket`. '
           "Each language has a message of its own"),
    _words("channel", "C147", "kind|type|name|title|label", "a channel's kind follows from what it says",
           'leave it out; a title stands in the heading: channel sms "Text message"'),
    _words("channel", "C147", "parts?", "the parts of a text are counted from its words", "leave it out"),
    _words("channel", "C147", "blocks|complaints?|spam|opts? out|leaves", "who wants no more is said by `unsubscribes`",
           "write: unsubscribes 0.2% of opened", "unsubscribes"),
    _words("channel", "C147", "read|reads|open rate|seen|views?|is (?:opened|read)", "who reads is said by `opens`",
           "write: opens 34%, half within 12 min", "opens"),
    _words("channel", "C147", "half|delay|after|within|time to open|response time",
           "how soon people react stands behind the share", "write: opens 34%, half within 12 min"),
    _words("channel", "C147", "picks? up|picked up|reached|connects?", "who takes a call is said by `answers`",
           "write: answers 31%", "answers"),
    _words("channel", "C147", "ctr|click rate|clicked", "who clicks is said by `clicks`", "write: clicks 11% of opened",
           "clicks"),
    _words("channel", "C147", "delivery|delivery rate|delivered|arrives", "what arrives is said by `delivers`",
           "write: delivers 97%", "delivers"),
    _words("channel", "C147", "coverage|has|available to|reach rate|penetration",
           "who has an address on it is said by `reaches`", "write: reaches 58%", "reaches"),
    _words("channel", "C147", "duration|takes|length|call length", "how long a call takes is said by `lasts`",
           "write: lasts 40 s", "lasts"),
    _words("channel", "C147", "knows|tells|receipts?|tracks?|returns", "what the sender learns is said by `reports`",
           "write: reports delivered, opened", "reports"),
    _words("channel", "C147", "sender|from|provider|vendor|via|token|key|password|login",
           "how a provider is reached is no matter of a script", "leave it out: the planner's settings have it"),
    # segment
    _words("segment", "C148", "size|count|number|total|users|customers|contacts|members|recipients|persons?|from|file|"
           "list|source|has", "who is in it is said by `people`", 'write: people 10k, or people from "contacts.csv"',
           "people"),
    _words("segment", "C148", "where|with|only|filter|condition|if|who|exclude|except|without",
           "a choice among contacts stands behind their file",
           'write: people from "contacts.csv" where tier is gold except "optouts.csv"'),
    _words("segment", "C148", "language|speaks?|lang|country|city|region|gender|age|tier|status|level|category|"
           "group|interests?",
           "what people are like is a column of their contacts",
           'write: people from "contacts.csv" where language is "lv"'),
    _words("segment", "C197", r"(?:buys?|orders?|purchases?|books?|pays?|donates?)(?= +\d[\d.]*%)",
           "who buys is said by `converts`",
           'write in the channel: converts 3% of opened; and here who buys unasked: leaves 3% when "ordered"'),
    _words("segment", "C197", "worth|values?|donates?|buys|spends?|margin|revenue|profit|orders?|ltv|income",
           "what people are worth stands in the question",
           "write in `optimize`: maximize profit at 0.40 EUR per covered person; "
           'who buys unasked: leaves 3% when "ordered"'),
    _words("segment", "C148", "arrives?|arrivals|comes?|joins?|enters?", "how people come is said by `people`",
           "write: people 300 per day for 14 days; at which hours they react: reacts from 9:00 to 23:00"),
    _words("segment", "C164", "priority|priorities|rank|order|importance", "nobody goes first: all wait in turn",
           "leave it out; who is to be early enough gets a chain of their own: chain first for loyal"),
    _words("segment", "C148", r"no|not(?: reachable)?(?: on)?|never|unreachable(?: on)?",
           "who has a channel is said by `reaches`", "nobody of them has it: reaches sms 0%"),
    _words("segment", "C148", "starts?|begins?", "the start stands in `scenario`",
           'write there: starts 2027-03-01 10:00'),
    _words("segment", "C148", "timezone|zone|tz|located|lives?", "where people are is said by `time zone`",
           'write: time zone "Europe/Riga"', "time zone"),
    _words("segment", "C148", "prices?|pays", "a price of its own names the channel",
           "write: costs sms 0.05 EUR per part sent"),
    _words("segment", "C148", "active|awake|hours|available", "when people react is said by `reacts`",
           "write: reacts from 7:30 to 23:00"),
    # message
    _words("message", "C149", "body|content|says?|message|copy|sms|email|viber|whatsapp|push|call",
           "what is said is a `text`, on all channels or on one", 'write: text "Hello", or text on sms "Hello"'),
    _words("message", "C149", "title|header|headline", "the line above a mail is its `subject`",
           'write: subject "Your basket"', "subject"),
    _words("message", "C149", "link|url|cta|action", "a link is a `button`",
           'write: button "Open" to "https://shop.example"', "button"),
    _words("message", "C149", "picture|photo|img|banner|logo", "a picture is an `image`",
           'write: image "https://shop.example/a.png"', "image"),
    # chain
    _words("chain", "C150", "pause|sleep|delay|hold|after|in", "a pause is a `wait`", "write: wait 2 h", "wait"),
    _words("chain", "C150", "(?:starts?|begins?|launch|go)(?: on| at| when| tomorrow| in| every)",
           "when a chain begins is no step of it",
           'in `scenario`: starts 2027-03-01 10:00; when something happens, in the segment: enter when "basket_left"'),
    _words("chain", "C150", "starts?|begins?|first|step \\d+|next|finally|lastly|second|third|or",
           "a step is a `send` or a `wait`", "write: send sms, wait 2 h"),
    _words("chain", "C177", r"(?:repeat|loop|do)(?: it| this)?(?: up to)? \d+(?: times)?|repeat",
           "there are no loops", "write the steps out, one below the other, as often as they come"),
    _words("chain", "C166", "(?:skip|avoid|except|respect|observe|without)(?: on| the)? (?:holidays?|weekends?|sundays?"
           "|nights?)", "when a channel does not send is a line of the channel, or of `scenario`",
           "write there: quiet on holidays of LV, quiet on saturday, sunday, or quiet from 21:00 to 9:00"),
    _words("chain", "C177", "resend|send again|remind", "a message is sent again by another `send`",
           "write: send sms; its rate is said in the channel: resend opens 18%"),
    _words("chain", "C150", "call|phone|text|email|sms|push|viber|whatsapp|message|notify|try|use",
           "a message or a call goes out by `send` and the channel",
           "write: send sms, send call, or send sms saying \"Hello\""),
    _words("chain", "C198", "end if|endif|fi", "the indentation says where a branch ends", "delete it"),
    _words("chain", "C198", "exit|end|finish|done|quit|cancel|break|give up",
           "a chain ends by itself after its last line, and earlier by `stop`", "leave it out, or write: stop"),
    _words("chain", "C150", "for|only for", "what is for some people only stands below an `if`",
           "write: if segment is loyal"),
    _words("chain", "C150", "when|unless|in case|whoever|those|case",
           "a branch is an `if`", "write: if email opened but not clicked"),
    _words("chain", "C150", "else|otherwise,", "the other case is `otherwise`", "write: otherwise", "otherwise"),
    _words("chain", "C150", "ab test|a/b|test|random|variant|group|half", "test groups are a `split`",
           "write `split`, and below it the arms: 50% \"a call\""),
    _words("chain", "C150", "quiet|not|never|no|do not|don't|only|limit|at most|max(?:imum)?",
           "when a channel sends is its own line; limits stand in `optimize`",
           "write in the channel: quiet from 21:00 to 9:00; in optimize: never more than 3 messages"),
    # optimize
    _words("optimize", "C151", r"(?:max(?:imum)?|at most|up to|no more than)(?= \d+ steps?\b)",
           "the number of steps is said by `steps`", "write: steps up to 3"),
    _words("optimize", "C151", r"(?:max(?:imum)?|at most|up to|no more than|limit)(?= \d+ messages?\b)",
           "messages are limited on average, or for everybody",
           "write: keep messages per person at most 2, or never more than 3 messages"),
    _words("optimize", "C151", "respect|observe|quiet|silent|silence|hours|nights?|no sending",
           "when a channel sends is said by itself, or in `scenario`", "write there: quiet from 21:00 to 9:00"),
    _words("optimize", "C151", "budget|spend|max(?:imum)? (?:cost|budget|spend)|limit|at most|no more than|cost|"
           "total cost|max(?:imum)?", "a limit begins with `keep`", "write: keep total cost at most 500 EUR"),
    _words("optimize", "C151", "goal|objective|target|best|find|reach|coverage|success|cover",
           "what counts is said by `covered when`, what is best by `minimize` or `maximize`",
           "write: maximize coverage"),
    _words("optimize", "C151", "channels?|use|allow(?:ed)?|using|with|from|among|pick from|choose",
           "the channels allowed are said by `choose from`", "write: choose from viber, sms", "choose from"),
    _words("optimize", "C151", "length|max steps|up to|at least", "the number of steps is said by `steps`",
           "write: steps 1 to 3"),
    _words("optimize", "C151", "wait|pauses?|delays?", "the waits to choose from are said by `waits`",
           "write: waits 30 min, 2 h, 6 h", "waits"),
    _words("optimize", "C151", "first|begins?(?: with)?|starts?(?: with)?", "the first step is said by `start with`",
           "write: start with push", "start with"),
    _words("optimize", "C151", "within|deadline", "the deadline stands behind what counts",
           "write: covered when opened within 1 day"),
    _words("optimize", "C151", "for|segments?", "whom it is for stands in the heading", "write: optimize for loyal"),
    _words("optimize", "C151", "last|ends?(?: with)?|finish(?: with)?", "the last step is said by `end with`",
           "write: end with call", "end with"),
    _words("optimize", "C151", "no|not|don't|do not|without|exclude|avoid|forbid",
           "what must not be is said by `never`",
           "not at all: leave the channel out of `choose from`; otherwise: never call after sms, "
           "or never more than 3 messages"),
)  # fmt: skip
"""In the order in which they are tried."""
