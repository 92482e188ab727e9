"""The rows of a campaign in a database: SQLite, one file, or PostgreSQL, for several machines.

Needs `pip install 'cascadesim[live]'`, and `[postgres]` for the latter; nothing else in `cascadesim` imports it.
"""

from cascadesim.live.sql.opening import open_store
from cascadesim.live.sql.store import SqlStore

__all__ = ["SqlStore", "open_store"]
