"""Opening a store: what is made, what is migrated, what is refused and in which words."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from cascadesim.errors import OutsideError, RefusedError
from cascadesim.live.sql import SqlStore, engines, migrating, open_store, opening, schema
from tests.live.stores import PLAN, server

KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
NOW, LATER = schema.VERSIONS[-1], "9999"
NEXT = f"""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "{LATER}", "{NOW}"
def upgrade():
    op.add_column("campaign", sa.Column("note", sa.Text))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "campaign.db"


@pytest.fixture
def begin(path: Path) -> Callable[..., SqlStore]:
    """Opens the store; all are closed at the end."""
    return lambda plan=PLAN, **more: _closed(open_store(path, **{"name": "spring", "plan": plan, **more}))


def _closed(store: SqlStore) -> SqlStore:
    store.close()  # its connections only: they are opened again when there is something to ask
    return store


def test_a_new_file_notes_the_campaign_its_plan_and_who_began_it(begin, path):
    store = begin(who="ann")
    with store.engine.connect() as connection:
        row = connection.execute(select(schema.campaign)).one()
    assert (row.id, row.name, row.plan, row.who) == (store.campaign, "spring", PLAN, "ann")
    assert row.created[:2] == "20"
    assert row.created.endswith("+00:00")
    again = begin(who="bob")
    assert again.campaign == store.campaign
    assert path.is_file()


def test_a_commit_is_on_the_disk_and_writers_wait(begin):
    store = begin()
    with store.engine.connect() as connection:
        settings = [connection.exec_driver_sql(f"PRAGMA {p}").scalar() for p in ("journal_mode", "synchronous")]
        busy = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    assert (settings, busy) == (["wal", 2], engines.BUSY)
    with begin(durable=False).engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 0


def test_two_who_read_and_then_write_wait_for_each_other(begin, monkeypatch):
    """With a plain BEGIN the second would fail as locked at once: here it waits until its time-out."""
    monkeypatch.setattr(engines, "BUSY", 50)
    one, other = begin(), begin()
    with one.transaction():
        one.next_due()
        with pytest.raises(OutsideError, match=r"Another process has kept .* to itself for too long"):
            other.claim(0, 1, 1)
        assert other.next_due() is None, "reading goes on"


def test_a_store_belongs_to_its_plan(begin, path):
    begin(who="ann")
    with pytest.raises(RefusedError) as refused:
        begin("1" * 64)
    assert str(refused.value).startswith(
        f"the campaign spring in {path} is of another plan (sha256 000000000000.., begun 20"
    )
    assert str(refused.value).endswith(
        "or another store; or apply this one to those who have not started, by --replace"
    )
    assert begin("1" * 64, name="autumn").campaign != begin().campaign, "another campaign in the same store"


@pytest.mark.parametrize("kind", KINDS)
def test_the_migrations_make_what_the_schema_says(kind, begin):
    store = begin() if kind == "sqlite" else open_store(server(), name="schema", plan=PLAN)
    with store.engine.connect() as connection:
        options = {"version_table": schema.VERSION_TABLE, "compare_type": True, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), schema.metadata) == []
    store.close()


def test_the_versions_are_those_of_the_migrations():
    scripts = ScriptDirectory(str(migrating.MIGRATIONS))
    assert tuple(s.revision for s in scripts.walk_revisions())[::-1] == schema.VERSIONS


def test_an_older_file_is_copied_and_then_migrated(begin, path, tmp_path):
    store = begin()
    versions = tmp_path / "versions"
    versions.mkdir()
    (versions / "next.py").write_text(NEXT)
    both = (migrating.MIGRATIONS / "versions", versions)
    for _ in range(2):
        migrating.bring_up_to_date(store.engine, str(path), (*schema.VERSIONS, LATER), both)
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT name, note FROM campaign")).all() == [("spring", None)]
    with closing(sqlite3.connect(f"{path}.{NOW}.copy")) as copy:
        assert copy.execute("SELECT version_num FROM cascadesim_version").fetchall() == [(NOW,)]
        assert copy.execute("SELECT name FROM campaign").fetchall() == [("spring",)]
    assert [p.name for p in tmp_path.glob("*.part")] == []
    store.close()
    with pytest.raises(RefusedError) as refused:
        begin()
    assert str(refused.value) == (
        f"{path} was written by a newer cascadesim: its tables have version {LATER}, and this one knows them up to"
        f" {NOW}. Update cascadesim (pip install -U cascadesim), or begin a new store"
    )


def test_a_migration_that_fails_leaves_the_file_as_it_was(begin, path, tmp_path):
    store = begin()
    versions = tmp_path / "versions"
    versions.mkdir()
    (versions / "next.py").write_text(f"{NEXT}    op.drop_table('nothing')\n")
    both = (migrating.MIGRATIONS / "versions", versions)
    with pytest.raises(Exception, match="nothing"):
        migrating.bring_up_to_date(store.engine, str(path), (*schema.VERSIONS, LATER), both)
    store.close()
    assert "note" not in dict.fromkeys(_columns(path))
    assert begin().next_due() is None


def _columns(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as file:
        return [row[1] for row in file.execute("PRAGMA table_info(campaign)")]


def test_what_is_not_a_store_is_left_alone(begin, path):
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE campaign (id)")
    with pytest.raises(RefusedError, match=r"campaign.db is another program's database: it has a table campaign\."):
        begin()
    path.write_bytes(b"recipient,viber,sms\n" * 100)
    with pytest.raises(OutsideError, match="is not a store: it is a file of another kind"):
        begin()
    assert path.read_bytes() == b"recipient,viber,sms\n" * 100


def test_a_folder_that_is_missing(tmp_path):
    with pytest.raises(OutsideError, match="cannot be opened: is there such a folder"):
        open_store(tmp_path / "no" / "campaign.db", name="spring", plan=PLAN)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("mysql://me:secret@host/db", "a store is a SQLite file or a PostgreSQL database, not mysql"),
        ("sqlite://", "a store in memory is lost when the process ends: name a file"),
        ("://", "is not the address of a database"),
    ],
)
def test_other_databases_are_refused(where: str, said: str):
    with pytest.raises(RefusedError, match=said):
        open_store(where, name="spring", plan=PLAN)


def test_postgresql_without_its_driver(monkeypatch):
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    with pytest.raises(RefusedError, match=r"pip install 'cascadesim\[postgres\]'"):
        open_store("postgresql://host/db", name="spring", plan=PLAN)


def test_a_database_that_does_not_answer_and_no_password_in_the_message():
    with pytest.raises(OutsideError) as failed:
        open_store("postgresql://me:secret@127.0.0.1:1/db", name="spring", plan=PLAN)
    assert str(failed.value).startswith("The database postgresql://me:***@127.0.0.1:1/db does not answer (")
    assert "secret" not in str(failed.value)


def _nameless() -> str:
    raise KeyError("getpwuid(): uid not found: 1234")


@pytest.mark.parametrize(("user", "noted"), [(lambda: "eve", "eve"), (_nameless, "unknown")])
def test_who_began_it_is_this_user_unless_said(user, noted, begin, monkeypatch):
    monkeypatch.setattr(opening, "getpass", SimpleNamespace(getuser=user))
    with begin().engine.connect() as connection:
        assert connection.execute(select(schema.campaign.c.who)).scalar_one() == noted
