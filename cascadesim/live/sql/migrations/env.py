"""What alembic runs first: the migrations go over the connection that it was given (see `migrating`)."""

from __future__ import annotations

from alembic import context

from cascadesim.live.sql.schema import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
context.run_migrations()
