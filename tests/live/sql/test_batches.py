"""Many rows in one statement: they come back as they were given, and nobody else's rows are read for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cascadesim.cascade import begin
from cascadesim.live import Changes, Message, Recipient
from cascadesim.live.sql import SqlStore, open_store
from cascadesim.live.sql.batches import Batch
from cascadesim.model.person import Person
from tests.live.stores import PLAN, database

ODD = ['"', "\\", "\n", "{a,b}", "%s", "NULL", "null", "", "Ω≈ç😀", "'; --"]


def _recipient(n: int, name: str) -> Recipient:
    person = Person("s", n, name, "s", n, 0, n, "UTC", frozenset({"push"}), 1.25, {"city": name})
    return Recipient(f"s:{name}", person, 0, begin(person), 0)


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_any_text_and_nothing_at_all_come_back_as_they_were(kind: str, tmp_path: Path):
    store = open_store(tmp_path / "campaign.db" if kind == "sqlite" else database(), name="odd", plan=PLAN)
    rows = {row.key: row for row in (_recipient(n, name) for n, name in enumerate(ODD))}
    assert store.enrol(rows.values()) == len(ODD)
    assert store.enrol(rows.values()) == 0, "who is there stays as they are"
    moved = {key: row.appointed("push", 2**62).moved(row.journey._replace(due=None), 7) for key, row in rows.items()}
    sent = {name: Message(name, f"s:{name}", 1, "push", 0, 5, 6, "accepted", name or None) for name in ODD}
    store.commit(Changes(recipients=moved, messages=sent))
    assert {row.key: row for row in store.recipients(list(rows))} == moved
    assert {message.key: message for message in store.attempts(ODD)} == sent
    store.close()


@pytest.mark.postgres
def test_a_batch_is_looked_up_by_key_in_a_table_that_has_no_statistics_yet():
    """As it is when a campaign starts: if each batch reads all of a large campaign, its time grows as the square."""
    store = open_store(database(), name="new", plan=PLAN)
    store.enrol(_recipient(n, f"{n:05}") for n in range(20_000))
    with store.engine.connect() as connection:
        for batch in _moving(store):
            nobody = ('[{"mine": 1, "of": "s:00007", "had": 0, "lease": 0}]',)
            plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {batch.text}", nobody).scalars())
            assert "Scan on recipient" not in plan, plan
            assert "((campaign = given.mine) AND (key = given.of))" in plan
    store.close()


def _moving(store: SqlStore) -> list[Batch]:
    return [store._sql.move, store._sql.lease]
