"""Branches and steps that say half of what is meant; the rest is told by the lines around them."""

from __future__ import annotations

import re

from cascadesim.errors import Diagnostic, Fix
from cascadesim.language.beginnings import block_of
from cascadesim.language.place import Place, without_comment
from cascadesim.language.slips.around import defined, sent_before
from cascadesim.language.slips.slip import DONE, NAME
from cascadesim.language.slips.words import FORMS, state_of

_IF = re.compile(r" *(?P<word>otherwise,? if|else,? if|elif|elsif|elseif|if) +(?P<asked>[^,:#]*)(?P<rest>.*)")
_BARE = re.compile(rf"(?P<before>^|\b(?:and|or|not) +|\() *(?P<state>{DONE})\b(?! +(?:{DONE})\b)")
_FACT = re.compile(rf"({NAME}) +(?:{DONE})\b")
_GOES_ON = re.compile(rf"{NAME} +(?:{DONE}) +(?:but|and) +$")
_NO = re.compile(rf"(?<=if )no ({FORMS}|response|click|reaction)\b")
_AGAIN = re.compile(r"\b[1-9] (?:times|attempts|tries)\b")
_SENDING = frozenset((
    "call", "phone", "ring", "dial", "text", "email", "mail", "message", "notify", "try", "use", "push", "write",
    "ping", "contact", "sms", "via", "through", "by", "then", "next", "finally", "fallback",
))  # fmt: skip
_STEP = re.compile(r"^(?:then\b)?[ ,:]*(?:then\b)? *")


def explain_branch(place: Place) -> Diagnostic | None:
    """What is wrong with a branch or a step, where the lines around it tell what it lacks."""
    if block_of(place) != "chain":
        return None
    for explanation in (_without_channel, _of_segment, _step):
        diagnostic = explanation(place)
        if diagnostic is not None:
            return diagnostic
    return None


def _without_channel(place: Place) -> Diagnostic | None:
    """`if not opened`: the channel is that of the last step."""
    line = _IF.match(_NO.sub(lambda m: f"not {state_of(m[1])}", place.text))
    bare = _BARE.search(line["asked"]) if line is not None else None
    if line is None or bare is None or _GOES_ON.search(line["asked"][: bare.start()]):
        return None
    first, last = (line.start("asked") + at for at in bare.span("state"))
    if not first <= place.column - 1 <= last + 1 and not _NO.search(place.text):
        return None
    asked = re.sub(r" +then *$", "", line["asked"].rstrip())
    written = without_comment(place.text).strip()
    span = place.span(line.start("word"), line.start("word") + len(written))
    about = _FACT.findall(line["asked"][: bare.start()])[-1:] or sent_before(place)
    message = f"`{line['word']} {asked}`: a condition looks at one channel"
    if len(about) != 1:
        return Diagnostic("C128", "error", span, message, f"such as: if {about[0] if about else 'email'} opened")
    mended = f"{_if(line['word'])} {_with_channel(asked, about[0])}"
    step = _STEP.sub("", without_comment(line["rest"])).strip()
    below = f"\n{' ' * (line.start('word') + 4)}{step}" if step else ""
    hint = f"write: {mended}" + (f", and on the next line, indented: {step}" if step else "")
    return Diagnostic("C128", "error", span, message, hint, Fix(span, mended + below))


def _if(word: str) -> str:
    return "if" if word == "if" else "otherwise if"


def _with_channel(asked: str, channel: str) -> str:
    """The condition with the channel before each state that has none; `and not` becomes `but not`."""
    asked = re.sub(rf"\b({DONE}) +and +not +({DONE})\b", r"\1 but not \2", asked)
    return _BARE.sub(
        lambda m: m[0] if m.string[: m.start()].endswith("but ") else f"{m['before']}{channel} {m['state']}", asked
    )


def _of_segment(place: Place) -> Diagnostic | None:
    """`if loyal` and `for loyal`: what is asked is the segment."""
    found = re.match(
        rf" *(?P<here>(?P<word>otherwise if|else if|if|only for|for|only|when) +(?:the +)?"
        rf"(?:{NAME} +(?:is|=|==) +)?(?P<name>{NAME})(?: +only)?:?)(?= *(?:#|$))",
        place.text,
    )
    if found is None or found["name"] not in defined(place, "segment"):
        return None
    branch = found["word"].endswith("if")
    mended = f"{_if(found['word']) if branch else 'if'} segment is {found['name']}"
    span = place.span(*found.span("here"))
    asks = "a branch asks about a segment, a channel or the clock"
    message = asks if branch else "what is for some people only stands below an `if`"
    name = found["here"].removeprefix(found["word"]).strip() if branch else found["word"]
    code = "C174" if branch else "C150"
    return Diagnostic(code, "error", span, f"`{name}`: {message}", f"write: {mended}", Fix(span, mended))


def _step(place: Place) -> Diagnostic | None:
    """`call operator` and `sms "Hello"`: a message goes out by `send` and its channel."""
    known = defined(place, "channel")
    found = re.match(rf' *(?P<one>{NAME})(?: +(?P<other>{NAME}))?(?P<text> +(?=")| *: *(?="))?', place.text)
    if found is None or not place.begins_line or found["one"] == "send" or _AGAIN.search(place.text):
        return None
    channel = next((name for name in (found["other"], found["one"]) if name in known), None)
    if channel is None or (channel == found["other"] and found["one"] not in _SENDING):
        return None
    end = found.end("other") if channel == found["other"] else found.end("one")
    text = found["text"] if found["text"] and end == found.start("text") else ""
    span = place.span(found.start("one"), end + len(text))
    mended = f"send {channel}{' saying ' if text else ''}"
    message = f"`{place.text[found.start('one') : end]}`: a message or a call goes out by `send` and the channel"
    hint = f"write: {mended.removesuffix(' saying ')}" + (" saying, and the text" if text else "")
    return Diagnostic("C150", "error", span, message, hint, Fix(span, mended))
