"""How a store's tables came to be, version by version; alembic runs them."""
