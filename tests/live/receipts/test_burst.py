"""A burst of receipts whose server is killed in the middle of it: nothing that was answered is lost.

The sender does as senders do: what is not answered by 200 it sends again.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cascadesim.live.receipts import sign
from tests.live.receipts.desk_and_doors import PUSH_KEY, receipt

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
        for _ in range(1_200):
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
            return [name.removeprefix("receipt:push:") for (name,) in reading.execute("SELECT id FROM event")]
        finally:
            reading.close()


def burst(served: Served, names: list[str], answered: Callable[[str, str], None]) -> None:
    """Sends each until it is answered by 200; `answered` hears of each answer, one after the other."""
    left, lock = deque(names), threading.Lock()

    def sender() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
        while left:
            with contextlib.suppress(IndexError):  # another one has taken the last
                name = left.popleft()
                try:
                    status, text = _send(connection, name)
                except (OSError, http.client.HTTPException):
                    connection.close()
                    left.append(name)
                    time.sleep(0.02)
                    continue
                assert status == 200, text
                with lock:
                    answered(name, text)
        connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        for done in [threads.submit(sender) for _ in range(AT_ONCE)]:
            done.result()


def _send(connection: http.client.HTTPConnection, name: str) -> tuple[int, str]:
    body = json.dumps(receipt(key=f"spring:s:{name}:1:push:0", name=name)).encode()
    connection.request("POST", "/receipts/push", body, dict(sign(PUSH_KEY, name, int(time.time()), body)))
    response = connection.getresponse()
    return response.status, response.read().decode()


@pytest.fixture
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    found = Served(tmp_path / "campaign.db", request.param)
    yield found
    found.kill()


@pytest.mark.parametrize("served", [1_000, pytest.param(10_000, marks=pytest.mark.full)], indirect=True)
def test_a_burst_with_the_process_killed_in_the_middle(served: Served):
    """N distinct receipts give N rows, and what was answered before the kill is on disk after it; replays none."""
    names, answers, lost = [str(n) for n in range(served.people)], list[str](), list[str]()

    def answered(name: str, _: str) -> None:
        answers.append(name)
        if len(answers) == served.people // 2:
            served.kill()
            lost.extend(set(answers) - set(served.rows()))
            served.start()

    burst(served, names, answered)
    assert lost == []
    assert sorted(served.rows()) == sorted(names)
    known = list[str]()
    burst(served, names, lambda _, text: known.append(text))
    assert known == ["recorded before\n"] * served.people
    assert len(served.rows()) == served.people


@pytest.mark.parametrize("served", [1], indirect=True)
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
