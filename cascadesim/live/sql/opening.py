"""Opening a store: its database, its tables, and the campaign in it."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, Engine, select
from sqlalchemy.dialects import postgresql, sqlite

from cascadesim.errors import RefusedError
from cascadesim.live.sql.engines import connect, url_of
from cascadesim.live.sql.migrating import bring_up_to_date
from cascadesim.live.sql.schema import campaign, edition
from cascadesim.live.sql.store import SqlStore
from cascadesim.live.sql.trouble import explained


def open_store(
    where: str | Path, *, name: str, plan: str, document: str = "", who: str | None = None, durable: bool = True
) -> SqlStore:
    """The rows of a campaign in a SQLite file, by its path, or in a PostgreSQL database, by its URL.

    They are made where they are not there yet, and then belong to the plan with this SHA-256, whose document is
    kept there: RefusedError for another one. `who` is noted as the one who began it (default: this user). Without
    `durable` a SQLite file is written when the system likes: for rehearsals. OutsideError where the database fails.
    """
    with _opened(where, durable) as (engine, place):
        return SqlStore(engine, place, _campaign(engine, place, name, plan, document, who or user()))


def find_store(where: str | Path, name: str | None = None) -> SqlStore:
    """The rows of a campaign that is there. RefusedError where it is not, or where there are several and no name."""
    url = url_of(where)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        raise RefusedError(f"there is no store {url.database}: name the one that `send` began, by --store")
    with _opened(where, durable=True) as (engine, place):
        with engine.begin() as connection:
            there = {row.name: int(row.id) for row in connection.execute(select(campaign))}
        if not there:
            raise RefusedError(f"there is no campaign in {place} yet")
        if name is None and len(there) > 1:
            raise RefusedError(f"{place} holds several campaigns: say which by --campaign ({', '.join(sorted(there))})")
        if name is not None and name not in there:
            raise RefusedError(f"there is no campaign {name} in {place}; there is {', '.join(sorted(there))}")
        return SqlStore(engine, place, there[name] if name is not None else next(iter(there.values())))


@contextmanager
def _opened(where: str | Path, durable: bool) -> Iterator[tuple[Engine, str]]:
    url = url_of(where)
    place, engine = place_of(url), connect(url, durable)
    try:
        with explained(place):
            bring_up_to_date(engine, place)
            yield engine, place
    except BaseException:
        engine.dispose()
        raise


def place_of(url: URL) -> str:
    """How messages name the database: never with its password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)


def user() -> str:
    """Who gives orders here, for the log."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # in a container a user may have no name
        return "unknown"


def _campaign(engine: Engine, place: str, name: str, plan: str, document: str, who: str) -> int:
    insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with engine.begin() as connection:
        new = {"name": name, "plan": plan, "created": now, "who": who}
        connection.execute(insert(campaign).values(new).on_conflict_do_nothing())
        row = connection.execute(select(campaign).where(campaign.c.name == name)).one()
        first = {"campaign": row.id, "number": 0, "plan": plan, "document": document, "since": now, "who": who}
        connection.execute(insert(edition).values(first).on_conflict_do_nothing())
    if row.plan != plan:
        raise RefusedError(
            f"the campaign {name} in {place} is of another plan (sha256 {row.plan[:12]}.., begun {row.created} by"
            f" {row.who}); this one is {plan[:12]}... Use that plan, or another store; or apply this one to those"
            " who have not started, by --replace"
        )
    return int(row.id)
