"""The shortest scripts that show each place where a name may stand, made of the grammar itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lark import Token
from lark.exceptions import UnexpectedInput
from lark.grammar import Rule

from cascadesim.language.grammar import parse, parser, words

Symbols = tuple[str, ...]

_WRITTEN = {
    "NAME": "plain", "STRING": '"t"', "COUNT": "1", "SHARE": "1%", "MONEY": "1 EUR", "DURATION": "1 h", "TIME": "1:00",
    "DATE": "2027-01-01", "FACTOR": "x1", "CURRENCY": "EUR",
}  # fmt: skip
_HERE = "(here)"
_NESTING = {"body", "branch", "arm", "arm_of_rest", "choice", "split", "group", "negation"}
"""Rules that lead back to what they are part of: a place within them is the place without them."""


@dataclass(frozen=True)
class Place:
    """A place for a name: the rules that lead there, and the script before and after it."""

    rules: Symbols
    before: str
    after: str

    def __str__(self) -> str:
        return " ".join(self.rules)

    def reads(self, name: str) -> bool:
        """Whether the name is read as one here."""
        try:
            tree = parse(f"{self.before}{name}{self.after}")
        except UnexpectedInput:
            return False
        tokens = tree.scan_values(lambda token: isinstance(token, Token) and token.start_pos == len(self.before))
        return [(token.type, str(token)) for token in tokens] == [("NAME", name)]

    @property
    def rule(self) -> str:
        """The rule that has the name in it."""
        return self.rules[-1].rpartition("-")[0]

    @property
    def states(self) -> tuple[int, ...]:
        """The last states of the parser here: where they are the same, a name meets with the same words."""
        parsing: Any = parser().parse_interactive(self.before)
        for token in parsing.lexer_thread.lex(parsing.parser_state):
            if token.type == "_DEDENT" and not token:
                break
            parsing.feed_token(token)
        return tuple(parsing.parser_state.state_stack[-3:])


def places() -> list[Place]:
    """The places of every rule at which the grammar has a name: in lists, that is the first, the second and others."""
    found: dict[tuple[str, tuple[int, ...]], Place] = {}
    for place in _down("start", (), (), (), set()):
        found.setdefault((place.rule, place.states), place)
    return list(found.values())


def _down(
    symbol: str, before: Symbols, after: Symbols, path: Symbols, seen: set[tuple[str, Symbols]]
) -> Iterator[Place]:
    """The places below a symbol, given the words around it; what has been seen on the same path is passed over."""
    if (symbol, path) in seen or symbol in path:
        return
    seen.add((symbol, path))
    further = path if symbol.startswith("_") or symbol in _NESTING else (*path, symbol)
    for number, rule in enumerate(_rules(symbol)):
        expansion = [part.name for part in rule.expansion]
        for at, part in enumerate(expansion):
            left = (*before, *(word for p in expansion[:at] for word in _shortest()[p]))
            right = (*(word for p in expansion[at + 1 :] for word in _shortest()[p]), *after)
            if part == "NAME":
                script = _written((*left, _HERE, *right)).partition(_HERE)
                yield Place((*further, f"{symbol}-{number}.{at}"), script[0], script[2])
            elif not part.isupper() and part != symbol:
                step = (f"{symbol}-{number}.{at}",) if {"COMMA", "AND", "OR"} & {*expansion} else ()
                yield from _down(part, left, right, (*further, *step), seen)


def _rules(symbol: str) -> list[Rule]:
    return [rule for rule in parser().rules if rule.origin.name == symbol]


_SHORTEST: dict[str, Symbols] = {}


def _shortest() -> dict[str, Symbols]:
    """The fewest words that each symbol may consist of."""
    if not _SHORTEST:
        found: dict[str, Symbols] = {t.name: (t.name,) for t in parser().terminals} | {
            name: (name,) for name in ("_INDENT", "_DEDENT")
        }
        changed = True
        while changed:
            changed = False
            for rule in parser().rules:
                parts = [part.name for part in rule.expansion]
                if all(part in found for part in parts):
                    said = tuple(word for part in parts for word in found[part])
                    if len(said) < len(found.get(rule.origin.name, said + said + ("",))):
                        found[rule.origin.name] = said
                        changed = True
        _SHORTEST.update(found)
    return _SHORTEST


def _written(symbols: Symbols) -> str:
    """The words as a script, with its lines and its indentation."""
    text, depth = "", 0
    for symbol in symbols:
        if symbol == "_NL":
            text += "\n"
        elif symbol in ("_INDENT", "_DEDENT"):
            depth += 1 if symbol == "_INDENT" else -1
        else:
            word = symbol if symbol == _HERE else _WRITTEN.get(symbol) or words()[symbol]
            text += ("    " * depth if text.endswith("\n") else " " if text else "") + word
    return text if text.endswith("\n") else text + "\n"
