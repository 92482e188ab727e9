"""Bringing a database to the newest version of the schema; alembic is loaded only when there is something to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from cascadesim.errors import RefusedError
from cascadesim.live.sql.schema import VERSION_TABLE, VERSIONS, metadata

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x63617363  # the name of an advisory lock of PostgreSQL: whoever migrates holds it


def bring_up_to_date(
    engine: Engine, place: str, known: Sequence[str] = VERSIONS, versions: Sequence[Path] = (MIGRATIONS / "versions",)
) -> None:
    """Makes the tables, or migrates them; a SQLite file is copied first. RefusedError for a newer store."""
    with engine.connect() as connection:
        found = _version(connection)
        _check(connection, found, known, place)
    if found == known[-1]:
        return
    if found is not None and engine.dialect.name == "sqlite":
        copy(Path(engine.url.database or ""), found)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if _version(connection) == found:  # else another process has done it meanwhile
            _upgrade(connection, versions)


def copy(store: Path, version: str) -> Path:
    """Copies a SQLite file, with what others are writing to it, to one beside it that names its version."""
    target = store.with_name(f"{store.name}.{version}.copy")
    unfinished = target.with_name(f"{target.name}.part")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(store)) as source, closing(sqlite3.connect(unfinished)) as copied:
        source.backup(copied)
    unfinished.replace(target)
    return target


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    return None if found is None else str(found)


def _check(connection: Connection, found: str | None, known: Sequence[str], place: str) -> None:
    if found is not None and found not in known:
        raise RefusedError(
            f"{place} was written by a newer cascadesim: its tables have version {found}, and this one knows them up"
            f" to {known[-1]}. Update cascadesim (pip install -U cascadesim), or begin a new store"
        )
    if found is None and (others := set(metadata.tables) & set(inspect(connection).get_table_names())):
        raise RefusedError(f"{place} is another program's database: it has a table {min(others)}. Name another one")


def _upgrade(connection: Connection, versions: Sequence[Path]) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(map(str, versions)))
    command.upgrade(config, "head")
