"""`cascadesim send` as somebody with a Kannel gateway uses it: its senders file, and its reports at `[listen]`."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable

import pytest

from tests.cli.conftest import Cli
from tests.cli.live.conftest import CAP, Shop, sent
from tests.live.senders.gateway import MISSING, UNROUTABLE, gateway
from tests.live.senders.rig import free_port

pytestmark = [
    pytest.mark.kannel,
    pytest.mark.skipif(MISSING, reason="kannel: Kannel is not at hand"),
]

SCRIPT = """\
cascade 1

scenario "Codes"
    runs for 1 day
    prices in EUR

channel sms
    reaches  95%
    delivers 90%, half within 5 s, 90% within 1 min
    opens    30%
    reports  delivered
    costs    0.045 EUR per part sent

channel push
    reaches  50%
    opens    30%

segment everyone
    people 300

chain codes
    stop when delivered
    send sms saying "Your code is {code}", wait 6 s but 5 s if undelivered
    send push saying "Your code is here"
"""
SENDERS = """\
[listen]
port = {port}

[sms]
sender = "kannel"
url = "{url}"
username = "tester"
password = {{ env = "KANNEL_PASSWORD" }}
from = "12345"
receipts = "http://127.0.0.1:{port}/receipts/sms"
receipt_secret = {{ file = "receipts.secret" }}
timeout = "5 s"

[push]
sender = "console"
"""
PEOPLE = f"""\
id,code,sms,push
ann,1234,+37120000001,token-1
bob,5678,{UNROUTABLE}000001,token-2
"""


def test_whose_text_is_delivered_gets_no_push(
    shop: Shop, cli: Cli, running: Callable[..., subprocess.Popen[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KANNEL_PASSWORD", "foo&bar")
    shop.write("receipts.secret", "drawn at random, all of it\n")
    shop.write("codes.cascade", SCRIPT)
    shop.write("people.csv", PEOPLE)
    assert cli("plan", "codes.cascade", "--chain", "codes", "--out", "plan.json").status == 0
    with gateway(shop.folder) as at, at.connected():
        shop.write("senders.toml", SENDERS.format(port=free_port(), url=at.url))
        process = running(*CAP)
        shop.until(lambda: sent(shop.read()))
        time.sleep(1)  # ann's push would be out by now
        process.send_signal(signal.SIGINT)  # it would listen for late receipts for a day
        process.wait(20)
        assert at.got() == {("+37120000001", "Your code is 1234"): 1}
    assert sent(shop.read()) == [("bob", "Your code is here")]
    assert "+371" not in shop.read() + shop.read("err.txt")
