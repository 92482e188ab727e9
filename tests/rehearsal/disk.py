"""A rehearsal's rows in a SQLite file, instead of in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cascadesim.live.sql import SqlStore, open_store
from cascadesim.plan import Plan


@contextmanager
def on_disk(folder: Path, plan: Plan) -> Iterator[SqlStore]:
    """The store of the plan's rehearsal in the folder; what the power's failure would lose does not matter here."""
    store = open_store(folder / "rehearsal.db", name="rehearsal", plan=plan.sha256, durable=False)
    yield store
    store.close()
