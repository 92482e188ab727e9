"""Connections to SQLite and PostgreSQL, set up so that a commit is on the disk and writers wait for each other."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from cascadesim.errors import RefusedError

BUSY = 30_000
"""For how many milliseconds one waits for another writer to the same SQLite file."""

READING = "cascadesim_reading"
"""The execution option of a connection that only reads."""


def url_of(where: str | Path) -> URL:
    """The database behind a file's path or a URL; RefusedError for what is neither SQLite nor PostgreSQL."""
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite", database=str(where))
    try:
        url = make_url(where)
    except ArgumentError:
        raise RefusedError(f"{where.partition('://')[0]}://.. is not the address of a database") from None
    kind = url.get_backend_name()
    if kind == "sqlite" and url.database in (None, "", ":memory:"):
        raise RefusedError("a store in memory is lost when the process ends: name a file")
    if kind == "sqlite":
        return url.set(drivername="sqlite")
    if kind in ("postgresql", "postgres"):
        if find_spec("psycopg") is None:
            raise RefusedError("PostgreSQL needs a driver: pip install 'cascadesim[postgres]'")
        return url.set(drivername="postgresql+psycopg")
    raise RefusedError(f"a store is a SQLite file or a PostgreSQL database, not {kind}")


def connect(url: URL, durable: bool) -> Engine:
    """The engine. Not `durable`: SQLite leaves writing to the system, which may lose it with the power."""
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)  # a server that was away is found again
    engine = create_engine(url, connect_args={"timeout": BUSY / 1000})
    synchronous = "FULL" if durable else "OFF"

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        # Python's own transactions begin late and share locks; below, they begin where SQLAlchemy says.
        connection.isolation_level = None
        for pragma in ("journal_mode = WAL", f"synchronous = {synchronous}", "temp_store = MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # With a plain BEGIN, two who read and then write fail as locked instead of waiting for each other.
        reading = connection.get_execution_options().get(READING)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine
