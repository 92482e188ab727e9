"""Statements for many rows at once, as each driver takes them quickest.

SQLite executes a statement for each row: there is nobody to wait for. To PostgreSQL every statement is a message and
an answer, so one takes all rows. What a statement says is written once: of columns that are `given`, whichever way they
come.

Both hand their values straight to the driver, for SQLAlchemy would look at each on its way.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ClauseElement,
    ColumnElement,
    Connection,
    Table,
    bindparam,
    cast,
    column,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.dialects.sqlite import pysqlite

_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_PSYCOPG: Any = psycopg.dialect
_DIALECTS = {"sqlite": pysqlite.dialect(paramstyle="qmark"), "postgresql": _PSYCOPG(paramstyle="format")}

Types = Mapping[str, Any]
"""The columns that a statement is given, in the order in which it is given their values, with their types."""

Given = Mapping[str, ColumnElement[Any]]
"""The same columns, for a statement to speak of."""


class Batch(NamedTuple):
    """A statement for many rows, compiled, and what it is given; `is_whole`: it takes all of them in one go."""

    text: str
    names: tuple[str, ...]
    is_whole: bool

    def execute(self, connection: Connection, rows: Iterable[tuple[Any, ...]]) -> int:
        """Executes it for these rows, if there are any; how many rows of the table it has changed."""
        given: Any = list(rows)
        if not given:
            return 0
        if self.is_whole:
            given = (_text([dict(zip(self.names, row, strict=True)) for row in given]),)
        return int(connection.exec_driver_sql(self.text, given, {"preserve_rowcount": True}).rowcount)


class Batches:
    """Makes them for one kind of database, by the name that SQLAlchemy has for it."""

    def __init__(self, kind: str) -> None:
        self._dialect = _DIALECTS[kind]
        self._is_whole = kind == "postgresql"
        self._insert: Any = postgresql.insert if self._is_whole else sqlite.insert

    def changing(self, types: Types, statement: Callable[[Given], ClauseElement]) -> Batch:
        """An update or a delete, made of the columns that it is given."""
        return self._batch(statement(self._columns(types) if self._is_whole else _values(types)), types)

    def inserting(self, table: Table) -> Batch:
        """Inserts rows; those that are there stay as they are."""
        return self._batch(self._into(table).on_conflict_do_nothing(), _types(table))

    def replacing(self, table: Table, *columns: str) -> Batch:
        """Inserts rows, or gives these columns of those that are there their new values; no key comes twice."""
        return self._merging(table, columns, lambda _, new: new)

    def adding(self, table: Table, *columns: str) -> Batch:
        """Inserts rows, or adds to these columns of those that are there; no key comes twice."""
        return self._merging(table, columns, lambda had, new: had + new)

    def _merging(self, table: Table, columns: Iterable[str], merge: Callable[[Any, Any], Any]) -> Batch:
        into = self._into(table)
        merged = {name: merge(table.c[name], into.excluded[name]) for name in columns}
        return self._batch(
            into.on_conflict_do_update(index_elements=list(table.primary_key), set_=merged), _types(table)
        )

    def _into(self, table: Table) -> Any:
        insert = self._insert(table)
        if not self._is_whole:
            return insert
        return insert.from_select(table.c.keys(), select(*self._columns(_types(table)).values()))

    def _columns(self, types: Types) -> Given:
        """Those of the rows that come as one JSON text: an array a column would be escaped letter by letter."""
        rows = func.json_to_recordset(cast(bindparam("rows"), postgresql.JSON))
        given = rows.table_valued(*(column(name, type_) for name, type_ in types.items()))
        return dict(given.render_derived("given", with_types=True).c)

    def _batch(self, statement: ClauseElement, types: Types) -> Batch:
        compiled: Any = statement.compile(dialect=self._dialect)
        asked = ("rows",) if self._is_whole else tuple(types)
        assert tuple(compiled.positiontup) == asked, compiled.positiontup
        return Batch(str(compiled), tuple(types), self._is_whole)


def _types(table: Table) -> Types:
    return {c.name: c.type for c in table.c}


def _values(types: Types) -> dict[str, BindParameter[Any]]:
    return {name: bindparam(name, type_=type_) for name, type_ in types.items()}
