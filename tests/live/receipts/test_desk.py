"""The desk: answers come after the commit, a burst costs few transactions, and one fault is not all the others'."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from cascadesim.errors import OutsideError
from cascadesim.live.intake import Coming, Stop, Taken
from cascadesim.live.receipts.desk import Desk, FullError


class Slow:
    """Takes a batch only when it is let, and keeps what it was given."""

    def __init__(self, faults: dict[str, Exception] | None = None) -> None:
        self.go = threading.Event()
        self.batches: list[list[str]] = []
        self.faults = faults or {}

    def take(self, coming: Sequence[Coming]) -> list[Taken]:
        self.go.wait(5)
        names = [one.person for one in coming if isinstance(one, Stop)]
        self.batches.append(names)
        for name in names:
            if name in self.faults:
                raise self.faults[name]
        return ["new"] * len(names)


async def _gather(desk: Desk, names: str) -> list[Any]:
    return await asyncio.gather(*(desk.take(Stop(name, "converted", 0)) for name in names), return_exceptions=True)


def _played(desk: Desk, slow: Slow, names: str) -> list[Any]:
    async def played() -> list[Any]:
        async with desk.open():
            waiting = asyncio.create_task(_gather(desk, names))
            await asyncio.sleep(0.05)
            assert not waiting.done(), "nobody is answered before the commit"
            slow.go.set()
            return await waiting

    return asyncio.run(played())


def test_what_comes_while_one_transaction_is_written_goes_into_the_next_together():
    slow = Slow()
    assert _played(Desk(slow.take, at_once=3), slow, "abcdefgh") == ["new"] * 8
    assert slow.batches == [["a", "b", "c"], ["d", "e", "f"], ["g", "h"]]


def test_more_than_may_wait_are_told_to_come_again():
    slow = Slow()
    found = _played(Desk(slow.take, waiting=3), slow, "abcde")
    assert found[:3] == ["new"] * 3
    assert [type(one) for one in found[3:]] == [FullError] * 2


def test_a_store_that_fails_fails_all_of_the_batch_and_nothing_is_tried_twice():
    slow = Slow({"b": OutsideError("the disk is full")})
    found = _played(Desk(slow.take), slow, "abc")
    assert [str(one) for one in found] == ["the disk is full"] * 3
    assert slow.batches == [["a", "b", "c"]]


def test_a_fault_of_one_is_not_the_others(caplog: pytest.LogCaptureFixture):
    slow = Slow({"b": ZeroDivisionError("anna@example.com")})
    found = _played(Desk(slow.take), slow, "abc")
    assert (found[0], type(found[1]), found[2]) == ("new", ZeroDivisionError, "new")
    assert "anna" not in caplog.text


def test_what_waits_at_the_end_is_still_committed():
    async def played() -> list[Any]:
        async with desk.open():
            waiting = asyncio.create_task(_gather(desk, "abc"))
            await asyncio.sleep(0.05)
            slow.go.set()
        return await waiting

    slow = Slow()
    desk = Desk(slow.take, at_once=1)
    assert asyncio.run(played()) == ["new"] * 3


def test_who_has_hung_up_keeps_nobody_waiting():
    async def played() -> Any:
        async with desk.open():
            gone = asyncio.create_task(desk.take(Stop("a", "converted", 0)))
            await asyncio.sleep(0.05)
            gone.cancel()
            slow.go.set()
            return await desk.take(Stop("b", "converted", 0))

    slow = Slow()
    desk = Desk(slow.take)
    assert asyncio.run(played()) == "new"
    assert slow.batches == [["a"], ["b"]]
