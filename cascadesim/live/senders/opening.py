"""From a senders file to a sender: each channel's table becomes a line of the post."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO

from cascadesim.contacts import Contact
from cascadesim.live.console import Console
from cascadesim.live.protocols import Clock, Outgoing
from cascadesim.live.senders.addressing import addressing_of
from cascadesim.live.senders.breaker import Breaker
from cascadesim.live.senders.driver import Driver, Letter, Template
from cascadesim.live.senders.kind import TEMPLATES
from cascadesim.live.senders.kinds import driver_of
from cascadesim.live.senders.post import Line, Post, Writer
from cascadesim.live.senders.settings import Configured
from cascadesim.live.tracking import Links
from cascadesim.model.channel import Channel
from cascadesim.model.content import is_html, subject_of, text_of
from cascadesim.model.model import Model
from cascadesim.senders.wording import wording_of


def open_post(tables: Mapping[str, Configured], model: Model, clock: Clock, stream: TextIO) -> Post:
    """The post of a campaign; what goes to the console is printed to the stream. Nothing is connected to yet."""
    lines: dict[str, Line] = {}
    printed: dict[str, Console] = {}
    for name, table in tables.items():
        driver = driver_of(table)
        if driver is None:
            printed[name] = Console(model, stream)
        else:
            lines[name] = line_of(driver, table, writer_of(model.channel(name), table))
    return Post(lines, clock, printed)


def line_of(driver: Driver, table: Configured, write: Writer) -> Line:
    """The line of a channel, as its table has it."""
    settings = table.settings
    return Line(driver, write, settings["in_doubt"], settings.get("at_once", 1), Breaker(table.channel))


def writer_of(channel: Channel, table: Configured) -> Writer:
    """Writes the letters of a channel: to whom, and in which words; the same for the same message."""
    addressing = addressing_of(channel, table)
    links: Links | None = table.settings.get("links")

    def write(message: Outgoing) -> Letter:
        step = message.model, message.chain, message.send, message.channel
        cells = message.person.columns
        to, text = addressing.read(message.person), text_of(*step, cells)
        template = _template(message) if table.settings.get("channel") == TEMPLATES else None
        if text is None and template is not None:
            text = ""
        if text is None:
            raise ValueError(f"step {message.step} says nothing on {message.channel}")
        if links is not None:
            linked = links.in_html if is_html(*step) else links.in_text
            text = linked(text, message.key, message.channel, message.at)
        return Letter(message.key, message.channel, to, text, subject_of(*step, cells), is_html(*step), template)

    return write


def _template(message: Outgoing) -> Template | None:
    wording = wording_of(message.model, message.chain, message.send, message.channel)
    if wording.template is None:
        return None
    return Template(wording.template, wording.values(Contact(message.person.id, message.person.columns)))
