"""A real Kannel for as long as a test runs: bearerbox and smsbox, and the fake SMSC that comes with them."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from tests.live.senders.rig import free_port

_ROOT = Path(os.environ.get("CASCADESIM_KANNEL", "/"))
_BEARERBOX, _SMSBOX = _ROOT / "usr" / "sbin" / "bearerbox", _ROOT / "usr" / "sbin" / "smsbox"
_FAKESMSC = _ROOT / "usr" / "lib" / "kannel" / "test" / "fakesmsc"
_LIBRARIES = [str(folder) for at in ("usr/lib", "lib") for folder in _ROOT.glob(f"{at}/*-linux-gnu")]
MISSING = not all(program.exists() for program in (_BEARERBOX, _SMSBOX, _FAKESMSC))
"""Whether Kannel is not here: installed, or unpacked in the folder that CASCADESIM_KANNEL names."""

UNROUTABLE = "+37129"
"""Numbers that begin so have no SMSC that would take them: Kannel answers 403."""
LISTED = "+37128"
"""Numbers that begin so are on the account's black list: Kannel answers 400."""

_CONFIG = r"""
group = core
admin-port = {admin}
admin-password = admin
smsbox-port = {box}
box-allow-ip = "127.0.0.1"
store-type = spool
store-location = {folder}/spool
sms-resend-freq = 1

{smsc}
denied-prefix = "{unroutable}"

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
http-request-retry = 3
http-queue-delay = 1

group = sendsms-user
username = tester
password = foo&bar
max-messages = 9
concatenation = true
black-list-regex = ^\{listed}
"""
# A message that bearerbox has taken is on disk: it says 202 and keeps its word, whatever becomes of the process.

_FAKE = """group = smsc
smsc = fake
smsc-id = FAKE
port = {port}
connect-allow-ip = 127.0.0.1"""

SMPP = """group = smsc
smsc = smpp
smsc-id = SMPP
host = 127.0.0.1
port = {port}
transceiver-mode = true
smsc-username = kannel
smsc-password = kannel
system-type = test
reconnect-delay = 1
connection-timeout = 5"""
"""The gateway as a client of an SMSC at that port."""


class Gateway:
    """A gateway's set-up, which can be started, killed, and started again."""

    def __init__(self, folder: Path, smsc: str = _FAKE, sendsms: int | None = None) -> None:
        self.folder = folder
        self.smsc = free_port()
        """Where the gateway waits for its fake SMSC, or finds another one."""
        self._ports = {name: free_port() for name in ("admin", "box")} | {"sendsms": sendsms or free_port()}
        self.url = f"http://127.0.0.1:{self._ports['sendsms']}/cgi-bin/sendsms"
        self._config = folder / "kannel.conf"
        (folder / "spool").mkdir()
        more = {"smsc": smsc.format(port=self.smsc), "unroutable": UNROUTABLE, "listed": LISTED, "folder": folder}
        self._config.write_text(_CONFIG.format(**self._ports, **more))
        self._boxes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Returns once it takes messages."""
        for program, port in ((_BEARERBOX, "box"), (_SMSBOX, "sendsms")):
            self._boxes.append(_started(self.folder / f"{program.name}.log", str(program), str(self._config)))
            listens(self._ports[port])

    def kill(self) -> None:
        """Both at once, as a machine dies: nothing is handed from one to the other any more."""
        for box in self._boxes:
            box.kill()
        for box in self._boxes:
            box.wait()
        self._boxes.clear()

    def stop(self) -> None:
        """As the system stops it."""
        for box in reversed(self._boxes):
            _stopped(box)
        self._boxes.clear()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Started, and stopped at the end of the block."""
        try:
            self.start()
            yield
        finally:
            self.stop()

    @contextmanager
    def connected(self) -> Iterator[Path]:
        """The fake SMSC connected while the block runs; the file in which it notes what it is given."""
        log = self.folder / "smsc.log"
        never = ("-i", "3600", "1 2 text nop")  # it wants to say something itself; once an hour will do
        running = _started(log, str(_FAKESMSC), "-H", "127.0.0.1", "-r", str(self.smsc), *never)
        try:
            until(self.is_online)
            yield log
        finally:
            _stopped(running)

    def is_online(self) -> bool:
        """Whether the gateway has its SMSC. Until then what it answers to a message is another thing."""
        with urlopen(f"http://127.0.0.1:{self._ports['admin']}/status.txt?password=admin", timeout=5) as status:
            return b"(online " in status.read()

    def got(self) -> Counter[tuple[str, str]]:
        """How many messages the fake SMSC was given for each number and text."""
        log = self.folder / "smsc.log"
        said = log.read_text("utf-8", "replace") if log.exists() else ""
        return Counter(re.findall(r"<\S+ (\+\d+) text (.*)>", said))


@contextmanager
def gateway(folder: Path, sendsms: int | None = None) -> Iterator[Gateway]:
    """A gateway that runs, without its fake SMSC as yet."""
    found = Gateway(folder, sendsms=sendsms)
    with found.running():
        yield found


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


def _started(log: Path, *command: str) -> subprocess.Popen[bytes]:
    environment = os.environ if Path("/") == _ROOT else {**os.environ, "LD_LIBRARY_PATH": ":".join(_LIBRARIES)}
    with log.open("ab") as out:
        return subprocess.Popen(command, stdout=out, stderr=out, cwd=log.parent, env=environment)


def _stopped(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
