"""Signs from elsewhere: quotes, colons, arrows, comparisons."""

from __future__ import annotations

from cascadesim.errors import Diagnostic
from cascadesim.language.place import Place
from cascadesim.language.slips.slip import Slip, slip

_QUOTES = chr(39) + "“”„«»‘’"

FIRST_SIGNS: tuple[Slip, ...] = (
    slip("C100", r"[\u00a0\u2007\u202f]", "an invisible space that is not the usual one", "type a plain space instead",
         " "),
    slip("C100", r"[\u200b\u200c\u200d\u2060\ufeff]", "an invisible character", "delete it", ""),
    slip("C101", r"[“”„«»][^“”„«»\n]*[“”„«»]?|['‘’][^'‘’]*['‘’]", "texts stand between straight double quotes",
         "write {mended}", lambda m: f'"{m[0].strip(_QUOTES)}"'),
    slip("C102", r" *(?P<here>:)(?=\s*(?:#|$))", "no colon here: the indentation says what belongs to the block",
         "delete the colon", ""),
)  # fmt: skip
"""What is told before anything else about a line, in the order in which they are tried."""

SIGNS: tuple[Slip, ...] = (
    slip("C116", r"//.*$|(?<!\S)--+ .*$|/\*.*$", "a comment begins with #", "write {mended}",
         lambda m: f"# {m[0].strip('/*- ')}"),
    slip("C117", r"(?:>=|=>|≥)", "comparisons are written in words", "write `at least`", "at least"),
    slip("C117", r"(?:<=|=<|≤)", "comparisons are written in words", "write `at most`", "at most"),
    slip("C117", r"(?:!=|<>|≠)", "comparisons are written in words", "write `is not`", "is not"),
    slip("C117", r"==?", "comparisons are written in words", "write `is`", "is", wanted="IS"),
    slip("C117", r">", "comparisons are written in words", "write `over`", "over", wanted="OVER"),
    slip("C117", r"<", "comparisons are written in words", "write `under`", "under", wanted="UNDER"),
    slip("C118", r"^(?P<indent> *)(?P<here>[-*•–—]|\d+[.)]) +(?=\S)", "lines need no bullet and no number",
         "delete it: the order of the lines is the order of the steps", lambda m: m["indent"]),
    slip("C118", r" *(?P<here>;)(?=\s*(?:#|$))", "a line ends by itself", "delete it", ""),
    slip("C118", r" *(?P<here>->|=>|→|➜)", "steps stand one below the other", "write what comes then on the next line"),
    slip("C118", r" *(?P<here>[:=]) *", "a word and what it says have only a space between them", "delete this sign",
         " "),
    slip("C118", r"(?P<here>[.!,])(?= *(?:#|$))", "a line ends without a sign", "delete it", ""),
)  # fmt: skip
"""In the order in which they are tried."""


def unclosed(place: Place) -> Diagnostic | None:
    """A text without its second quote: no word begins by a quote otherwise that cannot be read at all."""
    if place.kind or not place.word.startswith('"'):
        return None
    span = place.span(place.column - 1, len(place.text.rstrip()))
    hint = 'end it with " on the same line; \\n makes a new line in it'
    written = place.text[place.column - 1 :].strip()
    return Diagnostic("C103", "error", span, f"`{written}`: this text is never closed", hint)
