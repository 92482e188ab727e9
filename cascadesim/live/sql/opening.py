"""Opening a store: its database, its tables, and the campaign in it."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, Engine, select
from sqlalchemy.dialects import postgresql, sqlite

from cascadesim.errors import RefusedError
from cascadesim.live.sql.engines import connect, url_of
from cascadesim.live.sql.migrating import bring_up_to_date
from cascadesim.live.sql.schema import campaign
from cascadesim.live.sql.store import SqlStore
from cascadesim.live.sql.trouble import explained


def open_store(where: str | Path, *, name: str, plan: str, who: str | None = None, durable: bool = True) -> SqlStore:
    """The rows of a campaign in a SQLite file, by its path, or in a PostgreSQL database, by its URL.

    They are made where they are not there yet, and then belong to the plan with this SHA-256: RefusedError for
    another one. `who` is noted as the one who began it (default: this user). Without `durable` a SQLite file is
    written when the system likes: for rehearsals. OutsideError where the database fails.
    """
    url = url_of(where)
    place, engine = _place(url), connect(url, durable)
    try:
        with explained(place):
            bring_up_to_date(engine, place)
            return SqlStore(engine, place, _campaign(engine, place, name, plan, who or _user()))
    except BaseException:
        engine.dispose()
        raise


def _place(url: URL) -> str:
    """How messages name the database: never with its password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # in a container a user may have no name
        return "unknown"


def _campaign(engine: Engine, place: str, name: str, plan: str, who: str) -> int:
    insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with engine.begin() as connection:
        new = {"name": name, "plan": plan, "created": now, "who": who}
        connection.execute(insert(campaign).values(new).on_conflict_do_nothing())
        row = connection.execute(select(campaign).where(campaign.c.name == name)).one()
    if row.plan != plan:
        raise RefusedError(
            f"the campaign {name} in {place} is of another plan (sha256 {row.plan[:12]}.., begun {row.created} by"
            f" {row.who}); this one is {plan[:12]}... Use that plan, or another store"
        )
    return int(row.id)
