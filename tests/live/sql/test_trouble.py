"""When the database fails: the words a user reads, and the campaign that goes on afterwards with nothing lost."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from sqlalchemy import text

from cascadesim.cascade import Phase
from cascadesim.errors import OutsideError
from cascadesim.live import Changes, Happening, Store
from cascadesim.live.runner import LEASE
from cascadesim.live.sql import SqlStore, open_store
from cascadesim.model.chain import Chain, Event, Send, Wait
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model, Scenario
from cascadesim.model.segment import Headcount, Segment
from cascadesim.units import HOUR, Duration
from tests.live.conftest import Stage
from tests.live.stores import PLAN, opened, server

CHAIN = Chain("c", (Send(("push",), wait=Wait(Duration(HOUR))), Send(("sms",))), stop_when=(Event(outside="bought"),))
MODEL = Model(Scenario(), (Channel("push"), Channel("sms")), (Segment("s", Headcount(1)),))
IDS = [f"p{n:03}" for n in range(300)]


def _limit(store: SqlStore, pages: int | None) -> None:
    """Lets the file grow by so many pages and no more: that is what a full disk is to SQLite."""
    with store.engine.connect() as connection:
        now = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {10**9 if pages is None else now + pages}")


def _run(stage: Stage) -> None:
    """As a user would: the same command again, which finds whatever is due."""
    stage.runner = stage.another()
    stage.runner.run()


def test_a_full_disk_says_so_and_the_campaign_goes_on_when_there_is_room(tmp_path: Path):
    with opened("sqlite", tmp_path) as store:
        stage = Stage(store, MODEL, CHAIN)
        stage.enter(*IDS)
        _limit(store, 3)
        with pytest.raises(OutsideError) as failed:
            stage.runner.run()
        assert str(failed.value) == (
            f"There is no room left on the disk of {tmp_path / 'campaign.db'}. Make room. Nothing that was recorded"
            " is lost: run the same command again and the campaign goes on where it was."
        )
        before = len(stage.sender.sent)
        assert 0 < before < 2 * len(IDS), "it failed somewhere in the middle"
        with pytest.raises(OutsideError, match="no room left"):
            _run(stage)
        _limit(store, None)
        stage.clock.at += LEASE
        _run(stage)
        _nobody_is_lost(stage)


def test_enrolling_on_a_full_disk_enters_all_or_nobody_and_can_be_done_again(tmp_path: Path):
    with opened("sqlite", tmp_path) as store:
        stage = Stage(store, MODEL, CHAIN)
        _limit(store, 3)
        with pytest.raises(OutsideError, match="no room left"):
            stage.enter(*IDS)
        assert store.next_due() is None
        _limit(store, None)
        stage.enter(*IDS)
        _run(stage)
        _nobody_is_lost(stage)


def _nobody_is_lost(stage: Stage) -> None:
    sent = {(m.person.id, m.step): set() for batch in stage.sender.batches for m in batch}
    for batch in stage.sender.batches:
        for message in batch:
            sent[message.person.id, message.step].add(message.key)
    assert sorted(sent) == [(name, step) for name in IDS for step in (1, 2)]
    assert all(len(keys) == 1 for keys in sent.values()), "twice only under the same key"
    assert {m.state for m in stage.store.messages()} == {"accepted"}
    rows = stage.store.recipients([f"s:{name}" for name in IDS])
    assert {row.journey.phase for row in rows} == {Phase.DONE}


@pytest.mark.postgres
@pytest.mark.parametrize("nth", [1, 2, 7])
def test_a_database_that_goes_and_comes_back(nth: int, tmp_path: Path, monkeypatch):
    """PostgreSQL ends the connections before the nth commit; the same process finds it again."""
    with opened("postgres", tmp_path) as store:
        stage = Stage(store, MODEL, CHAIN)
        stage.enter(*IDS)
        commit, commits = store.commit, itertools.count(1)

        def cut_off(changes: Changes) -> None:
            if next(commits) == nth:
                _end_all_connections()
            commit(changes)

        monkeypatch.setattr(store, "commit", cut_off)
        with pytest.raises(OutsideError, match=r"^The database postgresql://.* does not answer \("):
            stage.runner.run()
        stage.clock.at += LEASE
        _run(stage)
        _nobody_is_lost(stage)


def _end_all_connections() -> None:
    other = open_store(server(), name="another", plan=PLAN)
    with other.engine.connect() as connection:
        mine = "pid != pg_backend_pid() AND datname = current_database()"
        connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}"))
    other.close()


def test_an_error_of_another_kind_rolls_back_and_is_left_as_it_is(store: Store):
    def fails() -> None:
        with store.transaction():
            store.commit(Changes(reports=[Happening("e1", "s:ann", "bought", 0)]))
            raise KeyError("a fault of the program")

    if isinstance(store, SqlStore):
        with pytest.raises(KeyError, match="a fault"):
            fails()
        assert store.reports == 0


def test_a_store_that_may_not_be_written_to(tmp_path: Path):
    with opened("sqlite", tmp_path) as store:
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = 1")  # what SQLite says is the same as of a file's rights
        with pytest.raises(OutsideError) as failed:
            store.commit(Changes(reports=[Happening("e1", "s:ann", "bought", 0)]))
    assert str(failed.value) == (
        f"{tmp_path / 'campaign.db'} cannot be written to: it, or the folder that it is in, is read-only."
    )


def test_a_damaged_store(tmp_path: Path):
    path = tmp_path / "campaign.db"
    with opened("sqlite", tmp_path) as store:
        Stage(store, MODEL, CHAIN).enter(*IDS)
    whole = path.read_bytes()
    path.write_bytes(whole[: 4096 * 3] + b"\xff" * (len(whole) - 4096 * 3))
    with pytest.raises(OutsideError, match=r"campaign\.db is damaged\. Go back to a copy of it\."):
        open_store(path, name="autumn", plan=PLAN)
