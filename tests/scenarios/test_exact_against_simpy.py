"""The two engines that know the rules by different mathematics agree on what ships (S4 to S15).

20,000 people, the scenarios' own seeds, 4.5 standard errors: of some hundred figures none should be that far off
by chance (7 in a million each). One chain of each scenario; `-m full` takes them all.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cascadesim.language.script import read
from cascadesim.model.chain import Chain, Event
from cascadesim.model.model import Model
from tests.benchmarks.exact_against_simpy import SCENARIOS, Comparison, compare, in_exact_scope

CHAINS = (
    ("sms-then-call", "sms-then-call"),
    ("sms-then-whatsapp", "sms-then-whatsapp"),
    ("viber-then-sms", "viber-then-sms"),
    ("cheapest-first", "messengers-first"),
    ("email-first", "email-first"),
)


@pytest.mark.parametrize(("scenario", "chain"), CHAINS)
def test_exact_agrees_with_simpy(scenario: str, chain: str) -> None:
    assert far_apart(scenario, chain) == []


@pytest.mark.full
def test_exact_agrees_with_simpy_everywhere() -> None:
    """Every chain of every scenario in the exact scope, the ones above among them."""
    scope = in_exact_scope()
    assert set(scope) >= set(CHAINS)
    assert [row for scenario, chain in scope for row in far_apart(scenario, chain)] == []


def test_scope_holds_what_matters() -> None:
    """At least five scenarios, and between them each of the rules that are easy to get wrong."""
    assert len({scenario for scenario, _ in CHAINS}) >= 5
    found = {feature for scenario, chain in CHAINS for feature in features(read_model(scenario), chain)}
    assert found >= {"joint reach", "kinds", "unreported state", "undelivered", "deadline", "resend", "minimum"}


def far_apart(scenario: str, chain: str) -> list[Comparison]:
    return [row for row in compare(scenario, chain, 20_000) if row.distance > 4.5]


def read_model(scenario: str) -> Model:
    return read(SCENARIOS / f"{scenario}.cascade").model


def is_event_unheard(model: Model, event: Event, channel: str) -> bool:
    """A stop event that a step's channel can have and does not report; after the last step it would not matter."""
    can_be = event.state in model.channel(channel).states and event.channel in (None, channel)
    return can_be and event.state is not None and not model.channel(channel).reports_state(event.state)


def features(model: Model, name: str) -> Iterator[str]:
    chain: Chain = model.chain(name)
    segments = [model.segment(s) for s in model.segments_of(chain.segments)]
    used = [model.channel(c) for c in chain.channels]
    steps = [send.channels[0] for send in chain.sends]
    if any(b.one in chain.channels and b.other in chain.channels for s in segments for b in s.both):
        yield "joint reach"
    if any(s.kinds for s in segments):
        yield "kinds"
    if any(is_event_unheard(model, event, step) for event in chain.stop_when for step in steps[:-1]):
        yield "unreported state"
    if any(send.wait is not None and send.wait.undelivered_after is not None for send in chain.sends):
        yield "undelivered"
    if model.goal[1] < model.scenario.horizon:
        yield "deadline"
    if len(set(steps)) < len(steps):
        yield "resend"
    if any(price.at_least for c in used for price in c.costs):
        yield "minimum"
