"""The look of a script in editors: what its words and numbers are, for TextMate grammars and for Pygments.

Both follow from the word table and from the grammar's own patterns of numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from cascadesim.language.grammar import parser
from cascadesim.language.words import BLOCKS, Family, word_table

_SCOPES: dict[Family, str] = {
    "block": "keyword.control",
    "statement": "keyword.control",
    "rate": "support.function",
    "state": "support.constant",
    "day": "support.constant",
    "joining": "keyword.operator",
}
_NUMBERS = ("DATE", "TIME", "MONEY", "SHARE", "DURATION", "FACTOR", "COUNT")
_NAME = r"[^\W\d_][\w\u0300-\u036F\u0900-\u0DFF\u0E00-\u0EFF-]*"
_HEADINGS = "|".join(
    sorted(rule for rules in BLOCKS.values() for rule in rules if rule not in ("scenario", "optimize"))
)


@dataclass(frozen=True, slots=True)
class Look:
    """What a pattern's text is (`scopes`, TextMate's names): one scope, or one for each of its groups."""

    pattern: str
    scopes: tuple[str, ...]


def looks() -> tuple[Look, ...]:
    """What may stand in a script, texts aside: the first pattern that fits counts."""
    by_scope: dict[str, list[str]] = {}
    for word in word_table().values():
        by_scope.setdefault(_SCOPES[word.family], []).append(word.word)
    numbers = [t.pattern.to_regexp() for name in _NUMBERS for t in parser().terminals if t.name == name]
    return (
        Look(r"#.*$", ("comment.line.number-sign",)),
        Look(rf"^({_HEADINGS})( +)({_NAME})", ("keyword.control", "", "entity.name")),
        Look(rf"(?<![\w-])(?:{'|'.join(numbers)})", ("constant.numeric",)),
        *(Look(_any(words), (scope,)) for scope, words in by_scope.items()),
        Look(_NAME, ("variable",)),
        Look(r"\.\.\.", ("keyword.other",)),
    )


TEXT = (
    Look(r'\\[\\n"]', ("constant.character.escape",)),
    Look(r"\{[^{}\"\n]*\}", ("variable.parameter",)),
)
"""What may stand in a quoted text: escapes, and columns of contacts."""


def textmate() -> dict[str, Any]:
    """The TextMate grammar."""
    return {
        "name": "cascade",
        "scopeName": "source.cascade",
        "fileTypes": ["cascade"],
        "patterns": [
            {
                "name": "string.quoted.double.cascade",
                "begin": '"',
                "end": '"|$',
                "patterns": [_textmate(look) for look in TEXT],
            },
            *(_textmate(look) for look in looks()),
        ],
    }


def _textmate(look: Look) -> dict[str, Any]:
    match = re.sub(r"\\u([0-9A-F]{4})", r"\\x{\1}", look.pattern)
    if len(look.scopes) == 1:
        return {"name": f"{look.scopes[0]}.cascade", "match": match}
    named = {str(n): {"name": f"{scope}.cascade"} for n, scope in enumerate(look.scopes, 1) if scope}
    return {"match": match, "captures": named}


def _any(words: list[str]) -> str:
    return rf"(?<![\w-])(?:{'|'.join(sorted(words))})(?![\w-])"
