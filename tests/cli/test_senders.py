"""`cascadesim senders`: lists, explains, and connects without sending."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from cascadesim.live.senders import KINDS, read_senders
from tests.live.senders.rig import web


def test_the_list_names_every_sender(cli: Any) -> None:
    ran = cli("senders")
    assert ran.status == 0
    assert [line.split()[0] for line in ran.stdout.splitlines()[3 : 3 + len(KINDS)]] == list(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_what_is_explained_is_what_is_read(cli: Any, name: str, tmp_path: Path, monkeypatch: Any) -> None:
    """The table to begin with is one that can be read, with every setting added as it is shown."""
    page = cli("senders", name, "--json").document
    printed = " ".join(cli("senders", name).stdout.split())
    assert all(setting["setting"] in printed for setting in page["settings"])
    (tmp_path / "senders.toml").write_text(page["table"].replace("CHANNEL", "sms"))
    shown = json.dumps(page).replace("\\", "")
    for secret in re.findall(r'env = "(\w+)"', shown):
        monkeypatch.setenv(secret, "a secret that is long enough, for {address}")
    for file in re.findall(r'file = "([\w.]+)"', shown):
        (tmp_path / file).write_text("a secret that is long enough")
    assert read_senders(tmp_path / "senders.toml")["sms"].sender == name
    secret = '[listen]\nsecret = { env = "CASCADE_SECRET" }\n'
    monkeypatch.setenv("CASCADE_SECRET", "a secret that is long enough")
    whole = "\n".join(f"{s['setting']} = {s['example']}" for s in page["settings"])
    (tmp_path / "senders.toml").write_text(f'{secret}[sms]\nsender = "{name}"\n{whole}\n')
    assert read_senders(tmp_path / "senders.toml")["sms"].settings.keys() == tomllib.loads(whole).keys()


def test_one_that_is_none(cli: Any) -> None:
    ran = cli("senders", "kanel")
    assert (ran.status, "did you mean kannel?" in ran.stderr) == (1, True)
    assert cli("senders", "kannel", "--test", "x.toml").status == 2


def test_what_fails_is_named_and_does_not_hide_what_is_well(cli: Any, place: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("PUSH_SECRET", "a secret that is long enough")
    with web(lambda request: (405, {}, b"")) as server:
        text = f'[push]\nsender = "webhook"\nurl = "{server.url}"\nsecret = {{ env = "PUSH_SECRET" }}\n'
        (place / "two.toml").write_text((place / "senders.toml").read_text() + text)
        ran = cli("senders", "--test", "two.toml")
        (place / "one.toml").write_text(text)
        assert cli("senders", "--test", "one.toml").status == 0
        assert [request.method for request in server.requests] == ["HEAD", "HEAD"]
    assert ran.status == 3
    assert [line.split()[:3] for line in ran.stdout.splitlines() if " fine " in line or " fails " in line] == [
        ["sms", "console", "fine"],
        ["email", "smtp", "fails"],
        ["push", "webhook", "fine"],
    ]


def test_a_secret_that_is_written_out_is_not_repeated(cli: Any, place: Path) -> None:
    (place / "bad.toml").write_text(
        '[push]\nsender = "webhook"\nurl = "https://x.example"\nsecret = "hunter2hunter2hunter2"\n'
    )
    for more in ((), ("--json",)):
        ran = cli("senders", "--test", "bad.toml", *more)
        assert ran.status == 1
        assert "bad.toml:4: `secret` of [push] is written out" in ran.stdout + ran.stderr
        assert "hunter2" not in ran.stdout + ran.stderr
