"""An editor as small as can be: speaks the Language Server Protocol with the real server, as a process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

ROOT = Path(__file__).parents[2]
_PATIENCE = 90.0
"""Seconds after which a server is ended that has not answered, so that no test waits for ever."""


class Editor:
    """The client's end: one request at a time; notifications that come in between are kept."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.notified: list[dict[str, Any]] = []
        self._number = 0

    def ask(self, method: str, **params: Any) -> Any:
        """The answer to a request."""
        self._number += 1
        self._write({"id": self._number, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == self._number and "method" not in message:
                assert "error" not in message, message
                return message["result"]
            self.notified.append(message)

    def tell(self, method: str, **params: Any) -> None:
        """A notification."""
        self._write({"method": method, "params": params})

    def diagnostics(self, uri: str, version: int | None) -> list[dict[str, Any]]:
        """What the server says of this version of a text (None: of a text that is closed); waits for it."""
        while True:
            for message in self.notified:
                said = message.get("params", {})
                if "diagnostics" in said and (said["uri"], said.get("version")) == (uri, version):
                    return list(said["diagnostics"])
            self.notified.append(self._read())

    def _write(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        length = 0
        while (header := self.process.stdout.readline()) not in (b"\r\n", b""):
            name, _, value = header.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        body = self.process.stdout.read(length)
        assert body, "the server has gone"
        return dict(json.loads(body))


@contextmanager
def editing(folder: Path) -> Iterator[Editor]:
    """A running server, which ends as the protocol says."""
    command = [sys.executable, "-m", "cascadesim.cli", "lsp"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        editor = Editor(process)
        patience = Timer(_PATIENCE, process.kill)
        patience.start()
        try:
            editor.ask("initialize", processId=None, rootUri=folder.as_uri(), capabilities={})
            editor.tell("initialized")
            yield editor
            editor.ask("shutdown")
            editor.tell("exit")
            assert process.wait(timeout=20) == 0
        finally:
            patience.cancel()
            process.kill()
