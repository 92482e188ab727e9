"""Senders of single channels: what the runner hands messages to.

A senders file has a table for each channel (`read_senders`); its senders together are the post (`open_post`), which
is the runner's `Sender`. They are here and not in `cascadesim.senders` (what vendors do with whole plans), because
they speak the runner's protocol, and imports only point down. The packages that they need are the extra `live`,
imported when a sender is made.
"""

from cascadesim.live.senders.addressing import Addressing, Reachable, addressing_of
from cascadesim.live.senders.kind import Kind
from cascadesim.live.senders.kinds import KINDS, LISTENING, driver_of
from cascadesim.live.senders.opening import open_post
from cascadesim.live.senders.post import Post
from cascadesim.live.senders.probing import Probed, probe_all
from cascadesim.live.senders.reading import SendersFile, read_senders, read_senders_file
from cascadesim.live.senders.settings import Configured, Setting

__all__ = [
    "KINDS",
    "LISTENING",
    "Addressing",
    "Configured",
    "Kind",
    "Post",
    "Probed",
    "Reachable",
    "SendersFile",
    "Setting",
    "addressing_of",
    "driver_of",
    "open_post",
    "probe_all",
    "read_senders",
    "read_senders_file",
]
