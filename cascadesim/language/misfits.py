"""A word within a line that does not fit: misspelt, without its unit, without its quotes, or nothing at all."""

from __future__ import annotations

import re
from typing import Any

from cascadesim.errors import Diagnostic, Fix
from cascadesim.language.beginnings import block_of
from cascadesim.language.names import nearest, similar
from cascadesim.language.place import Place, without_comment
from cascadesim.units import parse_count, plain

_NUMBERS = ("SHARE", "MONEY", "DURATION", "TIME", "DATE", "FACTOR", "COUNT")
_STATES = frozenset(("DELIVERED", "OPENED", "CLICKED"))
_ENDS = ("_NL", "$END", "_DEDENT")


def explain_misfit(place: Place) -> Diagnostic:
    """What is wrong with the word at the place."""
    for explanation in (_senders, _number, _state_before, _word_before, _near, _name_of_words, _unquoted, _no_name):
        diagnostic = explanation(place)
        if diagnostic is not None:
            return diagnostic
    if _at_end(place):
        return _missing(place)
    return _told(_code(place), place, f"`{place.word}` does not fit here", _wanted(place))


def _code(place: Place) -> str:
    """The code of the block, so that its page can say how the block's lines go."""
    if re.match(r" *(?:otherwise )?if\b", place.text):
        return "C161"
    return _CODES.get(block_of(place) or "", "C010")


_CODES = {
    "scenario": "C155",
    "channel": "C156",
    "segment": "C157",
    "message": "C158",
    "chain": "C159",
    "optimize": "C160",
}


def _wanted(place: Place) -> str:
    """What could stand at the place, and a line that begins as this one does."""
    from cascadesim.language.words import BLOCKS, Block, example

    first = place.text.split(maxsplit=1)[0]
    block: Block = next((known for known in BLOCKS if known == block_of(place)), "top")
    shown = example(first, (block,), place.text)
    such = f"; such as: {shown.example}" if shown is not None and shown.block == block else ""
    return f"expected {place.friendly()}{such}"


def _missing(place: Place) -> Diagnostic:
    """The line ends where something is expected."""
    end = len(without_comment(place.text))
    span = place.span() if place.begins_line else place.span(end, end + 1)
    if block_of(place) == "table" and place.kind == "_DEDENT":
        hint = "a row for each segment: its name, and a share or `-` for each channel, such as: loyal 64% 66% -"
        return Diagnostic("C008", "error", span, "the rows of the table are missing", hint)
    if place.text.count("(") > place.text.count(")") and "RPAR" in place.expected:
        return Diagnostic("C008", "error", span, "a bracket is opened and never closed", "close it by )")
    return Diagnostic("C008", "error", span, "something is missing here", _wanted(place))


def _at_end(place: Place) -> bool:
    return not place.word or place.word == "#" or place.kind in _ENDS


def _told(code: str, place: Place, message: str, hint: str, fix: Fix | None = None) -> Diagnostic:
    return Diagnostic(code, "error", place.span(), message, hint, fix)


def _senders(place: Place) -> Diagnostic | None:
    """`send push, email`: a comma only comes before the wait."""
    match = re.match(r"\s*send .*?(, *)$", place.text[: place.column - 1])
    if match is None or place.expected != {"WAIT"} or nearest(place.word, ["wait"]) or not place.word:
        return None
    if not re.match(r"[^\W\d]", place.word):
        return None
    fix = Fix(place.span(match.start(1), match.end(1)), " and ", safe=True)
    hint = "after a comma comes the wait: send push and email, wait 2 h"
    return _told("C130", place, "the channels of one `send` are joined by `and`", hint, fix)


def _number(place: Place) -> Diagnostic | None:
    """A bare number where one with a unit belongs."""
    word = place.word
    if not re.fullmatch(r"\d[\d_]*(\.\d+)?[kKM]?", word):
        return None
    wanted = [kind for kind in _NUMBERS if kind in place.expected]
    if not wanted or "COUNT" in wanted:
        return None
    if wanted[0] == "SHARE":
        return _share(place)
    code, message, hint, mended = _LACKING[wanted[0]]
    right = mended(word)
    fix = Fix(place.span(), right, safe=wanted[0] in ("TIME", "FACTOR")) if right is not None else None
    return _told(code, place, f"`{word}` {message}", hint.format(word=word, mended=right), fix)


def _share(place: Place) -> Diagnostic:
    number = parse_count(place.word)
    if number < 1:
        right, other = f"{plain(number * 100)}%", f"{plain(number)}%"
        hint = f"write {right}; or {other}, if it is so small"
        return _told("C136", place, f"`{place.word}`: a share is written in percent", hint, Fix(place.span(), right))
    fix = Fix(place.span(), f"{plain(number)}%", safe=True)
    return _told("C135", place, f"`{place.word}`: a share takes the percent sign", f"write {fix.replacement}", fix)


_LACKING: dict[str, tuple[str, str, str, Any]] = {
    "MONEY": ("C137", "lacks its currency", "such as {word} EUR", lambda _: None),
    "DURATION": ("C015", "lacks its unit", "such as {word} min, {word} h or {word} days", lambda _: None),
    "TIME": (
        "C131",
        "is no time of day",
        "times have hours and minutes: {mended}",
        lambda word: f"{word}:00" if word.isdigit() and int(word) < 24 else None,
    ),
    "DATE": ("C132", "is no date", "write year-month-day: 2027-03-01", lambda _: None),
    "FACTOR": ("C015", "is no factor", "write x{word}", lambda word: f"x{word}"),
}


def _before(place: Place) -> tuple[str, int] | None:
    """The word before the place, and where it begins: it was taken for a name."""
    match = re.search(r"([^\W\d_][\w-]*)[ ,]*$", without_comment(place.text)[: place.column - 1])
    return (match[1], match.start(1)) if match is not None and match.start(1) > 0 else None


def _state_before(place: Place) -> Diagnostic | None:
    """`stop when opend`: a misspelt state is read as a channel, and then the state is missing."""
    before = _before(place)
    if before is None or not place.expected >= _STATES or place.word == '"':
        return None
    word, start = before
    if re.search(r"\b(?:when|until|or|and|if|not|,)$", place.text[:start].rstrip()) is None:
        return None
    span = place.span(start, start + len(word))
    states = [known for known in place.keywords if known.endswith("ed")]
    near = nearest(word, states)
    if near is not None and similar(word, near):
        fix = Fix(span, near, safe=True)
        return Diagnostic("C138", "error", span, f"`{word}` is no word of the language", f"did you mean `{near}`?", fix)
    if not _at_end(place) and place.word not in (",", "or", "and", "within"):
        return None
    if re.match(r"\s*(?:stop|covered|wait|send)\b", place.text) is None:
        return None
    message = f"`{word}`: neither a message's state nor an event from outside"
    hint = f'what happens outside stands in quotes: "{word}"; a message is opened, clicked, replied and so on'
    alone = _at_end(place) and re.search(r"\b(?:when|until)$", place.text[:start].rstrip()) is not None
    return Diagnostic("C154" if alone else "C186", "error", span, message, hint, Fix(span, f'"{word}"'))


def _word_before(place: Place) -> Diagnostic | None:
    """A misspelt keyword that was taken for a name, which only shows one word later."""
    before = _before(place)
    if before is None or "NAME" in place.expected or nearest(place.word, place.keywords):
        return None
    word, start = before
    near = nearest(word, place.keywords)
    if near is None or not similar(word, near) or near == word:
        return None
    span = place.span(start, start + len(word))
    return Diagnostic("C138", "error", span, f"`{word}` does not fit here", f"did you mean `{near}`?", Fix(span, near))


def _near(place: Place) -> Diagnostic | None:
    """A misspelt word, or one in capitals."""
    word = place.word
    if _at_end(place):
        return None
    near = word.casefold() if word.casefold() in place.keywords else nearest(word, place.keywords)
    if near is None or near == word:
        return None
    fix = Fix(place.span(), near, safe=similar(word, near))
    if near == word.casefold():
        return _told("C141", place, f"`{word}` is written in small letters", f"write `{near}`", fix)
    return _told("C138", place, f"`{word}` does not fit here", f"did you mean `{near}`?", fix)


def _name_of_words(place: Place) -> Diagnostic | None:
    """`segment new customers`: a name is one word."""
    match = re.match(r"(channel|segment|message|chain) +([^\W\d_][\w-]*) +(?=[^\W\d_])", place.text)
    if match is None or match.end() != place.column - 1 or _at_end(place):
        return None
    rest = re.match(r"[\w' -]*[\w']", place.text[match.end() :])
    more = rest[0] if rest is not None else place.word
    joined = "-".join([match[2], *more.split()])
    hint = f'join it by hyphens: {match[1]} {joined}; or a title in quotes follows: {match[1]} {match[2]} "{more}"'
    span = place.span(match.start(2), match.end() + len(more))
    return Diagnostic("C152", "error", span, "a name is a single word", hint, Fix(span, joined))


def _unquoted(place: Place) -> Diagnostic | None:
    """A file's name or a text without quotes."""
    if "STRING" not in place.expected or "NAME" in place.expected or _at_end(place) or place.word.startswith('"'):
        return None
    rest = without_comment(place.text)[place.column - 1 :]
    words = re.match(r"\S+\.\w+(?=\s|$)|\S+/\S+", rest)
    if words is None and '"' in rest:
        return None
    text = words[0] if words is not None else re.split(r"\s(?:where|except|to|within|or|and)\s|,", rest)[0].strip()
    span = place.span(place.column - 1, place.column - 1 + len(text))
    fix = Fix(span, f'"{text}"', safe=words is not None)
    code = "C600" if re.match(r" *time zone\b", place.text) else "C153"
    return Diagnostic(code, "error", span, f"`{text}` needs quotes", f'write "{text}"', fix)


def _no_name(place: Place) -> Diagnostic | None:
    if place.expected != {"NAME"} or _at_end(place):
        return None
    hint = "a name begins with a letter; letters, digits, - and _ follow"
    return _told("C139", place, f"`{place.word}` is no name", hint)
