"""The live runner and the SimPy engine drive one state machine: their records are the same, row by row."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from itertools import pairwise

import pytest

import cascadesim.rehearsal.rehearsal as module
from cascadesim.draws.behaviour import Behaviour
from cascadesim.live import Changes, MemoryStore, decode_journey, encode_journey, runner
from cascadesim.model.chain import Chain, Event, Send, Wait
from cascadesim.plan import Plan, PlanSegment
from cascadesim.rehearsal import rehearse
from cascadesim.units import MINUTE, Duration, Money, Share
from tests.rehearsal.disk import on_disk

SCRIPTS = ("limits", "quiet", "branches", "parallel", "outside", "same-instant", "handed-on", "contacts")


@pytest.mark.parametrize("batch", [1, 7, 50])
@pytest.mark.parametrize("name", SCRIPTS)
def test_a_rehearsal_has_the_records_of_the_engine_whatever_the_batch(name: str, batch: int, drawn, engine):
    case = drawn(name)
    records = rehearse(case.plan, case.people, batch=batch).records()
    assert records == engine(name)
    assert records, "nobody was written to"


@pytest.mark.parametrize("name", SCRIPTS)
def test_replications_differ_and_each_equals_the_engines(name: str, drawn, engine):
    case = drawn(name, 3)
    records = rehearse(case.plan, case.people, 3).records()
    assert records == engine(name, 3)
    assert {r.replication for r in records} == {3}
    assert name == "handed-on" or [r[1:] for r in records] != [r[1:] for r in engine(name)]


def test_the_scenarios_have_what_they_are_for(engine):
    """Queues that are not empty, resends, quiet hours met in line, and people who go on at the same instant."""
    limits = engine("limits")
    assert sum(r.sent_at > r.queued_at for r in limits) > 100
    assert any(r.attempt == 1 for r in limits)
    quiet = engine("quiet")
    first_texts = [r for r in quiet if r.step == 2]
    assert any(0 < r.sent_at - r.queued_at < Duration.parse("10 min") for r in first_texts)
    assert any(r.sent_at - r.queued_at > Duration.parse("12 h") for r in first_texts)
    parallel = engine("parallel")
    assert any(r.step == 3 and r.sent_at == s.queued_at for r in parallel for s in parallel if s.step == 4)


def test_a_slot_that_is_handed_on_is_used_at_the_place_of_who_gets_it(drawn):
    """S6: texts: w at 1 min, then a, not x, at 2 min. a goes on to email before m: 2 min; m has the slot of 3 min."""
    case = drawn("handed-on")
    minutes = {(r.segment, r.channel): r.sent_at / MINUTE for r in rehearse(case.plan, case.people).records()}
    pushes = {(s, "push"): 0 for s in ("a", "w", "x")}
    texts = {("w", "sms"): 1, ("a", "sms"): 2}
    assert minutes == pushes | texts | {("w", "email"): 1, ("a", "email"): 2, ("m", "email"): 3}


def _entry(plan: Plan, chain: Chain, share: float = 1.0, reach: tuple[str, ...] | None = None) -> PlanSegment:
    return replace(plan.segments[0], chain=chain, share=Share(share), reach=reach, steps=())


def _chain(name: str, *channels: str) -> Chain:
    sends = tuple(Send((c,), wait=Wait(Duration.parse("7 min"))) for c in channels)
    return Chain(name, sends, stop_when=(Event("opened"),))


def test_a_segment_split_over_two_plans(drawn, simulate):
    """S14: a draw gives each person one; shares as large as stated, each on their own chain."""
    case = drawn("limits")
    one, other = _chain("one", "sms", "viber"), _chain("other", "viber", "push", "sms")
    entries = (_entry(case.plan, one, 0.3), _entry(case.plan, other, 0.7), case.plan.segments[1])
    plan = replace(case.plan, segments=entries)
    rehearsal = rehearse(plan, case.people)
    assert rehearsal.records() == simulate(plan, case.people)
    first = {r.recipient: r.channel for r in rehearsal.records() if r.segment == "a" and r.step == 1}
    assert 20 < sum(c == "sms" for c in first.values()) < 55


def test_a_plan_by_reach(drawn, simulate):
    """Everybody follows the chain of their own pattern."""
    case = drawn("limits")
    with_viber, without = ("push", "sms", "viber"), ("push", "sms")
    entries = [
        _entry(case.plan, _chain("by viber", "viber", "sms"), 0.5, with_viber),
        _entry(case.plan, _chain("by push", "push", "viber"), 0.5, with_viber),
        _entry(case.plan, _chain("without", "sms"), 1.0, without),
    ]
    plan = replace(case.plan, segments=tuple(entries))
    rehearsal = rehearse(plan, case.people)
    assert rehearsal.records() == simulate(plan, case.people)
    assert rehearsal.people == sum(p.segment == "a" for p in case.people)
    assert {r.segment for r in rehearsal.records()} == {"a"}


def test_a_pattern_speaks_only_of_the_channels_that_the_patterns_name(drawn, simulate):
    """Whether push or a text reaches somebody does not matter to patterns of Viber."""
    case = drawn("quiet")
    entries = (
        _entry(case.plan, _chain("with", "viber", "sms"), 1.0, ("viber",)),
        _entry(case.plan, _chain("without", "sms", "sms"), 1.0, ()),
        case.plan.segments[1],
    )
    plan = replace(case.plan, segments=entries)
    rehearsal = rehearse(plan, case.people)
    assert rehearsal.records() == simulate(plan, case.people)
    assert rehearsal.people == len(case.people)


def test_records_are_in_the_order_of_segment_number_step_and_channel(drawn):
    case = drawn("parallel")
    numbers = {(p.segment, p.id): p.number for p in case.people}
    rows = [
        (r.segment, numbers[r.segment, r.recipient], r.step, r.channel)
        for r in rehearse(case.plan, case.people).records()
    ]
    assert rows == sorted(rows)


def test_counts_and_cost(drawn, engine):
    """S13: each channel's messages with its campaign fee; receipts are what came in, repeated by nobody."""
    case = drawn("outside")
    rehearsal = rehearse(case.plan, case.people)
    records = rehearsal.records()
    assert rehearsal.people == len(case.people)
    assert rehearsal.messages == {c: sum(r.channel == c for r in records) for c in ("call", "email", "sms")}
    assert rehearsal.cost == Money(sum(r.cost for r in records) + 120 * 10**9, "EUR")
    seen = sum(r.delivered_at is not None for r in records)
    opened = sum(r.opened_at is not None for r in records if r.channel != "sms")
    clicked = sum(r.clicked_at is not None for r in records)
    behaviour = Behaviour(case.plan.model, 0)
    outside = sum(len(behaviour.outside(p)) for p in case.people)
    assert rehearsal.receipts == seen + opened + clicked + outside


def test_reports_come_in_until_the_horizon_also_when_everybody_has_been_written_to(drawn):
    """S9: people open what they were sent after the last message has gone out; the runner still hears of it."""
    case = drawn("limits")
    rehearsal = rehearse(case.plan, case.people)
    records = rehearsal.records()
    last = max(r.opened_at for r in records if r.channel != "sms" and r.opened_at is not None)
    assert last > max(r.sent_at for r in records)
    delivered = sum(r.delivered_at is not None for r in records)
    opened = sum(r.opened_at is not None for r in records if r.channel != "sms")
    assert rehearsal.receipts == delivered + opened + sum(r.clicked_at is not None for r in records)


def test_the_first_messages_are_shown_and_change_nothing(drawn, engine):
    case = drawn("contacts")
    stream = io.StringIO()
    assert rehearse(case.plan, case.people, show=5, stream=stream).records() == engine("contacts")
    lines = stream.getvalue().splitlines()
    assert len(lines) == 5
    assert all(line.startswith("2027-03-01 ") and " step " in line for line in lines)
    assert "silver p001  Dzintra" in lines[0], "who has no Viber is skipped to the text"


def test_progress_is_told_now_and_then_and_at_the_end(drawn, monkeypatch):
    case = drawn("limits")
    monkeypatch.setattr(runner, "_TOLD_EVERY", 30)
    told: list[int] = []
    rehearse(case.plan, case.people, progress=told.append)
    assert told[-1] == len(case.people)
    assert all(after - before >= 30 for before, after in pairwise(told[:-1]))
    assert 2 < len(told) < 9


@pytest.mark.parametrize("batch", [7, 50])
@pytest.mark.parametrize("name", SCRIPTS)
def test_rows_on_a_disk_come_to_the_same_records(name: str, batch: int, drawn, engine, tmp_path):
    case = drawn(name)
    with on_disk(tmp_path, case.plan) as store:
        rehearsal = rehearse(case.plan, case.people, store=store, batch=batch)
    with on_disk(tmp_path, case.plan) as again:
        assert replace(rehearsal, store=again).records() == engine(name)


class JsonStore(MemoryStore):
    """Keeps nothing of a journey but what its JSON text says."""

    def commit(self, changes: Changes) -> None:
        for key, row in changes.recipients.items():
            text = json.dumps(encode_journey(row.journey))
            changes.recipients[key] = row._replace(journey=decode_journey(json.loads(text)))
        super().commit(changes)


@pytest.mark.parametrize("name", ["branches", "parallel"])
def test_all_state_is_in_rows_that_can_be_written_down(name: str, drawn, engine, monkeypatch):
    monkeypatch.setattr(module, "MemoryStore", JsonStore)
    assert rehearse(drawn(name).plan, drawn(name).people).records() == engine(name)
