"""The benchmark's two SimPy models find what the project's own engine finds: exactly, message for message."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cascadesim.engines.case import cases
from cascadesim.engines.simulate import simulate
from cascadesim.model.model import Model
from tests.benchmarks.speed import idiomatic, leanest
from tests.benchmarks.speed.campaign import campaign, with_channels, with_segments, with_steps
from tests.benchmarks.speed.given import Totals, given, quiet_for, totals, totals_of

PEOPLE = 2_000
HOUR = 3_600_000_000


@pytest.fixture(scope="module")
def model() -> Model:
    return campaign(PEOPLE)


@pytest.fixture(scope="module")
def engines_totals(model: Model) -> Totals:
    (outcome,) = simulate(model, cases(model), engine="simpy").chains
    return totals_of(outcome)


@pytest.mark.parametrize("written", [idiomatic, leanest])
def test_a_model_finds_what_the_engine_finds(written: object, model: Model, engines_totals: Totals) -> None:
    assert totals(model, *written.simulate(given(model))) == engines_totals  # type: ignore[attr-defined]


def test_the_campaign_has_queues_deferrals_and_drops(model: Model) -> None:
    """At the limits' pace the text's queue lasts for hours, and what is out of the queue is not what entered it."""
    (outcome,) = simulate(model, cases(model), engine="simpy").chains
    by_channel = {step.channel: step for step in outcome.total.steps}
    assert by_channel["email"].queue_p90 > 600
    assert by_channel["sms"].queue_p90 > 6 * 3600
    awake = replace(model, channels=tuple(replace(c, quiet=()) for c in model.channels))
    assert totals(awake, *leanest.simulate(given(awake))) != totals(model, *leanest.simulate(given(model)))


def test_quiet_hours_hold_their_first_instant_and_not_their_last() -> None:
    night = (21 * HOUR, 9 * HOUR)
    assert [quiet_for(night, h * HOUR) // HOUR for h in (0, 8, 9, 20, 21, 23)] == [9, 1, 0, 0, 12, 10]
    assert quiet_for(night, 9 * HOUR - 1) == 1
    assert quiet_for(None, 0) == 0


def test_variants_have_what_they_are_named_for() -> None:
    assert [len(with_steps(n).chains[0].sends) for n in (1, 5, 10)] == [1, 5, 10]
    assert [len(with_channels(n).chains[0].channels) for n in (1, 7, 10)] == [1, 7, 10]
    assert [len(with_segments(n).segments) for n in (1, 3, 16)] == [1, 3, 16]
    for made in (campaign(), with_segments(3), with_segments(16)):
        assert sum(segment.people.count for segment in made.segments) == 100_000  # type: ignore[union-attr]
