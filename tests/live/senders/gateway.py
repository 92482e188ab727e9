"""A real Kannel for as long as a test runs: bearerbox and smsbox, and the fake SMSC that comes with them."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.live.senders.rig import free_port

_ROOT = Path(os.environ.get("CASCADESIM_KANNEL", "/"))
_BEARERBOX, _SMSBOX = _ROOT / "usr" / "sbin" / "bearerbox", _ROOT / "usr" / "sbin" / "smsbox"
_FAKESMSC = _ROOT / "usr" / "lib" / "kannel" / "test" / "fakesmsc"
_LIBRARIES = [str(folder) for at in ("usr/lib", "lib") for folder in _ROOT.glob(f"{at}/*-linux-gnu")]
MISSING = not all(program.exists() for program in (_BEARERBOX, _SMSBOX, _FAKESMSC))
"""Whether Kannel is not here: installed, or unpacked in the folder that CASCADESIM_KANNEL names."""

_CONFIG = """
group = core
admin-port = {admin}
admin-password = admin
smsbox-port = {box}
box-allow-ip = "127.0.0.1"

group = smsc
smsc = fake
smsc-id = FAKE
port = {smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}

group = sendsms-user
username = tester
password = foo&bar
max-messages = 9
concatenation = true
"""


@dataclass
class Gateway:
    """A gateway that runs, and the port at which it waits for its SMSC."""

    url: str
    folder: Path
    smsc: int

    @contextmanager
    def connected(self) -> Iterator[Path]:
        """The SMSC connected while the block runs; the file in which it notes what it is given."""
        log = self.folder / "smsc.log"
        never = ("-i", "3600", "1 2 text nop")  # it wants to say something itself; once an hour will do
        with _running(log, str(_FAKESMSC), "-H", "127.0.0.1", "-r", str(self.smsc), *never):
            yield log


@contextmanager
def gateway(folder: Path, sendsms: int | None = None) -> Iterator[Gateway]:
    """The gateway, without an SMSC as yet."""
    ports = {name: free_port() for name in ("admin", "box", "smsc", "sendsms")}
    ports["sendsms"] = sendsms or ports["sendsms"]
    config = folder / "kannel.conf"
    config.write_text(_CONFIG.format(**ports))
    with _running(folder / "bearerbox.log", str(_BEARERBOX), str(config)):
        listens(ports["box"])
        with _running(folder / "smsbox.log", str(_SMSBOX), str(config)):
            listens(ports["sendsms"])
            yield Gateway(f"http://127.0.0.1:{ports['sendsms']}/cgi-bin/sendsms", folder, ports["smsc"])


def until(done: Callable[[], object], seconds: float = 10) -> None:
    """Returns once it is done."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def listens(port: int) -> None:
    """Returns once somebody listens at the port."""

    def tried() -> bool:
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", port)) == 0

    until(tried)


@contextmanager
def _running(log: Path, *command: str) -> Iterator[None]:
    with log.open("ab") as out:
        environment = os.environ if Path("/") == _ROOT else {**os.environ, "LD_LIBRARY_PATH": ":".join(_LIBRARIES)}
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=log.parent, env=environment)
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
