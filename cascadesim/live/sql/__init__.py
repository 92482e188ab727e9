"""The rows of a campaign in a database: SQLite, one file, or PostgreSQL, for several machines.

Needs `pip install 'cascadesim[live]'`, and `[postgres]` for the latter; nothing else in `cascadesim` imports it.
"""

from cascadesim.live.sql.office import About, Office
from cascadesim.live.sql.opening import find_store, open_store
from cascadesim.live.sql.store import SqlStore

__all__ = ["About", "Office", "SqlStore", "find_store", "open_store"]
