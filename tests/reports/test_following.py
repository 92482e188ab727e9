"""People followed one by one: the same counts as the reference engine's outcome; of a part of them, nearly."""

from __future__ import annotations

import math

import numpy as np
import pytest

import cascadesim
from cascadesim.engines.simulate import simulate
from cascadesim.reports.following import Followed, follow
from tests.reports.pictures.campaigns import NAMES, script

MODEL = cascadesim.read_text(script(NAMES["one-segment"], people=2_000)).model
CASE = cascadesim.cases(MODEL)[1]


@pytest.fixture(scope="module")
def followed() -> Followed:
    return follow(MODEL, CASE)


def test_the_flow_has_the_counts_of_the_outcome(followed: Followed) -> None:
    (flow,) = followed.flows()
    total = simulate(MODEL, [CASE], engine="simpy").chains[0].total
    assert flow.people == 2_000
    assert flow.covered == total.coverage.mean
    for step, figures in zip(flow.steps, total.steps, strict=True):
        assert step.sent == figures.sent.mean
        assert step.covered == figures.first_opens.mean
        assert step.cost == pytest.approx(figures.cost.mean)


def test_everybody_is_somewhere(followed: Followed) -> None:
    """At the first step all came: they have it, or are not reached. 55% are not, by push; 4.5 standard errors."""
    (flow,) = followed.flows()
    first = flow.steps[0]
    assert first.came == 2_000
    assert first.skipped is not None
    assert first.sent + first.skipped == 2_000
    assert abs(first.skipped - 1_100) < 4.5 * math.sqrt(2_000 * 0.45 * 0.55)


def test_the_curve_comes_to_the_coverage_at_the_deadline(followed: Followed) -> None:
    curve = followed.curve(points=3 * 24 + 1)  # a point an hour, and more
    (flow,) = followed.flows()
    assert curve.shares[np.searchsorted(curve.ages, 24 * 3600.0)] == flow.covered
    assert curve.shares[0] == 0
    assert (np.diff(curve.shares) >= 0).all()
    assert [channel for channel, _ in curve.marks] == ["push", "viber", "sms"]


def test_hours_have_all_messages_and_keep_the_limit(followed: Followed) -> None:
    (flow,) = followed.flows()
    by_channel = {sending.channel: sending for sending in followed.sendings()}
    for step in flow.steps:
        assert by_channel[step.send.channels[0]].per_hour.sum() == pytest.approx(step.sent)
    assert by_channel["viber"].limit == 100
    assert by_channel["viber"].per_hour.max() <= 101  # a busy hour may begin within one of the clock's
    assert by_channel["sms"].limit is None


def test_a_part_stands_for_all_and_queues_as_long(followed: Followed) -> None:
    """A quarter of the people, 4.5 standard errors of a share; the limit is in proportion, so the hours are alike."""
    part = follow(MODEL, CASE, most=500)
    assert len(part.trips) == 500
    (flow,), (whole,) = part.flows(), followed.flows()
    assert flow.people == pytest.approx(2_000)
    for step, all_of_it in zip(flow.steps, whole.steps, strict=True):
        assert abs(step.sent - all_of_it.sent) < 4.5 * 0.5 / math.sqrt(500) * 2_000
    busy = {s.channel: np.flatnonzero(s.per_hour).max() for s in followed.sendings()}
    assert all(abs(np.flatnonzero(s.per_hour).max() - busy[s.channel]) <= 4 for s in part.sendings())


def test_where_a_chain_branches_who_would_have_come_is_not_told() -> None:
    text = script(NAMES["one-segment"]).partition("optimize")[0]
    branched = text + "chain by-reach\n    if reachable on push\n        send push\n    otherwise\n        send sms\n"
    model = cascadesim.read_text(branched).model
    (flow,) = follow(model, cascadesim.cases(model, "by-reach")[0]).flows()
    assert [(step.came, step.skipped) for step in flow.steps] == [(None, None), (None, None)]
    assert sum(step.sent for step in flow.steps) <= 900
