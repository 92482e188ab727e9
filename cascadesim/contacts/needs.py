"""Which columns a segment's contacts must have and which cells must not be empty, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from itertools import product
from typing import NamedTuple, get_args

from cascadesim.contacts import codes
from cascadesim.contacts.findings import Finding
from cascadesim.contacts.table import Table
from cascadesim.errors import Diagnostic
from cascadesim.model.chain import Saying
from cascadesim.model.content import placeholders
from cascadesim.model.message import Part
from cascadesim.model.model import Model
from cascadesim.model.segment import Contacts


class Need(NamedTuple):
    """A column that must be there, and what for."""

    column: str
    because: str


def used_channels(model: Model, segment: str) -> tuple[str, ...]:
    """The channels, by name, on which some chain or question may write to the segment."""
    chains = {c for chain in model.chains if segment in model.segments_of(chain.segments) for c in chain.channels}
    asked = {c for q in model.questions if segment in model.segments_of(q.segments) for c in q.channels}
    return tuple(sorted(chains | asked))


def needs_of(model: Model, segment: str, channels: tuple[str, ...] | None = None) -> tuple[Need, ...]:
    """The columns that the segment needs, each once: for addresses, for `where`, for placeholders (S2).

    `channels` are those in use (default: `used_channels`). A placeholder's column must be there even if there
    is a fallback, which is for single cells that are empty: a slip in the name must not reach thousands.
    """
    needs: dict[str, str] = {}
    for name in used_channels(model, segment) if channels is None else channels:
        needs.setdefault(model.channel(name).column, f"the addresses of channel {name}")
    people = model.segment(segment).people
    for test in people.where if isinstance(people, Contacts) else ():
        needs.setdefault(test.column, f"the `where` of segment {segment}")
    for text, _, where in _texts(model, segment):
        for column, _ in placeholders(text):
            needs.setdefault(column, f"the placeholder {{{column}}} in {where}")
    return tuple(Need(column, because) for column, because in needs.items())


class Blanks:
    """The placeholders without a fallback in what is said to a segment: cells that must not be empty."""

    def __init__(self, model: Model, segment: str) -> None:
        self._addresses: dict[str, set[str]] = {}  # by placeholder, the columns of the channels it goes out on
        for text, channel, _ in _texts(model, segment):
            for column, fallback in placeholders(text):
                if fallback is None:
                    self._addresses.setdefault(column, set()).add(model.channel(channel).column)

    def unfilled(self, cells: Mapping[str, str]) -> str:
        """The placeholders that a person with these cells would get unfilled, as the texts write them; "" if none.

        A text for a channel that does not reach the person does no harm. A column that is not there at all is
        another fault (see `missing_columns`).
        """
        if not self._addresses:
            return ""
        names = (
            name
            for name, addresses in self._addresses.items()
            if cells.get(name, name) == "" and any(cells.get(address) for address in addresses)
        )
        return ", ".join(f"{{{name}}}" for name in names)


def unfilled_diagnostics(table: Table, unfilled: Finding) -> list[Diagnostic]:
    """The people for whom `Blanks.unfilled` found something, as a fault."""
    hint = "fill the cells, or give the placeholders fallbacks, as in {first_name|there}"
    return unfilled.diagnostics(table, codes.EMPTY_CELL, "an empty cell where a text has no fallback", hint)


def missing_columns(table: Table, needs: tuple[Need, ...]) -> list[Diagnostic]:
    """A fault for every column that is needed and not there."""
    return [_missing(table, need) for need in needs if need.column not in table.columns]


def _missing(table: Table, need: Need) -> Diagnostic:
    near = get_close_matches(need.column, [c for c in table.columns if c], n=1)
    hint = f"is it the column `{near[0]}`? use one name in both places" if near else f"add the column `{need.column}`"
    message = f"{table.file} has no column `{need.column}` for {need.because}"
    return Diagnostic(codes.MISSING_COLUMN, "error", table.span(1), message, hint)


def _texts(model: Model, segment: str) -> Iterator[tuple[str, str, str]]:
    """Everything that may be said to the segment: the text, the channel, and where it stands."""
    for chain in model.chains:
        if segment in model.segments_of(chain.segments):
            for send in chain.sends:
                yield from _said(model, send.saying or chain.saying, send.channels, f"chain {chain.name}")
    for question in model.questions:
        if segment in model.segments_of(question.segments):
            yield from _said(model, question.saying, question.channels, "what the question says")


def _said(model: Model, saying: Saying | None, channels: tuple[str, ...], where: str) -> Iterator[tuple[str, str, str]]:
    if saying is None:
        return
    if saying.message is None:
        yield from ((saying.text or "", channel, where) for channel in channels)
        return
    message = model.message(saying.message)
    for channel, part in product(channels, get_args(Part)):
        content = message.content(part, channel)
        if content is not None:
            yield from ((text, channel, f"message {message.name}") for text in (content.value, content.to) if text)
