"""What ends a search early, or before it begins: time, a wish, too much to look at, nothing to look at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cascadesim.errors import QuestionError, RefusedError
from cascadesim.model.question import Keep, NeverAfter, Repeat
from cascadesim.model.segment import Headcount
from cascadesim.optimizer import board, in_units, optimize, search, solver
from cascadesim.units import HOUR, Duration, Share
from tests.optimizer.shop import (
    AT_LEAST_HALF,
    LOYAL,
    NEW,
    channel,
    model_of,
    question_of,
)


def test_progress_is_told_to_the_end():
    seen: list[tuple[int, int]] = []
    optimize(model_of(LOYAL, NEW), question_of("coverage"), progress=lambda done, total: seen.append((done, total)))
    total = 2 * (3 + 6 * 3 + 6 * 9)
    assert seen[-1] == (total, total)
    assert seen == sorted(seen)


def test_too_many_channels_that_reach_only_some_are_an_error():
    many = tuple(channel(f"c{i}", 0.5, 0.1, "0.001") for i in range(13))
    with pytest.raises(QuestionError, match="13 of the channels reach only some of loyal") as caught:
        optimize(model_of(LOYAL, channels=many), question_of("coverage", channels=tuple(c.name for c in many)))
    assert caught.value.diagnostics[0].code == "C410"
    crowd = tuple(channel(f"c{i}", 1.0, 0.1, "0.001") for i in range(63))
    with pytest.raises(QuestionError, match="chooses from 63 channels; up to 62"):
        optimize(model_of(LOYAL, channels=crowd), question_of("coverage", channels=tuple(c.name for c in crowd)))


def test_waits_that_add_up_to_too_many_times_are_an_error(monkeypatch):
    monkeypatch.setattr(board, "_PAIRS", 10)
    with pytest.raises(QuestionError, match="more different times") as caught:
        optimize(model_of(LOYAL), question_of("coverage"))
    assert caught.value.diagnostics[0].code == "C405"


def test_a_search_for_some_time_looks_at_what_it_can_and_proves_nothing(monkeypatch):
    """Where plans are listed, those not looked at are set aside."""
    monkeypatch.setattr(solver, "_BUDGET", 1)
    monkeypatch.setattr(solver, "_PATIENCE", 0.0)
    answer = optimize(model_of(LOYAL), question_of("coverage", search_for=Duration(1)))
    assert (answer.status, answer.bound) == ("gap", None)
    assert answer.set_aside[0].startswith("all but ")


def test_a_search_that_is_stopped_says_how_far_it_got(monkeypatch):
    monkeypatch.setattr(solver, "_BUDGET", 1)
    monkeypatch.setattr(solver, "_PATIENCE", 0.0)
    monkeypatch.setattr(search, "LISTED", 0)
    often = tuple(Repeat(name, 3) for name in ("push", "email", "sms"))
    asked = question_of("cost per person", AT_LEAST_HALF, repeats=often, max_steps=5)
    answer = optimize(model_of(LOYAL, NEW), asked, stop=lambda: True)
    best = optimize(model_of(LOYAL, NEW), asked)
    assert (answer.status, answer.stopped, best.status, best.stopped) == ("gap", True, "proven", False)
    assert answer.set_aside == ()  # a descent that is stopped has a bound on what it did not look at
    assert answer.objective_value >= best.objective_value * (1 - 1e-9)
    assert answer.bound <= best.objective_value * (1 + 1e-9)
    assert answer.gap == pytest.approx(1 - answer.bound / answer.objective_value)


def test_a_search_with_time_to_spare_is_a_proof():
    answer = optimize(model_of(LOYAL), question_of("coverage", search_for=Duration(HOUR)))
    assert answer.status == "proven"


def test_no_time_at_all_finds_nothing(monkeypatch):
    monkeypatch.setattr(solver, "_BUDGET", 0)
    with pytest.raises(QuestionError, match="found in the time given") as caught:
        optimize(model_of(LOYAL), question_of("coverage", search_for=Duration(0)))
    assert caught.value.diagnostics[0].code == "C408"


@pytest.mark.parametrize(
    "more",
    [
        {"min_steps": 4, "max_steps": 4},
        {"never_more": 0},
        {"start_with": ("push",), "end_with": ("push",), "min_steps": 2},
        {"min_steps": 2, "waits": ()},
        {"channels": ("sms",), "repeats": (Repeat("sms", 2),), "never": (NeverAfter("sms", "sms"),), "min_steps": 2},
    ],
)
def test_a_question_that_allows_no_plan_is_an_error(more):
    with pytest.raises(QuestionError, match="is allowed") as caught:
        optimize(model_of(LOYAL), question_of("coverage", **more))
    assert caught.value.diagnostics[0].code == "C403"


def test_nobody_to_write_to_is_an_error():
    with pytest.raises(QuestionError, match="nobody to write to in loyal") as caught:
        optimize(model_of(replace(LOYAL, people=Headcount(0))), question_of("coverage"))
    assert caught.value.diagnostics[0].code == "C407"


def test_where_only_split_segments_are_known_to_keep_the_limits_nothing_is_claimed(monkeypatch):
    """Not that no plan keeps them: one plan for each may, and was not found."""
    monkeypatch.setattr(search, "LISTED", 0)
    monkeypatch.setattr(search, "_FEW", 0)
    monkeypatch.setattr(search.Master, "quick", lambda *_: None)
    with pytest.raises(RefusedError, match="add `may split segments`"):
        optimize(model_of(LOYAL, NEW), question_of("coverage"))


def test_a_plan_that_is_not_proven_is_not_beaten_by_what_the_answer_itself_shows(monkeypatch):
    """Neither by a change of one step, nor by a point of the frontier that keeps the limits."""
    monkeypatch.setattr(search, "LISTED", 0)
    monkeypatch.setattr(solver, "_BUDGET", 1)
    monkeypatch.setattr(solver, "_PATIENCE", 0.0)
    keep = Keep("coverage", "at least", Share(0.4))
    asked = question_of("cost per person", keep, search_for=Duration(1))
    answer = optimize(model_of(LOYAL, NEW), asked)
    assert (answer.status, answer.stopped) == ("gap", True)
    own = answer.objective_value
    assert all(in_units(asked.objective, r.value) >= own * (1 - 1e-9) for r in answer.runner_ups if not r.broken)
    assert all(p.cost_per_person >= own * (1 - 1e-9) for p in answer.frontier if p.coverage >= 0.4)
