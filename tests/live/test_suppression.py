"""Suppression lists hold as messages are handed over, also for who is added in mid campaign."""

from __future__ import annotations

from pathlib import Path

import pytest

from cascadesim.errors import OutsideError
from cascadesim.live import MemoryStore
from cascadesim.live.suppression import SUPPRESSED, Suppressing, SuppressionList, normal
from cascadesim.model.person import Person
from cascadesim.units import HOUR
from tests.live.conftest import Stage
from tests.live.test_runner import PUSH_SMS, _model


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "suppressed.txt"
    found.write_text("\ufeffToken-2  # bob\n\n# who asked us by letter\n00371 2000-0003\n", "utf-8")
    return found


@pytest.fixture
def stage(file: Path) -> Stage:
    """Ann, bob and eve with an address on both channels; the runner's sender is the list before the scripted one."""
    s = Stage(MemoryStore(), _model(), PUSH_SMS)
    passed = s.sender
    s.sender = Suppressing(s.model, [SuppressionList(file)], passed)
    s.runner = s.another()
    s.passed = passed
    reach = frozenset({"push", "sms"})
    for n, name in enumerate(("ann", "bob", "eve"), 1):
        cells = {"push": f"token-{n}", "sms": f"+3712000000{n}"}
        s.runner.enrol([Person("s", n, name, "s", n, 0, n, "UTC", reach, columns=cells)])
    return s


def test_who_is_on_the_list_gets_nothing_at_that_address_and_the_next_channel_is_tried(stage: Stage):
    """Bob's token and eve's number are on it, written otherwise."""
    stage.runner.run()
    assert stage.passed.sent == [("ann", "push", 0), ("eve", "push", 0), ("ann", "sms", HOUR), ("bob", "sms", HOUR)]
    kept = [m for m in stage.store.messages() if m.state == "refused"]
    assert [(m.key, m.reference) for m in kept] == [
        ("spring:s:bob:1:push:0", SUPPRESSED.reference),
        ("spring:s:eve:2:sms:0", SUPPRESSED.reference),
    ]


def test_who_is_added_in_mid_campaign_gets_nothing_from_then_on(stage: Stage, file: Path):
    stage.at(0)
    file.write_text("+37120000001\n+37120000002\n+37120000003\n", "utf-8")
    stage.runner.run()
    assert [channel for _, channel, _ in stage.passed.sent] == ["push", "push"]
    assert len(stage.passed.batches) == 1, "a sender is not asked to send nothing"


@pytest.mark.parametrize("broken", [Path.unlink, lambda file: file.write_bytes(b"\xff")])
def test_without_its_list_nothing_is_sent(broken, stage: Stage, file: Path):
    broken(file)
    with pytest.raises(OutsideError, match=r"suppressed\.txt cannot be read \(.*\): nothing is sent without it"):
        stage.at(0)
    assert stage.passed.sent == []


def test_nobody_without_an_address_is_on_a_list(stage: Stage):
    stage.enter("zoe")
    stage.at(0)
    assert ("zoe", "push", 0) in stage.passed.sent


@pytest.mark.parametrize(
    ("written", "form"),
    [
        (" +371 (2) 000-00.01 ", "+37120000001"),
        ("0037120000001", "+37120000001"),
        ("Anna@Example.COM", "anna@example.com"),
        ("20000001", "20000001"),
        ("token-2", "token-2"),
        ("", ""),
    ],
)
def test_one_form_for_the_ways_of_writing(written: str, form: str):
    assert normal(written) == form
