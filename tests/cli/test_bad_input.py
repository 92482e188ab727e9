"""Whatever is wrong with what a user gives: one clear message, exit 1, no traceback, nothing half-written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

SCRIPTS = {
    "nowhere.cascade": "there is no file nowhere.cascade",
    "bad": "bad is a directory, not a script",
    "binary.cascade": "binary.cascade is not a text file",
    "empty.cascade": "empty.cascade is empty",
    "bad/unknown-channel.cascade": "there is no channel vibre",
    "bad/cycle-a.cascade": "uses bad/cycle-b.cascade, which uses",
    "bad/over-100.cascade": "120% is more than everybody",
    "bad/kind-factor.cascade": "x1.639 is the most that viber allows",
    "bad/impossible-reach.cascade": "both reach between 55% and 58%, not 10%",
    "bad/missing-file.cascade": "there is no file nobody.csv",
}
CONTACTS = {
    "bad/duplicate-id.cascade": "1 row has the id of an earlier row",
    "bad/missing-column.cascade": "has no column `viber`",
    "bad/two-segments.cascade": "a person who is in two segments",
}
PLANS = {
    "nowhere.json": "cannot read the plan nowhere.json",
    "bad": "cannot read the plan bad",
    "binary.cascade": "is not a text file",
    "people.csv": "this is not JSON",
    "version.json": "was written by another version of cascadesim: it is 'cascadesim-plan/9'",
    "shape.json": "missing: source_sha256",
}
OUTPUTS = {
    "optimize": ("optimize", "small.cascade", "--plan"),
    "plan": ("plan", "small.cascade", "--chain", "viber-then-sms", "--out"),
    "run": ("run", "small.cascade", "--out"),
    "simulate": ("simulate", "small.cascade", "--records"),
    "report": ("report", "good.json", "--quick", "--out"),
    "rehearse": ("rehearse", "good.json", "--records"),
    "export": ("export", "good.json", "--to", "8x8", "--contacts", "people.csv", "--out"),
}


@pytest.fixture
def here(place: Path) -> Path:
    """The working folder, with files that are no scripts and no plans."""
    (place / "binary.cascade").write_bytes(b"cascade 1\n\0\xff\xfe")
    (place / "empty.cascade").write_text("")
    (place / "version.json").write_text('{"format": "cascadesim-plan/9"}')
    (place / "shape.json").write_text('{"format": "cascadesim-plan/1"}')
    return place


def listing(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def refused(cli: Any, here: Path, said: str, *args: str) -> None:
    """The command says so, with a place where there is one, and leaves everything as it was."""
    before = listing(here)
    plain, data = cli(*args), cli(*args, "--json")
    assert (plain.status, data.status) == (1, 1)
    assert said in plain.stderr
    assert "Traceback" not in plain.stderr
    assert plain.stdout == "" or args[0] == "check"
    assert any(said in f"{d['message']} {d['hint']}" for d in data.document["diagnostics"])
    assert listing(here) == before


@pytest.mark.parametrize("command", ["check", "simulate", "optimize", "run"])
@pytest.mark.parametrize(("script", "said"), SCRIPTS.items())
def test_scripts(command: str, script: str, said: str, cli: Any, here: Path) -> None:
    refused(cli, here, said, command, script)


@pytest.mark.parametrize(("script", "said"), CONTACTS.items())
def test_contacts(script: str, said: str, cli: Any, here: Path) -> None:
    refused(cli, here, said, "simulate", script)


@pytest.mark.parametrize(
    "command", [("rehearse",), ("report",), ("export", "--to", "8x8", "--contacts", "people.csv", "--out", "x")]
)
@pytest.mark.parametrize(("plan", "said"), PLANS.items())
def test_plans(command: tuple[str, ...], plan: str, said: str, cli: Any, here: Path) -> None:
    refused(cli, here, said, command[0], plan, *command[1:])


@pytest.mark.parametrize("command", OUTPUTS)
def test_outputs_that_cannot_be_written(command: str, cli: Any, here: Path) -> None:
    cli("plan", "small.cascade", "--chain", "viber-then-sms", "--out", "good.json")
    refused(cli, here, "annot", *OUTPUTS[command], "people.csv/inside")
    if command != "run":
        refused(cli, here, "annot", *OUTPUTS[command], "bad")  # a folder


def test_all_faults_are_told_at_once(cli: Any, here: Path) -> None:
    faults = cli("check", "bad/many.cascade", "--json").document["diagnostics"]
    assert [d["line"] for d in faults if d["severity"] == "error"] == [5, 14]


def test_a_fault_is_shown_in_its_line(cli: Any, here: Path) -> None:
    assert cli("check", "bad/unknown-channel.cascade").stderr.splitlines()[1:6] == [
        "  --> bad/unknown-channel.cascade:14:10",
        "   |",
        "14 |     send vibre",
        "   |          ^^^^^",
        "  hint: did you mean viber?",
    ]


def test_a_question_that_cannot_be_answered_says_how_close_it_gets(cli: Any, here: Path) -> None:
    refused(
        cli, here, "coverage gets to 54.32% at most; the script asks for at least 90%", "optimize", "greedy.cascade"
    )


def test_a_vendor_that_does_not_exist_is_told_before_the_work(cli: Any, here: Path) -> None:
    refused(cli, here, "there is no sender '9x9'", "run", "small.cascade", "--to", "9x9")


def test_what_a_vendor_cannot_send_is_refused_with_the_reason(cli: Any, here: Path) -> None:
    cli("optimize", "world.cascade", "--plan", "world.json")
    said = "8x8 has no channel push"
    refused(cli, here, said, "export", "world.json", "--to", "8x8", "--contacts", "people.csv", "--out", "r.jsonl")


def test_an_engine_refuses_with_every_reason(cli: Any, here: Path) -> None:
    refused(
        cli, here, "viber has quiet hours", "simulate", "world.cascade", "--chain", "push-first", "--engine", "exact"
    )


@pytest.mark.parametrize("args", [(), ("simulate",), ("plan", "small.cascade"), ("run", "a", "--replications", "1")])
def test_wrong_usage_is_status_2(args: tuple[str, ...], cli: Any, here: Path) -> None:
    assert cli(*args).status == 2


def test_a_disk_that_fails_is_status_3(cli: Any, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cascadesim.engines.simulate.simulate", full)
    failed = cli("simulate", "small.cascade", "--json")
    assert failed.status == 3
    assert "No space left" in json.loads(failed.stdout)["diagnostics"][0]["message"]


def test_a_disk_that_fills_up_while_a_plan_is_written_is_status_3(
    cli: Any, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    before = listing(here)
    failed = cli("optimize", "small.cascade", "--plan", "p.json")
    assert failed.status == 3
    assert "cannot write p.json: No space left on device" in failed.stderr
    assert listing(here) == before


def test_ctrl_c_is_status_130(cli: Any, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cascadesim.engines.simulate.simulate", interrupted)
    stopped = cli("simulate", "small.cascade", "--records", "r.parquet")
    assert (stopped.status, stopped.stdout) == (130, "")
    assert sorted(p.name for p in here.glob("*.parquet")) == []


@pytest.mark.parametrize("command", ["optimize", "plan"])
def test_an_output_that_cannot_be_written_is_told_before_the_work(
    command: str, cli: Any, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def worked(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("cascadesim.optimizer.optimize", worked)
    monkeypatch.setattr("cascadesim.engines.simulate.simulate", worked)
    refused(cli, here, "cannot write nowhere/p.json", *OUTPUTS[command], "nowhere/p.json")
