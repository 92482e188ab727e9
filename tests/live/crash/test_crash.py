"""Killed with -9 at every point, three times each: nobody lost, nobody sent a step twice but under the same key."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

from cascadesim.cascade import Phase
from cascadesim.live.sql import open_store
from tests.live.crash.campaign import BATCH, PEOPLE, POINTS, STOPPED, TIMES

PROJECT = Path(__file__).parents[3]
EVERYBODY = [f"p{n:03}" for n in range(PEOPLE)]
EXPECTED = {f"spring:s:{who}:1:push:0" for who in EVERYBODY} | {
    f"spring:s:{who}:2:sms:0" for who in EVERYBODY if who not in STOPPED
}


def test_killed_at_every_point_it_loses_nobody_and_sends_nothing_twice(tmp_path: Path):
    command = [sys.executable, "-m", "tests.live.crash.campaign", str(tmp_path)]
    ran = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == [f"{point} -9" for point in POINTS] * TIMES, "every one of them was killed"

    accepted = Counter((tmp_path / "provider.txt").read_text().split())
    assert set(accepted) == EXPECTED, "all were sent each step once, by key, and none after their stop"
    kills = sum(point in ("accepted", "recorded") for point in POINTS) * TIMES
    assert 0 < accepted.total() - len(accepted) <= kills * BATCH, "sent again: at most a batch a kill after sending"

    store = open_store(tmp_path / "campaign.db", name="spring", plan="0" * 64)
    assert {m.key: m.state for m in store.messages()} == dict.fromkeys(EXPECTED, "accepted")
    rows = store.recipients([f"s:{who}" for who in EVERYBODY])
    assert len(rows) == PEOPLE
    assert {(row.journey.phase, row.appointments) for row in rows} == {(Phase.DONE, ())}
    assert store.reports == len(STOPPED)
    store.close()
