"""The curve of the time to open, over all people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cascadesim.draws.people import draw_people
from cascadesim.engines.by_simpy import run_case
from cascadesim.engines.case import Case
from cascadesim.engines.exact import evaluate, time_to_open
from cascadesim.errors import RefusedError
from cascadesim.model.chain import Route, Stop
from cascadesim.model.channel import Channel
from cascadesim.model.segment import Headcount, Segment
from cascadesim.units import DAY, HOUR, MINUTE
from tests.engines.exact_models import chain, half, model, price, rate, send
from tests.engines.test_exact_clock import draw_smooth


def test_one_exponential_open() -> None:
    """Of 80% x 50% who open, half do so within 2 h of the delivery, which takes a microsecond; later it is level."""
    channel = Channel("sms", rates=(rate("reaches", 0.8), rate("opens", 0.5, half("2 h"))))
    segments = (Segment("few", Headcount(10)), Segment("many", Headcount(30)), Segment("nobody", Headcount(0)))
    made = model(channel, segments=segments, horizon="1 day")
    steps = chain(send("sms"))
    ages = np.array([2 * HOUR + 1.0, 0.0, 4 * HOUR + 1, DAY, 5 * DAY])
    curves = time_to_open(made, made.routes(steps), ages)
    assert sorted(curves) == ["", "few", "many"]
    for curve in curves.values():
        assert curve == pytest.approx([0.2, 0.0, 0.3, 0.4 * (1 - 2**-12), 0.4 * (1 - 2**-12)], abs=1e-11)


@pytest.mark.parametrize("seed", [2, 7])
def test_quantiles_lie_on_the_curve_and_simpy_too(seed: int) -> None:
    """With clock rules; 4,000 people, 4.5 standard errors of a share."""
    made, steps = draw_smooth(seed)
    made = replace(made, segments=tuple(replace(s, people=Headcount(4000)) for s in made.segments))
    case = Case("c", made.routes(steps))
    total = evaluate(made, case.routes).total
    ages = np.linspace(0, float(made.scenario.horizon), 40)
    curve = time_to_open(made, case.routes, ages)[""]
    assert (np.diff(curve) >= -1e-12).all()
    assert curve[-1] == pytest.approx(sum(step.first_opens.mean or 0 for step in total.steps) / 4000, abs=1e-9)
    median = np.array([total.time_to_open.p50]) * 1e6 + np.array([-1, 0])
    before, after = time_to_open(made, case.routes, median)[""]
    assert before - 1e-9 <= curve[-1] / 2 <= after + 1e-9
    trips = run_case(made, case, draw_people(made, case.segments, 0, {}), 0)
    states = {e.state for e in made.goal[0]}
    firsts = [[at for m in t.messages for state, at in m.fate.events if state in states] for t in trips]
    sampled = np.array([np.mean([bool(found) and min(found) <= age for found in firsts]) for age in ages])
    assert np.abs(sampled - curve).max() < 4.5 * 0.5 / np.sqrt(4000)


def test_what_is_refused_has_no_curve() -> None:
    made = model(Channel("sms", rates=(rate("opens", 0.5),), costs=(price("1 EUR", "message sent"),)))
    steps = replace(chain(send("sms")), body=(send("sms"), Stop()))
    with pytest.raises(RefusedError):
        time_to_open(made, (Route("all", steps),), np.array([float(MINUTE)]))
