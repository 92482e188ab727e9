"""A server that plays Telegram's Bot API, by npm's telegram-test-api, for as long as a test runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from tests.live.senders.gateway import listens
from tests.live.senders.rig import free_port

_MODULES = Path(os.environ.get("CASCADESIM_TELEGRAM", "/nowhere")) / "node_modules"
_NODE = shutil.which("node")
MISSING = _NODE is None or not (_MODULES / "telegram-test-api").exists()
"""Whether it is not here: installed into the folder that CASCADESIM_TELEGRAM names."""

_RUN = "new (require('telegram-test-api'))({{port: {port}, host: '127.0.0.1'}}).start()"


class Bots:
    """The server."""

    def __init__(self, url: str) -> None:
        self.url = url

    def got(self, token: str) -> list[dict[str, Any]]:
        """What the bot of that token has sent, as Telegram has it."""
        asked = Request(
            f"{self.url}/getUpdatesHistory", json.dumps({"token": token}).encode(), {"content-type": "application/json"}
        )
        with urlopen(asked, timeout=10) as answer:
            return [update["message"] for update in json.load(answer)["result"]]


@contextmanager
def telegram() -> Iterator[Bots]:
    """The server, once it listens."""
    port = free_port()
    assert _NODE is not None
    running = subprocess.Popen(
        [_NODE, "-e", _RUN.format(port=port)], env={"NODE_PATH": str(_MODULES), "PATH": os.environ["PATH"]}
    )
    try:
        listens(port)
        yield Bots(f"http://127.0.0.1:{port}")
    finally:
        running.terminate()
        running.wait()
