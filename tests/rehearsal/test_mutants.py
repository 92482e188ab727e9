"""What the parity tests are worth: each rule of the driving, deleted on one side, makes the records differ."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cascadesim import cascade
from cascadesim.engines.events import Simulation
from cascadesim.live.memory import MemoryStore
from cascadesim.live.turn import Turn
from cascadesim.rehearsal import rehearse, world
from cascadesim.rehearsal.world import VirtualClock

SCRIPTS = ("handed-on", "limits", "same-instant", "parallel")
Mutate = Callable[[pytest.MonkeyPatch], None]


def runner_forgets_who_stopped(patch: pytest.MonkeyPatch) -> None:
    def verdict(turn, channel, row, slot):
        journey = row.journey._replace(stops=frozenset())
        return cascade.verdict(turn._program(row), row.person, journey, channel, slot)

    patch.setattr(Turn, "_verdict", verdict)


def runner_keeps_the_slot_of_who_stopped(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Turn, "_told", lambda turn, row, journey: turn._keep(row, journey, row.queued_at))


def runner_hears_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Turn, "hear", lambda turn, reports: [turn.hand.report(r) for r in reports])


def runner_lets_others_act_before_who_goes_on(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Turn, "_goes_on", lambda turn, key: False)


def store_claims_the_last_places_first(patch: pytest.MonkeyPatch) -> None:
    agree = MemoryStore._agree

    def backwards(store, key):
        agree(store, key)
        store._due = sorted((due, -abs(place), key) for due, place, key in store._due)

    patch.setattr(MemoryStore, "_agree", backwards)


def world_reports_what_channels_do_not(patch: pytest.MonkeyPatch) -> None:
    every = ("delivered", "opened", "clicked", "replied", "converted", "unsubscribed")
    patch.setattr(world, "_reported", lambda model, name: {state: state for state in every})
    patch.setattr(cascade.Program, "reports", lambda program, channel, state: True)


def actions_come_before_receipts(patch: pytest.MonkeyPatch) -> None:
    sleep_until = VirtualClock.sleep_until

    def late(clock, at):
        if clock._coming and clock._coming[0][0] == at and at > clock._now:
            clock._now = at
        else:
            sleep_until(clock, at)

    patch.setattr(VirtualClock, "sleep_until", late)


@pytest.mark.parametrize(
    "mutate",
    [
        runner_forgets_who_stopped,
        runner_keeps_the_slot_of_who_stopped,
        runner_hears_nothing,
        runner_lets_others_act_before_who_goes_on,
        store_claims_the_last_places_first,
        world_reports_what_channels_do_not,
        actions_come_before_receipts,
    ],
    ids=lambda mutate: mutate.__name__,
)
def test_the_rehearsal_without_a_rule_differs_from_the_engine(mutate: Mutate, drawn, engine, monkeypatch):
    expected = {name: engine(name) for name in SCRIPTS}
    mutate(monkeypatch)
    assert any(rehearse(drawn(name).plan, drawn(name).people).records() != expected[name] for name in SCRIPTS)


def test_the_engine_without_its_stop_check_differs_from_the_rehearsal(drawn, engine, simulate, monkeypatch):
    def verdict(simulation, channel, trip, slot):
        journey = trip.journey._replace(stops=frozenset())
        return cascade.verdict(trip.program, trip.person, journey, channel, slot)

    monkeypatch.setattr(Simulation, "_verdict", verdict)
    for name in ("limits", "same-instant"):
        case = drawn(name)
        assert simulate(case.plan, case.people) != rehearse(case.plan, case.people).records()
