"""Messages by any of the services that apprise knows (github.com/caronc/apprise), for the last mile without receipts.

The service is a URL of apprise's, in which `{address}` stands where a person's address goes. Tokens and passwords are
in that URL, so all of it is a secret. Apprise says whether a message went out, and not why it did not: nobody listened,
the password is wrong, or the answer was lost. So whatever fails is in doubt, and the breaker leaves a service alone
that keeps failing. It knows no keys and no receipts, and nothing can be tried out without sending.
"""

from __future__ import annotations

import asyncio
import logging
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from urllib.parse import quote

import apprise

from cascadesim.errors import OutsideError
from cascadesim.live.senders.driver import Accepted, Answer, Doubtful, Letter, Refused
from cascadesim.live.senders.secret import Secret

ADDRESS: Final = "{address}"
"""Where the address goes."""

# Both log URLs, in which there are addresses and tokens, and apprise the texts as well.
logging.getLogger("apprise").addFilter(lambda record: False)
logging.getLogger("urllib3").setLevel(logging.ERROR)

with warnings.catch_warnings():  # it loads all its plugins at its first use, and some of them are old
    warnings.simplefilter("ignore", DeprecationWarning)
    apprise.Apprise().add("json://localhost")


class Apprise:
    """Hands letters to apprise, in threads of its own. OutsideError if it does not know the URL's service."""

    def __init__(self, url: Secret, *, timeout: float = 30, at_once: int = 4) -> None:
        self._url = url
        self._timeout = timeout
        self._threads = ThreadPoolExecutor(at_once, "apprise")
        if self._service("12345678901") is None:
            raise OutsideError(f"apprise does not understand `url` {url}: its pages say how a service's URL is written")

    async def deliver(self, letter: Letter) -> Answer:
        """See `Driver`."""
        service = self._service(letter.to)
        if service is None:
            return Refused("apprise takes no such address")
        try:
            async with asyncio.timeout(self._timeout):
                is_out = await asyncio.get_running_loop().run_in_executor(self._threads, _notify, service, letter)
        except TimeoutError:
            return Doubtful("apprise has not come back in time")
        return Accepted() if is_out else Doubtful("apprise says that it did not go out, and not why")

    async def probe(self) -> str:
        """See `Driver`. There is nothing to connect to without sending."""
        return "apprise understands the URL; it cannot be tried without sending"

    async def close(self) -> None:
        """See `Driver`."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _service(self, address: str) -> apprise.Apprise | None:
        """The service for one person; the address is quoted, so it can say nothing else."""
        asset = apprise.AppriseAsset(storage_mode=apprise.PersistentStoreMode.MEMORY)  # it writes no files
        service = apprise.Apprise(asset=asset)
        return service if service.add(self._url.reveal().replace(ADDRESS, quote(address, safe=""))) else None


def _notify(service: apprise.Apprise, letter: Letter) -> bool:
    is_html = apprise.NotifyFormat.HTML if letter.is_html else apprise.NotifyFormat.TEXT
    try:
        return bool(service.notify(body=letter.text, title=letter.subject or "", body_format=is_html))
    except Exception:  # its plugins are many, and what they raise is not told
        return False
