"""The same row work by plain sqlite3, and nothing else: what a store and a runner could reach at most.

Per batch and step, as the runner does it: the recipients who are due are read and leased, their attempts written,
all in one transaction; after the sending recipients and attempts are read again, and both are moved on. The rows are
as wide, the tables the store's own. No journey is made, read or decided: their texts are the same for all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from cascadesim.cascade import begin
from cascadesim.live import Recipient
from cascadesim.live.sql import codec, open_store
from tests.benchmarks.rows.shipped import PLAN, STEPS, Ran, persons
from tests.benchmarks.speed.machine import once

_WAIT, _LEASE = 3_600_000_000, 300_000_000
_COLUMNS = "key, route, queued_at, due, since, journey, appointments, person"
_END_LEASES = "UPDATE recipient SET lease_until = 0 WHERE campaign = 1 AND lease_until > 0 AND lease_until <= ?"
_CLAIM = f"""SELECT {_COLUMNS} FROM recipient WHERE campaign = 1 AND lease_until = 0 AND due_at IS NOT NULL
    AND due_at <= ? ORDER BY due_at, place LIMIT ?"""
_NEXT = """SELECT (SELECT due_at FROM recipient WHERE campaign = 1 AND lease_until = 0 AND due_at IS NOT NULL
    ORDER BY due_at LIMIT 1), (SELECT lease_until FROM recipient WHERE campaign = 1 AND lease_until > 0
    ORDER BY lease_until LIMIT 1)"""
_MOVE = """UPDATE recipient SET state = ?, step = ?, due_at = ?, lease_until = ?, queued_at = ?, due = ?,
    since = ?, journey = ?, appointments = ? WHERE campaign = 1 AND key = ?"""
_WRITE = """INSERT INTO attempt VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    state = excluded.state, reference = excluded.reference"""
_ENROL = f"INSERT INTO recipient VALUES ({', '.join('?' * 15)}) ON CONFLICT DO NOTHING"
_QUEUED = '{"at":2,"phase":"queued","pending":["push"],"out":[],"told":[],"stops":[],"last":1,"over":false}'
_WAITING = '{"at":2,"phase":"waiting","pending":[],"out":[[1,"push"]],"told":[],"stops":[],"last":1,"over":false}'


def run(where: Path, people: int, batch: int) -> Ran:
    """As many steps as the runner does, in batches as large."""
    open_store(where, name="benchmark", plan=PLAN).close()
    with closing(sqlite3.connect(where, isolation_level=None)) as file:
        for pragma in ("journal_mode = WAL", "synchronous = FULL"):
            file.execute(f"PRAGMA {pragma}")
        enrolled = once(lambda: _enrol(file, people))
        sent = [0]
        ran = once(lambda: sent.append(sum(_step(file, step, batch) for step in range(STEPS))))
    return Ran(enrolled, ran, sent[-1])


def _enrol(file: sqlite3.Connection, people: int) -> None:
    rows = (codec.row_of(1, Recipient(f"s:{p.id}", p, 0, begin(p), 0)) for p in persons(people))
    file.execute("BEGIN IMMEDIATE")
    file.executemany(_ENROL, rows)
    file.execute("COMMIT")


def _step(file: sqlite3.Connection, step: int, batch: int) -> int:
    now, sent = step * _WAIT, 0
    while some := _written(file, step, now, batch):
        _settled(file, some, step, now)
        file.execute(_NEXT).fetchone()
        sent += len(some)
    return sent


def _written(file: sqlite3.Connection, step: int, now: int, batch: int) -> Sequence[Any]:
    file.execute("BEGIN IMMEDIATE")
    file.execute(_END_LEASES, (now,))
    some = file.execute(_CLAIM, (now, batch)).fetchall()
    appointed = f'[["push",{now}]]'
    file.executemany(
        _MOVE, [("queued", step + 1, now, now + _LEASE, now, None, now, _QUEUED, appointed, row[0]) for row in some]
    )
    file.executemany(
        _WRITE, [(_key(row, step), row[0], step + 1, "push", 0, now, now, "written", None) for row in some]
    )
    file.execute("COMMIT")
    return some


def _settled(file: sqlite3.Connection, some: Sequence[Any], step: int, now: int) -> None:
    marks = ",".join("?" * len(some))
    due = now + _WAIT if step + 1 < STEPS else None
    file.execute("BEGIN IMMEDIATE")
    keys = [_key(row, step) for row in some]
    attempts = file.execute(f"SELECT * FROM attempt WHERE campaign = 1 AND key IN ({marks})", keys).fetchall()
    owners = [attempt[2] for attempt in attempts]
    rows = file.execute(f"SELECT {_COLUMNS} FROM recipient WHERE campaign = 1 AND key IN ({marks})", owners)
    file.executemany(
        _MOVE, [("waiting", step + 1, due, 0, now, due, now, _WAITING, "[]", row[0]) for row in rows.fetchall()]
    )
    file.executemany(_WRITE, [(*attempt[1:8], "accepted", "r") for attempt in attempts])
    file.execute("COMMIT")


def _key(row: Sequence[Any], step: int) -> str:
    return f"benchmark:{row[0]}:{step + 1}:push:0"
