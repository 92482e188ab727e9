"""What is said: texts, subjects, templates, buttons and images."""

from __future__ import annotations

from typing import cast

from lark import Token

from cascadesim.language.reader.tokens import Node, Reader, Reading, parts
from cascadesim.model.message import Content, Part


def _content(ctx: Reading, node: Node) -> Content:
    channel, value = parts(node)
    part = cast("Part", node.data)
    return Content(part, ctx.words(value, f"the {part}"), _channel(ctx, channel))


def _text_file(ctx: Reading, node: Node) -> Content:
    channel, token = parts(node)
    file = ctx.file(token)
    assert file.span is not None
    text = ctx.files.text(file, file.span) or ""
    return Content("text", text, _channel(ctx, channel), file=str(file))


def _button(ctx: Reading, node: Node) -> Content:
    channel, label, target = parts(node)
    to = ctx.words(target, "the button's target")
    return Content("button", ctx.words(label, "the button's label"), _channel(ctx, channel), to)


def _channel(ctx: Reading, token: Token | None) -> str | None:
    return ctx.name(token) if token is not None else None


LINES: dict[str, Reader] = {
    "text": _content,
    "text_file": _text_file,
    "subject": _content,
    "template": _content,
    "button": _button,
    "image": _content,
}
