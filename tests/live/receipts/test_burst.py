"""A burst of receipts whose server is killed in the middle of it: nothing that was answered is lost.

The sender does as senders do: what is not answered by 200 it sends again.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.live.receipts.desk_and_doors import post, receipt

PROJECT = Path(__file__).resolve().parents[3]
AT_ONCE = 32


class Served:
    """The server's process, and the file that outlives it."""

    def __init__(self, file: Path, people: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.file, self.people = file, people
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        command = (sys.executable, "-m", "tests.live.receipts.served", self.port, self.file, self.people)
        self.process = subprocess.Popen([str(word) for word in command], cwd=PROJECT)
        for _ in range(400):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self.process
            time.sleep(0.05)
        raise AssertionError("the server does not start")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def rows(self) -> list[str]:
        reading = sqlite3.connect(self.file)
        try:
            return [name.removeprefix("receipt:push:") for (name,) in reading.execute("SELECT id FROM report")]
        finally:
            reading.close()


async def burst(served: Served, names: list[str], answered: Callable[[str, httpx.Response], None]) -> None:
    """Sends each until it is answered by 200; `answered` hears of each answer."""
    left = list(reversed(names))

    async def sender(client: httpx.AsyncClient) -> None:
        while left:
            name = left.pop()
            body = receipt(key=f"spring:s:{name}:1:push:0", name=name)
            request = post("/receipts/push", body, at=int(time.time()))
            request.url = httpx.URL(f"http://127.0.0.1:{served.port}/receipts/push")
            try:
                response = await client.send(request)
            except httpx.TransportError:
                left.append(name)
                await asyncio.sleep(0.02)
                continue
            assert response.status_code == 200, response.text
            answered(name, response)

    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=AT_ONCE), timeout=30) as client:
        await asyncio.gather(*(sender(client) for _ in range(AT_ONCE)))


@pytest.fixture(params=[1_000, pytest.param(10_000, marks=pytest.mark.full)])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    found = Served(tmp_path / "reports.db", request.param)
    yield found
    found.kill()


def test_a_burst_with_the_process_killed_in_the_middle(served: Served):
    """N distinct receipts give N rows, and what was answered before the kill is on disk after it; replays none."""
    names, answers, lost = [str(n) for n in range(served.people)], list[str](), list[str]()

    def answered(name: str, response: httpx.Response) -> None:
        answers.append(name)
        if len(answers) == served.people // 2:
            served.kill()
            lost.extend(set(answers) - set(served.rows()))
            served.start()

    asyncio.run(burst(served, names, answered))
    assert lost == []
    assert sorted(served.rows()) == sorted(names)
    known = []
    asyncio.run(burst(served, names, lambda _, response: known.append(response.text)))
    assert known == ["recorded before\n"] * served.people
    assert len(served.rows()) == served.people


def test_ten_megabytes_and_a_body_that_never_comes_are_refused_by_the_real_server(served: Served):
    """The status comes though the body has not; and the connection is closed, so that nobody waits for the rest."""
    for length in (10_000_000, 10**18):
        with socket.create_connection(("127.0.0.1", served.port), timeout=5) as wire:
            head = f"POST /receipts/push HTTP/1.1\r\nHost: here\r\nContent-Length: {length}\r\n\r\n"
            wire.sendall(head.encode() + b"x" * 1000)
            said = b""
            while chunk := wire.recv(4096):
                said += chunk
        assert said.startswith(b"HTTP/1.1 413 ")
        assert said.endswith(b"the body is larger than 64 kB\n")
