"""The Pygments lexer: scripts in colour in notebooks, in documents and in terminals."""

from __future__ import annotations

from typing import Any, ClassVar

from pygments.lexer import RegexLexer, bygroups
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, String, Whitespace

from cascadesim.language.highlighting import TEXT, Look, looks

_by_groups: Any = bygroups  # its stub has no types
_TOKENS: dict[str, Any] = {
    "": Whitespace,
    "comment.line.number-sign": Comment.Single,
    "keyword.control": Keyword,
    "keyword.operator": Operator.Word,
    "support.function": Name.Function,
    "support.constant": Name.Constant,
    "constant.numeric": Number,
    "constant.character.escape": String.Escape,
    "variable": Name.Variable,
    "variable.parameter": String.Interpol,
    "entity.name": Name.Class,
    "keyword.other": Keyword.Pseudo,
}


def _rule(look: Look) -> tuple[str, Any]:
    kinds = [_TOKENS[scope] for scope in look.scopes]
    return look.pattern, kinds[0] if len(kinds) == 1 else _by_groups(*kinds)


class CascadeLexer(RegexLexer):
    """Cascade scripts."""

    name = "cascade"
    aliases: ClassVar[list[str]] = ["cascade"]
    filenames: ClassVar[list[str]] = ["*.cascade"]
    tokens: ClassVar[dict[str, list[Any]]] = {
        "root": [
            (r"\s+", Whitespace),
            (r'"', String.Double, "text"),
            *(_rule(look) for look in looks()),
            (r"[(),-]", Operator),
            (r".", Error),
        ],
        "text": [
            *(_rule(look) for look in TEXT),
            (r'[^"\\{\n]+|[\\{]', String.Double),
            (r'"|\n', String.Double, "#pop"),
        ],
    }
