"""Words for people: near misses, and lists as they are spoken."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cascadesim.errors import Diagnostic, Fix, Span


def nearest(word: str, known: Iterable[str], alike: float = 0.6) -> str | None:
    """The known word that is much the same, whatever its case."""
    from difflib import get_close_matches

    folded = {name.casefold(): name for name in known}
    close = get_close_matches(word.casefold(), folded, 1, alike)
    return folded[close[0]] if close else None


def similar(word: str, known: str) -> bool:
    """Whether the word can hardly be another than the known one: a slip or two of the pen, and short words none."""
    from difflib import SequenceMatcher

    alike = SequenceMatcher(None, word.casefold(), known.casefold()).ratio()
    return alike >= (0.8 if min(len(word), len(known)) > 3 else 1.0)


def suggestion(word: str, known: Iterable[str]) -> str | None:
    """What to say about an unknown name: the one that may be meant, else those there are."""
    names = list(known)
    near = nearest(word, names)
    if near is not None:
        return f"did you mean {near}?"
    return f"there {'is' if len(names) == 1 else 'are'} {spoken(names, 'and')}" if names else None


def undefined(code: str, name: str, message: str, known: Iterable[str], hint: str | None = None) -> Diagnostic:
    """The fault of a name that nothing defines, with the known one that may be meant."""
    names, span = list(known), getattr(name, "span", None)
    near = nearest(name, names) if hint is None else None
    fix = Fix(span, near) if near is not None and isinstance(span, Span) else None
    return Diagnostic(code, "error", span, message, hint or suggestion(name, names), fix)


def spoken(words: Iterable[str], last: str = "or", most: int = 12) -> str:
    """`a, b or c`; beyond the most, how many more there are."""
    found = list(words)
    if len(found) > most:
        return f"{', '.join(found[:most])} and {len(found) - most} more"
    return f" {last} ".join([", ".join(found[:-1]), found[-1]]) if len(found) > 1 else "".join(found)


def percent(share: float) -> str:
    """A share as people write it, with two decimal places at most."""
    return rounded(f"{share:.2%}")


def rounded(text: str) -> str:
    """The text with the shares in it freed from zeros that say nothing: 58.0000% is 58%."""
    return re.sub(r"(\.\d*?)0+%", lambda match: f"{match[1].rstrip('.')}%", text)


def reserved(kind: str, name: str) -> tuple[str, str]:
    """The message and the hint for a word of the language that something is called by."""
    return f"`{name}` cannot be the name of a {kind}: it is a word of the language", f"such as {name}-1"
