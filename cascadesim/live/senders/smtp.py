"""Mail through an SMTP server, over one connection that is kept.

SMTP has a moment of no return: the end of DATA. Before it nothing was accepted, whatever breaks; after it the
server may have the mail though its answer never came, and it knows no keys. So each command goes out by itself,
and what went wrong is told by where it went wrong. (A server may also accept, and send a bounce later.)
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from email.headerregistry import Address
from typing import Literal

import aiosmtplib
from aiosmtplib import SMTPResponseException, SMTPServerDisconnected

from cascadesim.errors import OutsideError
from cascadesim.live.message_ids import message_id
from cascadesim.live.senders.driver import Accepted, Answer, Busy, Doubtful, Down, Letter, Refused
from cascadesim.live.senders.mail import mail_of
from cascadesim.live.senders.secret import Secret

Security = Literal["starttls", "tls", "none"]

_CLOSING = 421  # the server is about to go
_OURS = frozenset({502, 503, 530, 534, 535, 538})  # the account, or how we speak: not the recipient's fault
_BROKEN = (aiosmtplib.SMTPException, OSError, asyncio.TimeoutError)


class Smtp:
    """Sends mails one after the other; `wall` is the clock of their Date."""

    def __init__(
        self,
        host: str,
        port: int,
        sender: Address,
        *,
        security: Security = "starttls",
        username: str | None = None,
        password: Secret | None = None,
        bounces: str | None = None,
        reply: str | None = None,
        subject: str | None = None,
        timeout: float = 30,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._place = f"{host}:{port}"
        self._host = host
        self._port = port
        self._timeout = timeout
        self._security = security
        self._sender = sender
        self._username = username
        self._password = password
        self._bounces = bounces or sender.addr_spec
        self._reply = reply
        self._subject = subject
        self._wall = wall
        self._server: aiosmtplib.SMTP | None = None
        self._turn: asyncio.Lock | None = None

    async def deliver(self, letter: Letter) -> Answer:
        """See `Driver`. One at a time: a connection carries one mail at once."""
        try:
            mail = mail_of(letter, self._sender, self._wall(), self._subject, self._reply)
        except ValueError:
            return Refused("the address is no mail address")
        self._turn = self._turn or asyncio.Lock()
        async with self._turn:
            return await self._deliver(letter, mail)

    async def probe(self) -> str:
        """See `Driver`. Connects, greets, logs in, and says NOOP."""
        try:
            server = await self._connected()
            await server.noop()
        except _BROKEN as error:
            raise OutsideError(f"{_unconnected(self._place, error).why}: {_remedy(error, self._security)}") from error
        finally:
            await self.close()
        return "the server greets us" + (" and knows the account" if self._username is not None else "")

    async def close(self) -> None:
        """See `Driver`."""
        server, self._server = self._server, None
        if server is not None and server.is_connected:
            with contextlib.suppress(*_BROKEN):
                await server.quit()
            server.close()

    async def _deliver(self, letter: Letter, mail: bytes) -> Answer:
        was_connected = self._server is not None and self._server.is_connected
        try:
            async with asyncio.timeout(self._timeout):
                server = await self._addressed(letter, again=was_connected)
        except _Unconnected as error:
            return error.down
        except SMTPResponseException as error:
            return await self._not_taken(error, of_recipient=isinstance(error, _RecipientError))
        except _BROKEN:
            await self._drop()
            return Down(f"{self._place} broke off before it took the mail")
        try:
            await server.data(mail)
        except SMTPResponseException as error:
            return await self._not_taken(error, of_recipient=True)
        except _BROKEN:
            await self._drop()
            return Doubtful(f"{self._place} was given the mail and did not answer")
        return Accepted(message_id(letter.key, self._sender.domain))

    async def _addressed(self, letter: Letter, again: bool) -> aiosmtplib.SMTP:
        """A connection on which the mail's sender and recipient have been taken.

        A server may have closed one that was idle; that shows only now, so there is one try more, on a new one.
        """
        try:
            server = await self._connected()
        except _BROKEN as error:
            await self._drop()
            raise _Unconnected(_unconnected(self._place, error)) from error
        try:
            await server.mail(self._bounces)
            try:
                await server.rcpt(letter.to)
            except SMTPResponseException as error:
                raise _RecipientError(error.code, error.message) from error
        except SMTPServerDisconnected:
            if not again:
                raise
            await self._drop()
            return await self._addressed(letter, again=False)
        return server

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._server is None or not self._server.is_connected:
            server = aiosmtplib.SMTP(
                hostname=self._host,
                port=self._port,
                timeout=self._timeout,
                use_tls=self._security == "tls",
                start_tls=self._security == "starttls",
                username=self._username,
                password=None if self._password is None else self._password.reveal(),
            )
            await server.connect()
            self._server = server
        return self._server

    async def _not_taken(self, error: SMTPResponseException, of_recipient: bool) -> Answer:
        """What a reply other than success means. The server's words may hold the address: its code is told alone."""
        why = f"{self._place} says {error.code}"
        if error.code == _CLOSING:
            await self._drop()
            return Busy(f"{why}: it is closing")
        await self._reset()
        if error.code in _OURS or (error.code >= 500 and not of_recipient):
            return Down(f"{why}: it does not take mail from this account or sender", for_long=True)
        if error.code >= 500:
            return Refused(why)
        return Busy(why, alone=of_recipient)

    async def _reset(self) -> None:
        """The connection as good as new, or none."""
        try:
            if self._server is not None:
                await self._server.rset()
        except _BROKEN:
            await self._drop()

    async def _drop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()


class _RecipientError(SMTPResponseException):
    """The server said something of the recipient."""


class _Unconnected(Exception):  # noqa: N818  # it carries an answer and never leaves this file
    def __init__(self, down: Down) -> None:
        self.down = down
        super().__init__(down.why)


def _unconnected(place: str, error: BaseException) -> Down:
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return Down(f"{place} says {error.code} to the username and password", for_long=True)
    if isinstance(error, SMTPResponseException):
        return Down(f"{place} says {error.code} to our greeting")
    if isinstance(error, aiosmtplib.SMTPNotSupported):
        return Down(f"{place} does not offer what is asked of it ({error.message})", for_long=True)
    return Down(f"cannot connect to {place} ({_reason(error.__cause__ or error)})")


def _reason(error: BaseException) -> str:
    reasons: dict[type[BaseException], str] = {
        ssl.SSLCertVerificationError: "its certificate is not trusted",
        ssl.SSLError: "it does not speak TLS as we do",
        socket.gaierror: "no such host",
        ConnectionRefusedError: "refused",
        TimeoutError: "in time",
    }
    return next((words for kind, words in reasons.items() if isinstance(error, kind)), "the connection broke")


def _remedy(error: BaseException, security: Security) -> str:
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return "look at `username` and `password`"
    if isinstance(error, aiosmtplib.SMTPException) and "tls" in str(error).lower():
        return f"`security` is {security!r}: the server may want another, or its certificate is not trusted"
    return "does it run, and are `host`, `port` and `security` right?"
