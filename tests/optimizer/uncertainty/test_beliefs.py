"""What is believed of rates, and models drawn from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import beta, kstest

from cascadesim.errors import RefusedError
from cascadesim.model.question import Repeat
from cascadesim.model.segment import Both, Headcount, Kind, OwnRate, Segment
from cascadesim.optimizer.uncertainty.beliefs import RateName, belief, beliefs
from cascadesim.optimizer.uncertainty.draws import drawn, with_rates
from cascadesim.units import Share
from tests.optimizer.uncertainty.campaigns import asked, campaign, channel, known, measured, ranged

SMS = RateName("sms", "opens")


def test_a_count_is_added_to_jeffreys_prior():
    """34% of 900 are 306 who opened and 594 who did not; before, it was Beta(1/2, 1/2)."""
    found = belief(SMS, measured("opens", 0.34, 900))
    assert (found.a, found.b) == pytest.approx((306.5, 594.5))
    assert found.mean == pytest.approx(306.5 / 901)
    nobody = belief(SMS, measured("opens", 0.0, 40))
    assert (nobody.a, nobody.b) == (0.5, 40.5)
    assert nobody.interval[1] == pytest.approx(beta(0.5, 40.5).ppf(0.975))


@pytest.mark.parametrize(("low", "high"), [(0.2, 0.3), (0.55, 0.64), (0.0, 0.1), (0.9, 1.0), (0.0, 1.0), (0.4, 0.401)])
def test_a_range_is_the_middle_and_holds_95_percent_or_a_little_more(low, high):
    found = belief(SMS, ranged("opens", low, high))
    law = beta(found.a, found.b)
    assert law.mean() == pytest.approx((low + high) / 2)
    assert law.std() == pytest.approx((high - low) / 2 / 1.959963984540054)
    within = law.cdf(high) - law.cdf(low)
    assert 0.95 < within < 0.96 or (low, high, within) == (0.0, 1.0, 1.0)


def test_a_range_counts_where_there_is_a_number_too():
    both = replace(ranged("opens", 0.2, 0.3), measured=9)
    assert belief(SMS, both) == belief(SMS, ranged("opens", 0.2, 0.3))


def test_only_rates_with_evidence_that_a_plan_can_depend_on():
    """Push is not among the channels; sms has rates of its own in both segments; resends are not allowed."""
    segments = (
        Segment("loyal", Headcount(10), rates=(
            OwnRate("sms", measured("opens", 0.4, 90)), OwnRate("sms", known("delivers", 1))
        )),
        Segment("new", Headcount(10), rates=(OwnRate("sms", ranged("opens", 0.1, 0.2)),)),
    )  # fmt: skip
    sms = channel(
        "sms", measured("opens", 0.3, 50), measured("delivers", 0.9, 80), resend=(measured("opens", 0.1, 30),)
    )
    model = campaign(
        channel("push", measured("opens", 0.1, 40)), sms, channel("email", known("opens", 0.2)), segments=segments
    )
    names = [str(b.name) for b in beliefs(model, asked("coverage", "email sms"))]
    assert names == ["delivers on sms", "opens on sms for loyal", "opens on sms for new"]
    again = asked("coverage", "sms", repeats=(Repeat("sms", 2),), segments=("new",))
    assert [str(b.name) for b in beliefs(model, again)] == [
        "delivers on sms", "opens on sms for new", "resend opens on sms",
    ]  # fmt: skip


def test_rates_without_evidence_are_never_varied():
    """All that differs between the model and a draw are the three rates with evidence, each in its own place."""
    segment = Segment(
        "all", Headcount(10), rates=(OwnRate("sms", measured("opens", 0.4, 90)), OwnRate("b", known("opens", 0.5)))
    )
    sms = channel("sms", known("reaches", 0.9), measured("opens", 0.3, 50), resend=(measured("opens", 0.1, 30),))
    model = campaign(sms, channel("b", known("opens", 0.2), ranged("delivers", 0.8, 0.9)), segments=(segment,))
    question = asked("coverage", "sms b", repeats=(Repeat("sms", 2),))
    believed = beliefs(model, question)
    assert [str(b.name) for b in believed] == ["delivers on b", "opens on sms for all", "resend opens on sms"]
    sample = drawn(model, question, believed, 1, 20)
    for rates, found in zip(sample.rates, sample.models, strict=True):
        assert found.rate("all", "b", "delivers").share == rates[0]
        assert found.rate("all", "sms", "opens").share == rates[1]
        assert found.rate("all", "sms", "opens", resend=True).share == rates[2]
        stated = {b.name: share for b, share in zip(believed, (0.85, 0.4, 0.1), strict=True)}
        assert found != model
        restored = with_rates(found, stated)
        assert restored == with_rates(model, stated)  # a range becomes its middle; nothing else is touched


def test_draws_follow_the_beliefs_and_are_independent():
    model = campaign(channel("a", measured("opens", 0.3, 20)), channel("b", ranged("opens", 0.2, 0.4)))
    question = asked("coverage", "a b")
    believed = beliefs(model, question)
    rates = drawn(model, question, believed, 3, 2000).rates
    for r, each in enumerate(believed):
        assert kstest(rates[:, r], beta(each.a, each.b).cdf).pvalue > 1e-3
    assert abs(np.corrcoef(rates.T)[0, 1]) < 4.5 / np.sqrt(2000)


def test_draws_go_by_name():
    """The same rate has the same draws whatever else is uncertain, in whichever order the file has it."""
    a, b = channel("a", measured("opens", 0.3, 20)), channel("b", ranged("opens", 0.2, 0.4))
    both, alone = asked("coverage", "a b"), asked("coverage", "b")

    def sample(model, question, seed=3):
        return drawn(model, question, beliefs(model, question), seed, 5).rates

    together = sample(campaign(a, b), both)
    assert (together == sample(campaign(b, a), both)).all()
    assert (together[:, 1] == sample(campaign(b), alone)[:, 0]).all()
    assert (together != sample(campaign(a, b), both, seed=4)).all()
    assert len(set(together.ravel())) == 10


def test_rates_that_cannot_be_true_together_are_drawn_again():
    """Both are had by 48%, so neither reaches fewer; with x1.4 nobody opens more than 71.4%."""
    a, b = (
        channel("a", ranged("reaches", 0.45, 0.6), measured("opens", 0.6, 15)),
        channel("b", ranged("reaches", 0.48, 0.7)),
    )
    kinds = (Kind("eager", Share(0.3), 1.4), Kind("usual", None, None))
    segment = Segment("all", Headcount(10), both=(Both("a", "b", Share(0.48)),), kinds=kinds)
    model, question = campaign(a, b, segments=(segment,)), asked("coverage", "a b")
    believed = beliefs(model, question)
    assert [str(each.name) for each in believed] == ["opens on a", "reaches on a", "reaches on b"]
    rates = drawn(model, question, believed, 3, 200).rates
    assert rates[:, 0].max() <= 1 / 1.4 < believed[0].interval[1]
    assert rates[:, 1:].min() >= 0.48 > believed[1].interval[0]
    nowhere = replace(segment, both=(Both("a", "b", Share(0.95)),))
    with pytest.raises(RefusedError, match="none can be true"):
        drawn(replace(model, segments=(nowhere,)), question, believed, 3, 1)
