"""Messages of which nobody knows what became are found without reading the others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Makes an index of the few that there are."""
    where = sa.text("state = 'unknown'")
    op.create_index("attempt_unknown", "attempt", ["campaign", "key"], sqlite_where=where, postgresql_where=where)
