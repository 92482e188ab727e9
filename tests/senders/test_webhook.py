"""The whole plan for a sender of one's own: nothing changes, whatever the chain; the guide's receiver takes it."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

import cascadesim.senders
from cascadesim.contacts import Contact
from cascadesim.plan import Plan, parse_plan
from cascadesim.senders import SENDERS, Settings, compile_plan, expressible, why_not
from tests.senders.vendors import check_lines, lines_of

PlanOf = Callable[..., Plan]
GUIDE = Path(cascadesim.senders.__file__).with_name("WEBHOOK.md")
TREE = """
chain c
    saying m
    stop when clicked
    send push and email, wait 1 h but 10 min if undelivered
    if email opened
        wait 30 min
        send viber saying "Still there, {first_name|you}?", wait 2 h or until clicked
    split
        50% "a call"
            send call
        the rest
            send sms
"""
MESSAGE = """
message m
    text "Dear {first_name|customer}"
    subject on email "For {first_name|you}"
    template on sms "m_1"
    button "Open" to "https://example.com/{first_name|}"
    image on push "https://example.com/p.png"
channel pigeon-post
    opens 20%
change email
    clicks 10% of opened
"""
ANN = Contact(
    "p1",
    {
        "first_name": "Ann",
        "push": "t-1",
        "email": "ann@example.com",
        "viber": "+371 2000 0001",
        "phone": "",
        "call": "",
    },
)


def test_any_chain_is_exact(plan_of: PlanOf) -> None:
    plan = plan_of(TREE, also=MESSAGE)
    report = compile_plan(plan, "webhook", []).report
    assert {step.status for step in report.steps} == {"exact"}
    assert [step.channel for step in report.steps] == ["push and email", "viber", "call", "sms"]
    capability = SENDERS["webhook"].capability
    assert why_not(capability, plan.model, plan.segments[0].chain) == []
    assert expressible(capability, plan.model) == {channel.name for channel in plan.model.channels}


def test_a_chain_without_a_step_is_refused_and_one_behind_a_stop_too(plan_of: PlanOf) -> None:
    capability = SENDERS["webhook"].capability
    plan = plan_of("chain c\n    stop")
    assert why_not(capability, plan.model, plan.segments[0].chain) == ["chain c sends nothing"]


def test_the_lines_hold_the_plan_and_what_is_said_to_each(plan_of: PlanOf) -> None:
    plan = plan_of(TREE, also=MESSAGE)
    settings = Settings(language="lv", senders={"sms": "Shop"})
    first, person = lines_of("webhook", compile_plan(plan, "webhook", [ANN], settings).requests)
    check_lines("webhook", [first, person])
    assert first["path"] == "/plans"
    assert first["body"]["sha256"] == plan.sha256 == person["body"]["plan"]
    assert parse_plan(json.dumps(first["body"]["plan"])) == plan
    assert person["body"] == {
        "plan": plan.sha256,
        "entry": 0,
        "segment": "everyone",
        "id": "p1",
        "addresses": {"email": "ann@example.com", "push": "t-1", "viber": "+37120000001"},
        "messages": [
            {
                "push": {"text": "Dear Ann", "html": False, "image": "https://example.com/p.png", "button": BUTTON},
                "email": {"text": "Dear Ann", "html": False, "subject": "For Ann", "button": BUTTON},
            },
            {"viber": {"text": "Still there, Ann?", "html": False}},
            {},
            {},
        ],
        "language": "lv",
        "from": {"sms": "Shop"},
    }


BUTTON = {"text": "Open", "url": "https://example.com/Ann"}


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """The guide's receiver, running; its port, and the file that has what it prints."""
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "receiver.py").write_text(code)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    printed = tmp_path / "printed.txt"
    with printed.open("w") as out:
        process = subprocess.Popen([sys.executable, str(tmp_path / "receiver.py"), str(port)], stdout=out)
        try:
            wait_for(port)
            yield port, printed
        finally:
            process.terminate()
            process.wait(10)


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the receiver does not listen")


def post(port: int, line: dict[str, Any]) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(line["method"], line["path"], json.dumps(line["body"]))
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def test_the_receiver_of_the_guide_takes_what_is_exported_once(plan_of: PlanOf, receiver: tuple[int, Path]) -> None:
    port, printed = receiver
    people = [ANN, Contact("p2", {**ANN.cells, "first_name": ""})]
    first, *others = lines_of("webhook", compile_plan(plan_of(TREE, also=MESSAGE), "webhook", people).requests)
    assert post(port, others[0]) == 409
    assert [post(port, line) for line in (first, *others)] == [201, 201, 201]
    assert [post(port, line) for line in (first, *others)] == [201, 200, 200]
    assert post(port, {**first, "path": "/elsewhere"}) == 404
    said = printed.read_text().splitlines()
    assert len(said) == 4
    assert "p2: first on email, to ann@example.com: Dear customer" in said
