"""What a message says: placeholders filled from a contact's cells, and the SMS parts that are billed (S13).

A placeholder is a column's name in braces, with or without a fallback: `{first_name}`, `{first_name|there}`;
spaces around the name and the fallback do not count. Doubled braces make it literal: `{{first_name}}` reads
`{first_name}`. Every other brace is text like any other, so the style sheet of an HTML text needs no escapes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping

from gsm0338 import Codec  # type: ignore[import-untyped]  # the package has no type hints

from cascadesim.model.chain import Chain, Saying, Send
from cascadesim.model.message import Content
from cascadesim.model.model import Model

_NAME = r"[^\W\d](?:[\w .-]*\w)?"
_PLACEHOLDER = re.compile(
    rf"\{{\{{(?P<literal>\s*{_NAME}\s*(?:\|[^{{}}]*)?)\}}\}}"
    rf"|\{{\s*(?P<name>{_NAME})\s*(?:\|(?P<fallback>[^{{}}]*))?\}}"
)

_ESCAPE = "\x1b"
# The library knows the alphabet of 3GPP TS 23.038; none that is still kept also counts parts without splitting
# an escape pair, so the counting is ours. A bare escape is a byte of the encoding, not a character to send.
_BASIC: str = Codec().decode(bytes(septet for septet in range(128) if septet != ord(_ESCAPE)))[0]
_EXTENSION: str = Codec().decode(b"".join(bytes((ord(_ESCAPE), septet)) for septet in range(128)), "ignore")[0]
_GSM = frozenset(_BASIC + _EXTENSION)
_ESCAPED = str.maketrans({character: _ESCAPE + character for character in _EXTENSION})
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_HIGH, _LOW = "\ud800", "\udc00"


def placeholders(text: str) -> tuple[tuple[str, str | None], ...]:
    """The text's placeholders, each once, in the order of the text: (column, fallback or None)."""
    found = (m for m in _PLACEHOLDER.finditer(text) if m["literal"] is None)
    return tuple(dict.fromkeys((m["name"], _fallback(m)) for m in found))


def render(text: str, cells: Mapping[str, str]) -> str:
    """The text with its placeholders filled; a missing or empty cell takes the fallback.

    A cell is put in as it is: braces in it are not read again. ValueError names the placeholders that have
    neither a cell nor a fallback.
    """
    lacking: dict[str, None] = {}

    def value(name: str, fallback: str | None) -> str:
        cell = cells.get(name, "")
        if not cell and fallback is None:
            lacking[name] = None
        return cell or fallback or ""

    filled = _fill(text, value)
    if lacking:
        names = ", ".join(f"{{{name}}}" for name in lacking)
        raise ValueError(f"nothing to put for {names}: the contact's cell is empty, and there is no fallback")
    return filled


def sms_parts(text: str) -> int:
    r"""How many SMS the text is billed as: at least one.

    In the default alphabet (GSM 03.38) 160 characters fit in one SMS and 153 in each part of several; those of
    its extension table (``^{}[]~\|€`` and the form feed) count twice. Any other character makes the whole text
    UCS-2: 70 and 67 UTF-16 units. Neither an escape pair nor a surrogate pair is split between parts.
    """
    if is_gsm(text):
        return _parts(text.translate(_ESCAPED), _ESCAPE, 160, 153)
    return _parts(_ASTRAL.sub(_HIGH + _LOW, text), _HIGH, 70, 67)


def is_gsm(text: str) -> bool:
    """Whether the text is in the default alphabet of SMS, GSM 03.38, with its extension table."""
    return _GSM.issuperset(text)


def text_of(model: Model, chain: Chain, send: Send, channel: str, cells: Mapping[str, str] | None) -> str | None:
    """What a step says on a channel: its own words, else the chain's; None if neither has a text for it.

    Without cells (None: nobody in particular) every placeholder reads as its fallback, and as the column's own
    name where it has none. In a text from an HTML file the cells are escaped. ValueError as in `render`.
    """
    content = _content(model, send.saying or chain.saying, channel)
    if content is None:
        return None
    if cells is not None and _is_html(content):
        cells = {name: html.escape(cell) for name, cell in cells.items()}
    return _read_by(content.value, cells)


def subject_of(model: Model, chain: Chain, send: Send, channel: str, cells: Mapping[str, str] | None) -> str | None:
    """The subject of a step's message on a channel; None where it has none. `cells` None, ValueError: see `text_of`.

    A message's title is none: it is for those who plan.
    """
    saying = send.saying or chain.saying
    if saying is None or saying.message is None:
        return None
    content = model.message(saying.message).content("subject", channel)
    return None if content is None else _read_by(content.value, cells)


def is_html(model: Model, chain: Chain, send: Send, channel: str) -> bool:
    """Whether what a step says on a channel is HTML: it is from a file whose name says so."""
    content = _content(model, send.saying or chain.saying, channel)
    return content is not None and _is_html(content)


def parts_of(model: Model, chain: Chain, send: Send, channel: str, cells: Mapping[str, str] | None) -> int:
    """The parts that a step's message on a channel is billed as (S13): one where it has no text.

    `cells` None and ValueError as in `text_of`.
    """
    text = text_of(model, chain, send, channel, cells)
    return 1 if text is None else sms_parts(text)


def columns_of(model: Model, chain: Chain, send: Send, channel: str) -> tuple[str, ...]:
    """The contacts' columns that a step's text on a channel names, each once, in the text's order."""
    content = _content(model, send.saying or chain.saying, channel)
    return () if content is None else tuple(dict.fromkeys(name for name, _ in placeholders(content.value)))


def _read_by(text: str, cells: Mapping[str, str] | None) -> str:
    if cells is None:
        return _fill(text, lambda name, fallback: name if fallback is None else fallback)
    return render(text, cells)


def _is_html(content: Content) -> bool:
    return content.file is not None and content.file.lower().endswith((".html", ".htm"))


def _fill(text: str, value: Callable[[str, str | None], str]) -> str:
    """The text with each placeholder replaced by its value(name, fallback)."""

    def fill(match: re.Match[str]) -> str:
        if match["literal"] is not None:
            return "{" + match["literal"] + "}"
        return value(match["name"], _fallback(match))

    return _PLACEHOLDER.sub(fill, text)


def _fallback(match: re.Match[str]) -> str | None:
    return None if match["fallback"] is None else match["fallback"].strip()


def _parts(units: str, first_half: str, whole: int, part: int) -> int:
    if len(units) <= whole:
        return 1
    parts = start = 0
    while start < len(units):
        end = start + part
        start = end - (units[end - 1 : end] == first_half)  # a pair that would be split moves on as one
        parts += 1
    return parts


def _content(model: Model, saying: Saying | None, channel: str) -> Content | None:
    if saying is None:
        return None
    if saying.message is None:
        return Content("text", saying.text or "")
    return model.message(saying.message).content("text", channel)
