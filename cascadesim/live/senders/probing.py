"""Trying out a senders file: connects to every provider, and sends nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import NamedTuple

from cascadesim.errors import OutsideError
from cascadesim.live.senders.kinds import driver_of
from cascadesim.live.senders.settings import Configured


class Probed(NamedTuple):
    """What came of it on one channel: `said` is what was found, or what is wrong and what helps."""

    channel: str
    sender: str
    is_well: bool
    said: str


def probe_all(tables: Mapping[str, Configured]) -> list[Probed]:
    """All channels side by side, in the order of the file: one that does not answer holds up no other."""

    async def run() -> list[Probed]:
        return list(await asyncio.gather(*(_probed(table) for table in tables.values())))

    return asyncio.run(run())


async def _probed(table: Configured) -> Probed:
    try:
        driver = driver_of(table)
        if driver is None:
            return Probed(table.channel, table.sender, True, "it connects to nothing")
        try:
            return Probed(table.channel, table.sender, True, await driver.probe())
        finally:
            await driver.close()
    except OutsideError as error:
        return Probed(table.channel, table.sender, False, str(error))
