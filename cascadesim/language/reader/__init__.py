"""From a script's tree to its statements, whose values are the model's own. One file a block, one function a line."""

from __future__ import annotations

import re
from typing import Any, cast

from lark import Token, Tree

from cascadesim.errors import Span
from cascadesim.language.reader import chain, channel, message, question, scenario, segment
from cascadesim.language.reader.tokens import Node, Reader, Reading, parts, tree, word
from cascadesim.language.source import Files, Source
from cascadesim.language.statements import Block, Document, Faults, Kind, Line, Name, Use
from cascadesim.model.rates import Verb

__all__ = ["read_document"]

_LINES: dict[str, dict[str, Reader]] = {
    "scenario": scenario.LINES,
    "channel": channel.LINES,
    "change": channel.LINES,
    "segment": segment.LINES,
    "message": message.LINES,
    "chain": chain.LINES,
    "optimize": question.LINES,
}
_DEEPEST = 30
_WORD = re.compile(r"\S+")
_LEVELS = ("choice", "split", "group", "negation")


def read_document(root: Tree[Token], source: Source, files: Files, faults: Faults) -> Document:
    """The statements of a script; faults of single values are noted."""
    ctx = Reading(source, files, faults)
    uses, blocks = [], []
    for node in map(tree, root.children):
        if node.data == "version":
            _version(ctx, node)
        elif node.data in ("use_all", "use_some"):
            uses.append(_use(ctx, node))
        elif node.data == "hole":
            chain.note_hole(ctx, node)
        elif not _is_too_deep(ctx, node):
            blocks.append(_table(ctx, node) if node.data == "table" else _block(ctx, node))
    return Document(tuple(uses), tuple(blocks))


def _is_too_deep(ctx: Reading, block: Node) -> bool:
    """Notes a branch or bracket that lies within too many others: what reads chains goes down level by level."""
    open_nodes: list[tuple[Node, int]] = [(block, 0)]
    while open_nodes:
        node, depth = open_nodes.pop()
        depth += node.data in _LEVELS
        if depth > _DEEPEST:
            hint = "make chains of the parts, or say it in fewer levels"
            at = ctx.span(node)
            end = len(ctx.source.line(at.line)) + 1
            span = Span(at.file, at.line, at.column, at.line, end)
            ctx.faults.error("C019", span, f"more than {_DEEPEST} levels, one within the other", hint)
            return True
        open_nodes += [(child, depth) for child in reversed(node.children) if isinstance(child, Tree)]
    return False


def _version(ctx: Reading, node: Node) -> None:
    token = parts(node)[0]
    if token != "1":
        hint = "write `cascade 1`, or install a newer cascadesim"
        ctx.faults.error("C012", ctx.span(token), f"this is version {token} of the language; version 1 is read", hint)


def _use(ctx: Reading, node: Node) -> Use:
    *names, file = parts(node)
    return Use(ctx.file(file), ctx.span(file), ctx.names(names) if names else None)


def _block(ctx: Reading, node: Node) -> Block:
    """A block: names and titles stand in the heading, before the first statement."""
    readers = _LINES[node.data]
    heading = [part for part in parts(node) if not _is_line(part, readers)]
    name = next((ctx.name(t) for t in heading if isinstance(t, Token) and t.type == "NAME"), None)
    title = next((ctx.string(t) for t in heading if isinstance(t, Token) and t.type == "STRING"), None)
    audience = next((t for t in heading if isinstance(t, Tree) and t.data == "audience"), None)
    return Block(
        cast("Kind", node.data),
        _heading(ctx, node, heading),
        tuple(_lines(ctx, readers, [part for part in parts(node) if _is_line(part, readers)])),
        name,
        title,
        ctx.names(parts(audience)) if audience is not None else None,
        any(isinstance(t, Tree) and t.data == "by_reach" for t in heading),
    )


def _is_line(part: Any, readers: dict[str, Reader]) -> bool:
    return isinstance(part, Tree) and (part.data in readers or part.data == "hole")


def _lines(ctx: Reading, readers: dict[str, Reader], nodes: list[Node]) -> list[Line]:
    found = []
    for node in nodes:
        if node.data in readers:
            found.append(Line(_first_word(ctx, node), node.data, readers[node.data](ctx, node), ctx.span(node)))
        else:
            chain.note_hole(ctx, node)
    return found


def _first_word(ctx: Reading, node: Node) -> str:
    found = _WORD.match(ctx.source.text, node.meta.start_pos)
    return found[0] if found is not None else ""


def _table(ctx: Reading, node: Node) -> Block:
    verb_node, header, *rows = map(tree, parts(node))
    verb = cast("Verb", word(verb_node))
    for hole in (row for row in rows if row.data == "hole"):
        chain.note_hole(ctx, hole)
    ctx.names(parts(header))  # a channel has one column
    lines = tuple(segment.table_line(ctx, verb, header, row) for row in rows if row.data == "row")
    return Block("table", _heading(ctx, node, [verb_node]), lines, Name(verb, ctx.span(verb_node)))


def _heading(ctx: Reading, node: Node, named: list[Any]) -> Span:
    """The place of a block's first line: from its keyword to the last of its names."""
    at = ctx.span(node)
    ends = [ctx.span(part) for part in named if part is not None]
    end = max((e.end_column for e in ends), default=at.column + len(node.data))
    return Span(at.file, at.line, at.column, at.line, end)
