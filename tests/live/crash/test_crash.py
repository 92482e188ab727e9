"""Killed with -9 at every point, three times each, and by the clock; and what the claims say of worse campaigns."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.live.crash.claims import Accepted, End, Evidence, Stopped, judge

PROJECT = Path(__file__).parents[3]


@pytest.mark.parametrize("store", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_killed_at_every_point_it_loses_nobody_and_sends_nothing_twice(store: str):
    """The command that is run at scale by hand, with 400 people: its status is that of its claims."""
    command = [sys.executable, "-m", "tests.live.crash", "--small", "--store", store]
    ran = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


WAY = End(True, ((1, "push"), (2, "sms")))
UNDISTURBED = {"ann": WAY, "bob": WAY, "eve": WAY}
FINE = Evidence(
    batch=2,
    workers=1,
    ends={"ann": WAY, "bob": WAY, "eve": End(True, WAY.sent[:1])},
    accepted=[
        Accepted(0, "a1", "ann", 1, 0, 1),
        Accepted(1, "a1", "ann", 1, 9, 10),
        Accepted(1, "b1", "bob", 1, 9, 11),
        Accepted(1, "e1", "eve", 1, 9, 12),
        Accepted(1, "a2", "ann", 2, 20, 21),
        Accepted(1, "b2", "bob", 2, 20, 22),
    ],
    stopped=[Stopped("eve", 11)],
    died={0: "accepted"},
    attempts=dict.fromkeys(["a1", "a2", "b1", "b2", "e1"], "accepted"),
)


def also(*accepted: Accepted) -> Callable[[Evidence], Evidence]:
    return lambda fine: replace(fine, accepted=[*fine.accepted, *accepted])


def ends(**others: End) -> Callable[[Evidence], Evidence]:
    return lambda fine: replace(fine, ends={**fine.ends, **others})


def test_what_is_as_it_should_be_holds():
    assert [claim.what for claim in judge(FINE, UNDISTURBED) if not claim.holds] == []


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        (lambda fine: replace(fine, still_to_die=1), {"deaths that did not come"}),
        (ends(bob=End(False, WAY.sent)), {"people lost"}),
        (ends(bob=End(True, WAY.sent[:1])), {"people lost"}),
        (lambda fine: replace(fine, ends={"ann": WAY, "eve": fine.ends["eve"]}), {"people lost"}),
        (also(Accepted(1, "x", "zoe", 1, 30, 31)),
         {"people sent what is not of their way", "messages that store and provider do not both have"}),
        (lambda fine: replace(fine, attempts={**fine.attempts, "b2": "written"}),
         {"messages that store and provider do not both have"}),
        (lambda fine: replace(fine, accepted=fine.accepted[:-1]),
         {"messages that store and provider do not both have"}),
        (lambda fine: replace(fine, unwritten={"b2"}), {"messages sent before they were written"}),
        (lambda fine: replace(fine, stopped=[Stopped("eve", 8)]), {"sent after a stop committed before the claim"}),
        (lambda fine: replace(fine, batch=0),
         {"in hand as stops came, the most at one commit", "sent again after a death, the most after one"}),
        (lambda fine: replace(fine, died={}), {"sent again though nobody had died"}),
        (lambda fine: replace(also(Accepted(1, "b2'", "bob", 2, 30, 31))(fine),
                              attempts={**fine.attempts, "b2'": "accepted"}),
         {"got twice, if the provider honours keys"}),
        (ends(eve=WAY), {"people whom a stop spared a message"}),
    ],
)  # fmt: skip
def test_a_claim_that_is_not_so_is_told(change: Callable[[Evidence], Evidence], broken: set[str]):
    assert {claim.what for claim in judge(change(FINE), UNDISTURBED) if not claim.holds} == broken
