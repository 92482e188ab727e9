"""Lines that begin with a word which their block does not know: misspelt, from elsewhere, or in the wrong place."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

from cascadesim.errors import Diagnostic, Fix
from cascadesim.language.foreign import FOREIGN, Foreign
from cascadesim.language.grammar import words
from cascadesim.language.names import nearest, similar, spoken
from cascadesim.language.place import Place, without_comment
from cascadesim.model.rates import Verb

HEADINGS = ("scenario", "channel", "change", "segment", "table", "message", "chain", "optimize", "optimise")
_CODES = {
    "channel": "C014", "scenario": "C163", "segment": "C164", "message": "C165", "chain": "C166", "optimize": "C167",
}  # fmt: skip
"""A code for each kind of block, so that its page can list the block's statements; C162 is that of the top."""
_OF_CHANNELS = (*get_args(Verb), "costs")
_CALLED = {"optimize": "an `optimize` block", "table": "a table"}
_KINDS = {"optimise": "optimize", "change": "channel"}


def explain_beginning(place: Place) -> Diagnostic | None:
    """What was meant by a line whose first word does not fit; None where the first word is not the trouble."""
    if not place.begins_line or place.kind in ("_DEDENT", "$END") or "NAME" in place.expected:
        return None
    word, block, known = place.word, block_of(place), place.keywords
    if word.casefold() in known:
        fix = Fix(place.span(), word.casefold(), safe=True)
        return _told("C141", place, f"`{word}` is written in small letters", f"write `{word.casefold()}`", fix)
    if block is not None and word in HEADINGS:
        return _told("C143", place, f"`{word}` begins a block of its own", "do not indent it")
    below = _of_line_below(place) if block == "segment" else None
    if below is not None:
        return below
    if word == "otherwise" and block == "chain":
        hint = "begin with `if` and what is asked; `otherwise` is for those who are left"
        return _told("C166", place, "no `if` stands before this `otherwise`, in the same column", hint)
    what = f"line of {_CALLED.get(block, f'a {block}')}" if block else "block"
    foreign = _foreign(place, block)
    if foreign is not None:
        return foreign
    near = nearest(word, known, 0.7)
    if block is None and near is None:
        return _unindented(place) or _without_a_clue(place, block, what, known)
    if near is not None:
        fix = Fix(place.span(), near, safe=similar(word, near))
        return _told("C140", place, f"`{word}` begins no {what}", f"did you mean `{near}`?", fix)
    return _without_a_clue(place, block, what, known)


def _of_line_below(place: Place) -> Diagnostic | None:
    """`viber`, and below it `reaches 22%`: what a segment says of a channel stands on one line."""
    alone, below = without_comment(place.text), without_comment(place.source.line(place.line + 1))
    said = re.fullmatch(r"( +)(\w+) +(\S.*)", below)
    if alone.strip() != place.word or said is None or len(said[1]) < place.column or said[2] not in _OF_CHANNELS:
        return None
    start, line = place.column - 1, f"{said[2]} {place.word} {said[3]}"
    span = replace(place.span(start), end_line=place.line + 1, end_column=len(below) + 1)
    message = f"`{place.word}`: first the verb, then the channel, on one line"
    return _told("C180", place, message, f"write: {line}", Fix(span, line))


def _unindented(place: Place) -> Diagnostic | None:
    """`opns 3%` at the top: a misspelt statement that has lost its block."""
    from cascadesim.language.words import statements, word_table

    first = {statement.example.split()[0] for statement in statements() if statement.block != "top"}
    near = nearest(place.word, sorted(first & word_table().keys()), 0.7)
    if near is None or near == place.word or not similar(place.word, near):
        return None
    homes = [home for home in word_table()[near].places if home != "top"]
    hint = f"did you mean `{near}`? It stands below the heading of its block ({spoken(homes)}), indented"
    return _told("C142", place, f"`{place.word}` begins no block", hint)


def _without_a_clue(place: Place, block: str | None, what: str, known: list[str]) -> Diagnostic:
    word = place.word
    if block is None and word in words().values():
        from cascadesim.language.words import word_table

        homes = [place for place in word_table()[word].places if place != "top"] if word in word_table() else []
        hint = f"indent it below the heading of its block ({spoken(homes)})" if homes else "indent it below a heading"
        return _told("C142", place, f"`{word}` belongs in a block", hint)
    if known == ["segment"]:
        hint = "begin it with the channels: segment viber sms"
        return _told("C144", place, "the columns of the table are missing", hint)
    begin = f"lines here begin with {spoken([k for k in known if not k.endswith('ise')], 'and', 30)}"
    hint = begin if word.isascii() else f"the words of the language are English: {begin}"
    return _told(_CODES.get(block or "", "C162"), place, f"`{word}` begins no {what}", hint)


def _foreign(place: Place, block: str | None) -> Diagnostic | None:
    """A word by which other tools, or other people, call what the language has a word for."""
    found: Foreign | None = next((f for f in FOREIGN if f.block == block and f.matches(place)), None)
    if found is None:
        return None
    written = found.written(place)
    start = place.column - 1
    span = place.span(start, start + len(written))
    lines, indentation = found.lines(place), " " * start
    fix = Fix(span, found.instead) if found.instead is not None else None
    if lines:
        whole = place.span(start, len(without_comment(place.text)))
        fix = Fix(whole, f"\n{indentation}".join(lines))
    hint = f"write: {'; '.join(lines)}" if lines else found.advice(place)
    said = written.rstrip(" :")
    return Diagnostic(found.code, "error", span, f"`{said}`: {found.message}", hint, fix)


def _told(code: str, place: Place, message: str, hint: str, fix: Fix | None = None) -> Diagnostic:
    return Diagnostic(code, "error", place.span(), message, hint, fix)


def block_of(place: Place) -> str | None:
    """The kind of block in which the place lies; None at the top."""
    if not place.text[:1].isspace():
        return None
    before = place.source.text.split("\n", place.line - 1)[: place.line - 1]
    words = (line.split(maxsplit=1)[0] for line in reversed(before) if line[:1].strip())
    heading = next((word for word in words if word in HEADINGS), None)
    return _KINDS.get(heading, heading) if heading is not None else None
