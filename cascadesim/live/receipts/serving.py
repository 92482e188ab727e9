"""Serving the application by uvicorn, with the settings that it needs."""

from __future__ import annotations

import uvicorn
from starlette.applications import Starlette


def server(app: Starlette, host: str = "127.0.0.1", port: int = 8080) -> uvicorn.Server:
    """A server that is run by `.run()`. TLS is the work of the proxy before it, so it listens at home only."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            access_log=False,  # it would have the queries, with keys and signatures in them
            log_config=None,
            server_header=False,
            limit_concurrency=2_000,
            timeout_graceful_shutdown=10,
        )
    )
