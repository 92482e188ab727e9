"""The senders of single channels: which there are, what one takes, and how a senders file fared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from cascadesim.live.senders import LISTENING, Kind, Probed, Setting
from cascadesim.reports import tables

_KEYS = {True: "is recognized", False: "goes out twice"}


def senders_list(kinds: Iterable[Kind]) -> Iterator[RenderableType]:
    """A line each, and where to go from there."""
    made = tables.table("sender", "sends", "the same message again", left=3)
    for kind in kinds:
        made.add_row(kind.name, kind.does, _KEYS[kind.honours_keys])
    yield tables.titled("Senders of single channels", made)
    yield Text(
        "`cascadesim senders NAME` says what a sender's table in senders.toml takes, `cascadesim senders listen` what "
        "the table takes where receipts come in; `cascadesim senders --test senders.toml` connects to all and sends "
        "nothing.",
        tables.QUIET,
    )


def sender_page(kind: Kind) -> Iterator[RenderableType]:
    """What it does, every setting, and a table to begin with."""
    yield Text.assemble((f"{kind.name}: {kind.does}", "bold"), f"\n{kind.about}")
    made = tables.table("setting", "what it is", "", left=3)
    for setting in kind.settings:
        made.add_row(setting.name, setting.what, _needed(setting))
    yield tables.titled("Settings", made)
    yield Text(f"To begin with:\n\n{example(kind)}")


def example(kind: Kind) -> str:
    """A channel's table with all that the sender cannot do without."""
    if kind is LISTENING:
        return "\n".join([f"[{kind.name}]", *(f"{setting.name} = {setting.example}" for setting in kind.settings)])
    required = (f"{setting.name} = {setting.example}" for setting in kind.settings if setting.is_needed)
    return "\n".join(["[CHANNEL]", f'sender = "{kind.name}"', *required])


def probes_table(probed: Sequence[Probed]) -> RenderableType:
    """What each channel's provider says."""
    made = tables.table("channel", "sender", "", "what it says", left=4)
    for one in probed:
        word = Text("fine", "green") if one.is_well else Text("fails", tables.BAD)
        made.add_row(one.channel, one.sender, word, one.said)
    return tables.titled("Connected, and nothing was sent", made)


def kind_json(kind: Kind) -> dict[str, Any]:
    """A sender as data."""
    return {
        "sender": kind.name,
        "does": kind.does,
        "about": kind.about,
        "honours_keys": kind.honours_keys,
        "settings": [
            {
                "setting": setting.name,
                "what": setting.what,
                "required": setting.is_required,
                "secret": setting.is_secret,
                "example": setting.example,
            }
            for setting in kind.settings
        ],
        "table": example(kind),
    }


def _needed(setting: Setting) -> Text:
    if setting.is_required:
        return Text(f"needed, as in {setting.example}")
    if setting.unless is not None:
        return Text(f"needed without `{setting.unless}`, as in {setting.example}")
    if setting.beside is not None:
        return Text(f"needed with `{setting.beside}`, as in {setting.example}")
    if setting.default is None:
        return Text(f"as in {setting.example}", tables.QUIET)
    return Text(f"{setting.example} if not given", tables.QUIET)
