"""Machines at one campaign that die, are stopped or lose their database: nobody is lost, nothing goes out anew."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from cascadesim.cascade import Phase
from cascadesim.errors import RefusedError
from cascadesim.live.machines import serve
from cascadesim.live.machines.serving import WORKERS
from cascadesim.live.sql import open_store
from cascadesim.units import SECOND
from tests.live.machines.campaign import BATCH, EVERYBODY, LEASE, LIMIT, PEOPLE, enrol, runner
from tests.live.stores import PLAN, server, started

pytestmark = pytest.mark.postgres
PROJECT = Path(__file__).parents[3]
PIPES = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
_NUMBERS = count()


class Campaign:
    """Everybody in a store, and the machines that work at it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.name = f"machines {next(_NUMBERS)}"
        self.began = time.time_ns() // 1_000
        self.machines: list[subprocess.Popen[str]] = []
        store = open_store(url, name=self.name, plan=PLAN)
        enrol(runner(store, self.name, self.began, folder / "nothing"))
        store.close()

    def machine(self) -> subprocess.Popen[str]:
        accepted = self.folder / f"accepted{len(self.machines)}"
        command = [sys.executable, "-m", "tests.live.machines.campaign", self.url, self.name, str(self.began)]
        machine = subprocess.Popen([*command, str(accepted)], cwd=PROJECT, **PIPES, text=True)
        self.machines.append(machine)
        return machine

    def accepted(self, number: int) -> list[str]:
        path = self.folder / f"accepted{number}"
        return path.read_text().splitlines() if path.exists() else []

    def wait_until(self, number: int, most: int) -> None:
        """Until the machine of that number has sent so many messages."""
        _wait(lambda: len(self.accepted(number)) >= most)

    def is_done(self) -> bool:
        """Everybody's way has come to its end, and each message has been accepted."""
        store = open_store(self.url, name=self.name, plan=PLAN)
        rows, messages = store.recipients([f"s:{who}" for who in EVERYBODY]), list(store.messages())
        store.close()
        ended = len(rows) == PEOPLE and {row.journey.phase for row in rows} == {Phase.DONE}
        return ended and {message.key for message in messages if message.state == "accepted"} == self.expected

    def jobs(self) -> list[tuple[str, str, int | None]]:
        """What DBOS knows of the campaign's jobs: their status, who has done them, when they were begun."""
        query = "SELECT status, executor_id, started_at_epoch_ms FROM dbos.workflow_status WHERE queue_name = %s"
        with psycopg.connect(self.url) as connection:
            return connection.execute(query, [f"cascadesim {self.name}"]).fetchall()

    def in_hand(self, machine: subprocess.Popen[str]) -> int:
        """How many batches the machine works at."""
        return sum(status == "PENDING" and who.endswith(f":{machine.pid}") for status, who, _ in self.jobs())

    @property
    def expected(self) -> set[str]:
        """The keys of all messages."""
        steps = ("1:push:0", "2:sms:0")
        return {f"{self.name}:s:{who}:{step}" for who in EVERYBODY for step in steps}

    @property
    def sent(self) -> Counter[str]:
        return Counter(key for number in range(len(self.machines)) for key in self.accepted(number))


def _wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 40
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def campaign(tmp_path: Path) -> Iterator[Campaign]:
    campaign = Campaign(server(), tmp_path)
    yield campaign
    _kill(campaign)


def _kill(campaign: Campaign) -> None:
    for machine in campaign.machines:
        machine.kill()
        machine.communicate()


def test_one_machine_is_killed_and_the_other_finishes(campaign: Campaign):
    dying, living = campaign.machine(), campaign.machine()
    campaign.wait_until(1, BATCH)
    campaign.wait_until(0, 5 * BATCH)
    _wait(lambda: campaign.in_hand(dying) == WORKERS)
    dying.send_signal(signal.SIGKILL)
    assert living.communicate(timeout=40)[0] == "None\n"
    assert campaign.is_done()
    assert set(campaign.sent) == campaign.expected
    again = campaign.sent.total() - len(campaign.sent)
    assert again <= WORKERS * BATCH, "what the dead one had in hand, under the same keys"
    assert campaign.in_hand(dying) > 0, "its jobs stay where they were, and hinder nobody"
    begun = sorted(at for _, _, at in campaign.jobs() if at is not None)
    assert all(after - before > 1_000 for before, after in zip(begun, begun[LIMIT:], strict=False))
    assert set(campaign.accepted(0)) & set(campaign.accepted(1)) == {k for k, n in campaign.sent.items() if n > 1}


def test_a_machine_that_is_stopped_finishes_its_batches_and_another_goes_on(campaign: Campaign):
    stopped = campaign.machine()
    campaign.wait_until(0, 55)
    stopped.send_signal(signal.SIGTERM)
    assert stopped.communicate(timeout=20)[0] == "stopped\n"
    before = len(campaign.accepted(0))
    assert before % BATCH == 0
    assert campaign.machine().communicate(timeout=40)[0] == "None\n"
    assert campaign.is_done()
    assert campaign.sent == Counter(campaign.expected), "nothing twice"


def test_a_database_that_goes_and_comes_back(tmp_path: Path):
    folder = Path(tempfile.mkdtemp())
    database = started(folder)
    campaign = Campaign(database.get_uri(), tmp_path)
    try:
        machines = [campaign.machine(), campaign.machine()]
        campaign.wait_until(0, 55)
        database.stop()
        time.sleep(1.5 * LEASE / SECOND)
        database.ensure_postgres_running()
        said = [machine.communicate(timeout=60) for machine in machines]
        assert [ended for ended, _ in said] == ["None\n", "None\n"]
        for _, log in said:
            assert re.search(
                r"The database postgresql://\S+ does not answer \(.*It is tried again\.$", log, re.MULTILINE
            )
            assert "Traceback" not in log
        assert campaign.is_done()
        assert "ERROR" not in [status for status, *_ in campaign.jobs()], "none has failed: they were tried again"
        assert set(campaign.sent) == campaign.expected
        assert campaign.sent.total() - len(campaign.sent) <= 2 * WORKERS * BATCH
    finally:
        _kill(campaign)
        database.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def test_a_file_is_no_database_of_several_machines(tmp_path: Path):
    with pytest.raises(RefusedError, match="need a PostgreSQL database"):
        serve("spring", lambda: pytest.fail("no runner is needed"), str(tmp_path / "campaign.db"))
