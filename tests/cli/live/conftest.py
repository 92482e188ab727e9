"""A shop's campaign in a working folder: a plan with waits of seconds, contacts, and senders that print."""

from __future__ import annotations

import csv
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, Ran

SCRIPT = """\
cascade 1

scenario "Sale"
    runs for 2 days
    prices in EUR

channel push
    reaches 50%
    opens   20%, half within 10 min, 90% within 1 h
    costs   0.001 EUR per message sent

channel sms
    reaches 95%
    opens   40%, half within 10 min, 90% within 2 h
    reports delivered
    costs   0.045 EUR per part sent
{limit}
segment everyone
    people 300

chain sale
    stop when opened
    send push saying "Sale, {{first_name|friend}}!", wait {wait}
    send sms saying "{text}"
"""
PEOPLE = 12


class Shop:
    """The folder and what is done in it. Odd people have a push token, all have a number."""

    def __init__(self, folder: Path, cli: Cli) -> None:
        self.folder = folder
        self._cli = cli
        self.write("senders.toml", '[push]\nsender = "console"\n[sms]\nsender = "console"\n')
        self.people(PEOPLE)
        self.plan("plan.json")

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path

    def people(self, count: int, file: str = "people.csv", number: str = "+371200000{:02d}") -> None:
        with (self.folder / file).open("w", newline="") as stream:
            rows = csv.writer(stream)
            rows.writerow(["id", "first_name", "push", "sms"])
            for n in range(count):
                rows.writerow([f"p{n}", "Ann" if n % 3 else "", f"token-{n}" if n % 2 else "", number.format(n)])

    def plan(self, file: str, wait: str = "1 s", text: str = "Last call", limit: str = "") -> None:
        limit = f"    sends up to {limit}\n" if limit else ""
        self.write("sale.cascade", SCRIPT.format(wait=wait, text=text, limit=limit))
        assert self._cli("plan", "sale.cascade", "--chain", "sale", "--out", file).status == 0

    def send(self, *more: object, plan: str = "plan.json", contacts: str | None = "people.csv") -> Ran:
        whom = () if contacts is None else ("--contacts", contacts)
        return self._cli("send", plan, *whom, "--senders", "senders.toml", *more)

    def begin(self, *more: str, plan: str = "plan.json") -> subprocess.Popen[str]:
        """The same in a process of its own; its output is in out.txt and err.txt."""
        command = ["send", plan, "--contacts", "people.csv", "--senders", "senders.toml", *more]
        with (self.folder / "out.txt").open("w") as out, (self.folder / "err.txt").open("w") as err:
            return subprocess.Popen(
                [sys.executable, "-m", "cascadesim.cli", *command], cwd=self.folder, stdout=out, stderr=err, text=True
            )

    def read(self, file: str = "out.txt") -> str:
        return (self.folder / file).read_text("utf-8")

    def until(self, found: Callable[[], object], within: float = 30.0) -> None:
        """Waits until something is so."""
        end = time.monotonic() + within
        while not found():
            assert time.monotonic() < end, self.read() + self.read("err.txt")
            time.sleep(0.05)


def sent(printed: str) -> list[tuple[str, str]]:
    """(person, text) of what the console sender printed."""
    return re.findall(r"step \d+  everyone (\S+)  (.+)", printed)


@pytest.fixture
def shop(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.chdir(tmp_path)
    return Shop(tmp_path, cli)


@pytest.fixture
def running(shop: Shop) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Begins processes, and ends those that are left."""
    begun: list[subprocess.Popen[str]] = []

    def begin(*more: str, plan: str = "plan.json") -> subprocess.Popen[str]:
        begun.append(shop.begin(*more, plan=plan))
        return begun[-1]

    yield begin
    for process in begun:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()


CAP: Sequence[str] = ("--yes", "--cap-messages", "1000")
