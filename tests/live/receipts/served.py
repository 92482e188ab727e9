"""A server of receipts in a process of its own, which tests kill: ``python -m tests.live.receipts.served PORT FILE N``.

Of N people the first message is out. The ids of reports are kept in FILE, by SQLite with full sync, because they
are what must outlive the process; the rest is made anew as it starts.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Collection

from cascadesim.live import Changes, MemoryStore, Message
from cascadesim.live.receipts import FORMATS, Endpoint, application, server
from tests.live.receipts.desk_and_doors import PUSH_KEY, Doors, intake_of


class KeptReports(MemoryStore):
    """The store in memory, but for the ids of reports."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self._file = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._file.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS report (id TEXT PRIMARY KEY)"
        )

    def reported(self, reports: Collection[str]) -> set[str]:
        asked = ((one, self._file.execute("SELECT 1 FROM report WHERE id = ?", (one,)).fetchone()) for one in reports)
        return {one for one, found in asked if found is not None}

    def commit(self, changes: Changes) -> None:
        super().commit(changes)
        self._file.execute("BEGIN IMMEDIATE")
        self._file.executemany("INSERT INTO report VALUES (?)", [(report.id,) for report in changes.reports])
        self._file.execute("COMMIT")


def main(port: int, file: str, people: int) -> None:
    doors = Doors(KeptReports(file))
    doors.stage.enter(*(str(n) for n in range(people)))
    out = [Message(f"spring:s:{n}:1:push:0", f"s:{n}", 1, "push", 0, 0, 0, "accepted") for n in range(people)]
    MemoryStore.commit(doors.store, Changes(messages={message.key: message for message in out}))
    endpoint = Endpoint("push", FORMATS["signed-json"], (PUSH_KEY,))
    server(application(intake_of(doors.store, doors.clock), doors.clock, [endpoint]), port=port).run()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
