"""A campaign that runs, and what is said to it meanwhile: pause, resume, cancel, replace, enter, stop, forget."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
from collections.abc import Callable

import httpx
import pandas as pd
import pytest

from cascadesim.live.receipts import sign
from tests.cli.conftest import Cli
from tests.cli.live.conftest import CAP, PEOPLE, Shop, sent

Begin = Callable[..., "subprocess.Popen[str]"]
KEY = b"a secret that is long enough"


def test_paused_nothing_goes_out_and_resumed_it_goes_on(shop: Shop, cli: Cli, running: Begin) -> None:
    shop.plan("plan.json", wait="2 s")
    process = running(*CAP)
    shop.until(lambda: "Sale, " in shop.read())
    assert cli("pause", "--json").document == {"campaign": "Sale", "course": "paused", "before": "running"}
    time.sleep(3)
    before = sent(shop.read())
    time.sleep(1)
    assert sent(shop.read()) == before
    assert ("p1", "Last call") not in before, "their wait was over long ago"
    assert cli("resume").status == 0
    assert process.wait(30) == 0
    assert len(set(sent(shop.read()))) == len(sent(shop.read())) == 18


def test_cancelled_it_ends_and_stays_so(shop: Shop, cli: Cli, running: Begin) -> None:
    shop.plan("plan.json", wait="1 h")
    process = running(*CAP)
    shop.until(lambda: len(sent(shop.read())) == 12)
    assert cli("cancel").status == 1
    assert cli("cancel", "--yes").status == 0
    assert process.wait(30) == 0
    assert "cancelled, and stays so" in shop.read()
    for again in (cli("resume"), shop.send(*CAP)):
        assert (again.status, "has been cancelled, and stays so" in again.stderr) == (1, True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_it_says_so_and_the_same_command_goes_on(shop: Shop, running: Begin, number: int) -> None:
    shop.plan("plan.json", wait="3 s")
    process = running(*CAP)
    shop.until(lambda: len(sent(shop.read())) == 12)
    process.send_signal(number)
    assert process.wait(30) == 0
    assert "the same command goes on where it was" in shop.read()
    rest = shop.send(*CAP, contacts=None)
    everything = sent(shop.read()) + sent(rest.stdout)
    assert (len(everything), len(set(everything))) == (18, 18)


def test_another_plan_is_applied_to_those_who_have_not_started(shop: Shop, cli: Cli, running: Begin) -> None:
    """Two texts a second; the process that runs is told by the store, and goes on by the new plan."""
    people = 40
    shop.people(people)
    shop.plan("plan.json", limit="2 per second")
    shop.plan("new.json", limit="2 per second", text="Really the last call")
    process = running(*CAP)
    shop.until(lambda: ("p0", "Last call") in sent(shop.read()))
    replacing = shop.send("--replace", *CAP, plan="new.json", contacts=None)
    assert (replacing.status, process.wait(60)) == (0, 0)
    said = sent(shop.read()) + sent(replacing.stdout)
    texts = {who: text for who, text in said if "call" in text}
    assert len(said) == len(set(said))
    assert texts["p0"] == "Last call"
    assert "Really the last call" in texts.values(), replacing.stdout
    assert set(texts) == {f"p{n}" for n in range(people)}
    odd = {f"p{n}" for n in range(1, people, 2)}
    assert {texts[who] for who in odd} == {"Last call"}, "they had got a push by the old plan"


def test_a_plan_for_other_people_replaces_nothing(shop: Shop) -> None:
    shop.send("--first", 1, *CAP)
    shop.plan("new.json", limit="2 per second")
    ran = shop.send("--replace", *CAP, plan="new.json")
    assert (ran.status, "error[C386]" in ran.stderr) == (1, True)
    shop.plan("same.json")
    again = shop.send("--replace", *CAP, plan="plan.json")
    assert (again.status, "in force already" in again.stderr) == (1, True)


def test_people_enter_and_are_stopped_by_files(shop: Shop, cli: Cli) -> None:
    shop.send("--first", 1, *CAP)
    shop.write("in.csv", "id,chain,event,first_name,push,sms\nnew-1,sale,left,Eve,,+37120000099\n")
    shop.write("out.csv", "id,reason\np5,unsubscribed\n")
    assert cli("enter", "in.csv", "--json").document == {"entered": 1, "known": 0, "unknown": 0}
    assert cli("enter", "in.csv", "--json").document == {"entered": 0, "known": 1, "unknown": 0}
    assert cli("stop", "out.csv", "--json").document == {"stopped": 0, "known": 0, "unknown": 1}
    ran = shop.send(*CAP)
    assert ("new-1", "Last call") in sent(ran.stdout)
    assert "p5" not in {who for who, _ in sent(ran.stdout)}, "stopped before they came"


def test_a_person_is_erased_and_never_enters_again(shop: Shop, cli: Cli) -> None:
    shop.people(3, number="+37126543{:03d}")
    shop.send(*CAP)
    assert cli("forget", "p1").status == 1
    assert cli("forget", "p1", "--yes", "--json").document == {"campaigns": 1}
    on_disk = b"".join(path.read_bytes() for path in shop.folder.glob("campaign.db*"))
    for trace in (b"token-1", b"+37126543001", b'"p1"', b"everyone:p1"):
        assert trace not in on_disk
    assert b"+37126543002" in on_disk
    again = shop.send(*CAP)
    assert sent(again.stdout) == []
    assert cli("status", "--quick", "--json").document["people"]["done"] == 3, "sums stay what they were"


def test_who_stands_at_the_head_of_a_line_is_erased_and_the_line_goes_on(shop: Shop, cli: Cli, running: Begin) -> None:
    shop.plan("plan.json", wait="1 s", limit="1 per second")
    process = running(*CAP)
    shop.until(lambda: ("p0", "Last call") in sent(shop.read()))
    for who in ("p2", "p4"):
        assert cli("forget", who, "--yes").status == 0
    assert process.wait(60) == 0
    reached = {who for who, text in sent(shop.read()) if text == "Last call"}
    assert {f"p{n}" for n in range(PEOPLE)} - reached <= {"p2", "p4"}


def test_records_have_what_was_reported(shop: Shop, cli: Cli) -> None:
    shop.send(*CAP)
    assert cli("records", "sent.parquet").status == 0
    frame = pd.read_parquet("sent.parquet")
    assert len(frame) == 18
    assert list(frame.columns[:6]) == ["replication", "segment", "recipient", "step", "channel", "entered_at"]
    assert frame["cost"].sum() == 12 * 45_000_000 + 6 * 1_000_000
    assert frame["opened_at"].isna().all()


def test_receipts_entries_and_stops_come_in_while_it_sends(shop: Shop, cli: Cli, running: Begin) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shop.plan("plan.json", wait="4 s")
    shop.write("secret", KEY.decode())
    shop.write(
        "senders.toml",
        f'[listen]\nport = {port}\nsecret = {{ file = "secret" }}\n'
        f'[push]\nsender = "webhook"\nurl = "http://127.0.0.1:{port}/nowhere"\nsecret = {{ file = "secret" }}\n'
        '[sms]\nsender = "console"\n',
    )
    process = running("--only", "ids.txt", *CAP) if shop.write("ids.txt", "p0\np1\np2\n") else None
    assert process is not None
    shop.until(lambda: ("p0", "Last call") in sent(shop.read()))

    def say(path: str, body: dict[str, object]) -> int:
        content, now = json.dumps(body).encode(), int(time.time())
        headers = sign(KEY, "m", now, content)
        return httpx.post(f"http://127.0.0.1:{port}{path}", content=content, headers=headers).status_code

    opened = {"id": "r1", "key": "Sale:everyone:p1:1:push:0", "event": "opened", "at": "2026-01-01T00:00:00Z"}
    assert say("/receipts/push", opened) == 200
    assert httpx.post(f"http://127.0.0.1:{port}/receipts/push", content=b"{}").status_code == 401
    entry = {"person": {"id": "new-1", "sms": "+37120000099"}, "chain": "sale", "event": "left"}
    status = say("/enter", entry)
    time.sleep(6)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    said = sent(shop.read())
    assert ("p1", "Last call") not in said, "who has opened gets no text"
    assert status in (200, 400), status
