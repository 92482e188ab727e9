"""Several runners at work on one campaign at the same time: each message goes out once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from cascadesim.cascade import Phase, begin
from cascadesim.live import Changes, Outgoing, Receipt, Recipient, Result, Runner, Settled
from cascadesim.live.campaign import Campaign
from cascadesim.live.intake import Entry, Intake, Stop
from cascadesim.live.sql import SqlStore, open_store
from cascadesim.model.chain import Chain, Event, Send, Wait
from cascadesim.model.channel import Channel, Throughput
from cascadesim.model.model import Model, Scenario
from cascadesim.model.person import Person
from cascadesim.model.rates import Rate
from cascadesim.model.segment import Headcount, Segment
from cascadesim.units import SECOND, Duration, Share
from tests.live.conftest import Never
from tests.live.stores import PLAN, server

PEOPLE = 200
CHAIN = Chain(
    "c", (Send(("push",), wait=Wait(Duration(3 * SECOND // 2))), Send(("sms",))), stop_when=(Event("opened"),)
)
KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


class _Clock:
    def __init__(self) -> None:
        self._began = time.monotonic_ns()

    def now(self) -> int:
        return (time.monotonic_ns() - self._began) // 1_000

    def sleep_until(self, at: int) -> None:
        time.sleep(min(max(0, at - self.now()), 5_000) / SECOND)  # another may have made work meanwhile


class _Provider:
    def __init__(self) -> None:
        self.sent: list[Outgoing] = []

    def send(self, batch: Sequence[Outgoing]) -> list[Result]:
        time.sleep(0.001)
        self.sent.extend(batch)
        return [Settled("accepted") for _ in batch]


def _model(limit: Throughput | None) -> Model:
    opens = (Rate("opens", Share(0.5), Share(0.5)),)
    channels = (Channel("push", rates=opens), Channel("sms", rates=opens, throughput=limit))
    return Model(Scenario(), channels, (Segment("s", Headcount(PEOPLE)),))


@pytest.mark.parametrize("limit", [None, Throughput(100, Duration(SECOND))], ids=["no limit", "a limit"])
@pytest.mark.parametrize("kind", KINDS)
def test_two_runners_share_a_campaign_and_a_third_hears_receipts(kind: str, limit: Throughput | None, tmp_path: Path):
    where, clock, model = tmp_path / "campaign.db" if kind == "sqlite" else server(), _Clock(), _model(limit)
    providers = [_Provider(), _Provider(), _Provider()]
    name = f"workers {limit}"

    def runner(provider: _Provider) -> tuple[SqlStore, Runner]:
        store = open_store(where, name=name, plan=PLAN)
        routes = model.routes(CHAIN)
        return store, Runner(
            Campaign(name, model, routes, Never()), store=store, sender=provider, clock=clock, batch=10
        )

    pairs = [runner(provider) for provider in providers]
    (_, hearing), *working = pairs
    hearing.enrol(Person("s", n, f"{n:03}", "s", n, 0, n, "UTC", frozenset({"push", "sms"})) for n in range(PEOPLE))
    openers = [f"{n:03}" for n in range(0, PEOPLE, 2)]
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(worker.run) for _, worker in working]
        while sum(len(p.sent) for p in providers) < PEOPLE and not any(run.done() for run in runs):
            time.sleep(0.001)
        for some in (openers[::2], openers[1::2]):
            hearing.receipts([Receipt(f"r{who}", f"{name}:s:{who}:1:push:0", "opened", 0) for who in some])
        for run in runs:
            run.result(60)
    sent = [message for provider in providers for message in provider.sent]
    expected = [f"{name}:s:{n:03}:1:push:0" for n in range(PEOPLE)]
    expected += [f"{name}:s:{n:03}:2:sms:0" for n in range(1, PEOPLE, 2)]
    assert sorted(message.key for message in sent) == sorted(expected)
    assert all(provider.sent for provider in providers[1:]), "both have worked"
    if limit is not None:
        times = [message.at for message in sent if message.channel == "sms"]
        most = max(sum(at <= other < at + SECOND // 2 for other in times) for at in times)
        assert most <= 50 + 10 + 1, "in half a second, with the tenth of one that is caught up"
    for opened, _ in pairs:
        opened.close()


@pytest.mark.parametrize("kind", KINDS)
def test_what_another_has_changed_meanwhile_is_what_is_read(kind: str, tmp_path: Path):
    """Who claims a row keeps it in mind, decoded; that must not hide what becomes of it."""
    where = tmp_path / "campaign.db" if kind == "sqlite" else server()
    one, other = (open_store(where, name="two", plan=PLAN) for _ in range(2))
    person = Person("s", 0, "ann", "s", 0, 5, 0, "UTC", frozenset())
    one.enrol([Recipient("s:ann", person, 0, begin(person), 5)])
    (row,) = one.claim(5, 9, 100)
    for instant in (60, 70):
        moved = row.moved(row.journey._replace(due=instant), 5).appointed("sms", instant + 1)
        other.commit(Changes(recipients={row.key: moved}))
        assert one.recipients([row.key]) == [moved]
    stopped = moved.moved(moved.journey._replace(stops=frozenset({1})), 5)
    with one.transaction():
        one.commit(Changes(recipients={row.key: stopped}, released={row.key: 100}))
        assert one.recipient(row.key) == stopped
    assert other.recipient(row.key) == stopped
    assert other.claim(80, 9, 200) == [stopped]
    one.close()
    other.close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("enter", ["enrolled", "by an entry"])
def test_who_is_stopped_while_they_enter_is_stopped(enter: str, kind: str, tmp_path: Path):
    """Whoever enters them has looked for stops already, and has not committed yet."""
    where, model, name = tmp_path / "campaign.db" if kind == "sqlite" else server(), _model(None), f"stopped {enter}"
    entering, stopping = (open_store(where, name=name, plan=PLAN) for _ in range(2))
    clock, routes = _Clock(), model.routes(CHAIN)
    campaign = Campaign(name, model, routes, Never())
    person = Person("s", 0, "ann", "s", 0, 0, 0, "UTC", frozenset({"push"}))
    enrol = entering.enrol
    with ThreadPoolExecutor(1) as other:
        stops = []

        def enrol_late(rows: Iterable[Recipient]) -> int:
            stop = Intake(campaign, stopping, clock)
            stops.append(other.submit(stop.take, [Stop("ann", "unsubscribed", 0)]))
            with suppress(TimeoutError):
                stops[0].result(0.2)
            return enrol(rows)

        entering.enrol = enrol_late
        if enter == "enrolled":
            sender = _Provider()
            runner = Runner(Campaign(name, model, routes, Never()), store=entering, sender=sender, clock=clock)
            runner.enrol([person])
        else:
            Intake(campaign, entering, clock).take([Entry(person, "c", "signed_up")])
        assert stops[0].result(30) == ["new"]
    assert stopping.recipient("s:ann").journey.phase is Phase.DONE
    entering.close()
    stopping.close()


@pytest.mark.parametrize("kind", KINDS)
def test_who_settles_and_who_stops_the_same_people_do_not_wait_for_each_other(kind: str, tmp_path: Path):
    """Ann's lease is given back with what became of Bob's message; another has locked her row, then asks for his."""
    where, name = tmp_path / "campaign.db" if kind == "sqlite" else server(), "crossing"
    working, other = (open_store(where, name=name, plan=PLAN) for _ in range(2))
    model, has_ann, sent = _model(None), threading.Event(), _Provider()

    def stop_both() -> None:
        with other.transaction():
            other.recipients(["s:ann"])
            has_ann.set()
            time.sleep(0.3)  # whoever settles meanwhile has locked what they lock first
            other.recipients(["s:bob"])

    with ThreadPoolExecutor(1) as pool:

        class Provider(_Provider):
            def send(self, batch: Sequence[Outgoing]) -> list[Result]:
                stopping.append(pool.submit(stop_both))
                has_ann.wait(30)
                return sent.send(batch)

        stopping: list[Future[None]] = []
        routes, clock = model.routes(CHAIN), _Clock()
        runner = Runner(Campaign(name, model, routes, Never()), store=working, sender=Provider(), clock=clock)
        reach = {"ann": frozenset[str](), "bob": frozenset({"push"})}
        runner.enrol(Person("s", n, who, "s", n, 0, n, "UTC", reach[who]) for n, who in enumerate(reach))
        assert runner.work() == 2
        stopping[0].result(30)
    assert [message.person.id for message in sent.sent] == ["bob"]
    working.close()
    other.close()
