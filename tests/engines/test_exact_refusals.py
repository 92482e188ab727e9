"""What the exact engine refuses, and that it says all of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from cascadesim.engines.case import cases
from cascadesim.engines.exact import evaluate, refusals
from cascadesim.engines.simulate import choose
from cascadesim.errors import RefusedError
from cascadesim.model.chain import (
    Arm,
    Branch,
    Chain,
    Event,
    Hole,
    If,
    Node,
    Pause,
    Reachable,
    Route,
    Send,
    Split,
    Stop,
    Wait,
    WaitUntil,
)
from cascadesim.model.channel import Channel, Hours, Quiet, Throughput
from cascadesim.model.segment import Arrivals, Segment
from cascadesim.units import Duration, Share
from tests.engines.exact_models import chain, model, rate, send, us

SMS = Channel("sms", rates=(rate("opens", 0.2),))
PUSH = Channel("push", rates=(rate("opens", 0.1),))
NIGHT = Quiet(Hours(time(21), time(9)))
LIMIT = Throughput(5, Duration(1_000_000))


def test_linear_chains_are_not_refused() -> None:
    made = model(SMS, replace(PUSH, quiet=(NIGHT,), throughput=LIMIT))
    assert refusals(made, made.routes(chain(send("sms", "1 h", "10 min"), send("sms")))) == ()


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        (Send(("sms", "push")), "chain c sends on sms and push at once"),
        (Send(("sms",), wait=Wait(us("1 h"), None, (Event("clicked"),))), "chain c ends a wait when something is"),
        (Pause(Wait(us("1 h"))), "chain c has a `wait` on a line of its own"),
        (If((Branch(Reachable("sms"), ()),)), "chain c branches with `if`"),
        (Split((Arm(Share(1.0), None, ()),)), "chain c has a `split`"),
        (Stop(), "chain c has a `stop` among its steps"),
        (Hole(), "chain c has a hole `...`"),
    ],
)
def test_each_node_has_its_reason(node: Node, reason: str) -> None:
    made = model(SMS, PUSH)
    (found,) = refusals(made, made.routes(Chain("c", (node, send("sms")))))
    assert found.startswith(reason)


def test_nested_nodes_are_looked_into() -> None:
    made = model(SMS, PUSH)
    inner = If((Branch(Reachable("sms"), (Send(("sms", "push")),)),), (Hole(),))
    found = refusals(made, made.routes(Chain("c", (inner,))))
    assert len(found) == 3


def test_clock_rules_are_refused_where_people_arrive_over_time() -> None:
    made = model(replace(SMS, quiet=(NIGHT,)), PUSH)
    stream = Segment("stream", Arrivals(5, us("1 h"), us("1 day")), reacts=Hours(time(8), time(22)))
    made = replace(made, segments=(*made.segments, stream), scenario=replace(made.scenario, quiet=(NIGHT,)))
    steps = Chain("c", (WaitUntil(time(10)), send("sms")))
    assert refusals(made, (Route("all", steps),)) == ()
    assert refusals(made, (Route("all", steps), Route("stream", steps))) == (
        "people of segment stream arrive over time, and sms has quiet hours",
        "people of segment stream arrive over time, and the scenario has quiet hours",
        "people of segment stream arrive over time, and they react at certain hours only",
        "people of segment stream arrive over time, and chain c waits for a time of day",
    )
    plain = replace(stream, reacts=None)
    made = model(SMS, segments=(plain,))
    assert refusals(made, (Route("stream", Chain("c", (send("sms"),))),)) == ()


def test_all_reasons_once_each() -> None:
    made = model(replace(SMS, quiet=(NIGHT,), throughput=LIMIT), PUSH)
    segments = (replace(made.segments[0], reacts=Hours(time(8), time(22))),)
    made = replace(made, segments=segments, scenario=replace(made.scenario, quiet=(NIGHT,)))
    steps = Chain("c", (send("sms"), Stop(), Stop()))
    reasons = refusals(made, (Route("all", steps), Route("all", steps)))
    assert reasons == (
        "chain c has a `stop` among its steps",
        "sms has a throughput limit",
    )
    with pytest.raises(RefusedError) as caught:
        evaluate(made, (Route("all", steps),))
    assert caught.value.reasons == reasons


@pytest.mark.parametrize(("channels", "engine"), [(10, "exact"), (11, "compiled"), (62, "compiled"), (63, "simpy")])
def test_a_chain_of_very_many_channels_is_left_to_the_other_engines(channels: int, engine: str) -> None:
    names = [f"c{number}" for number in range(channels)]
    made = model(*(Channel(name, rates=(rate("opens", 0.2),)) for name in names))
    made = replace(made, chains=(chain(*map(send, names)),))
    assert choose(made, cases(made), "auto", records=False)[0] == engine
    assert choose(made, cases(made), "exact", records=False)[0] == "exact"
