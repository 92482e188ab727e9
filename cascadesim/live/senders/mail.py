"""A letter as a mail: its headers, its text, and the Message-ID that says which message it is."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html.parser import HTMLParser

from cascadesim.live.message_ids import message_id
from cascadesim.live.senders.driver import Letter

_BLOCKS = frozenset({"p", "br", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol"})
_UNREAD = frozenset({"style", "script", "head", "title"})


def mail_of(
    letter: Letter, sender: Address, now: datetime, subject: str | None = None, reply: str | None = None
) -> bytes:
    """The mail as it goes over the wire, in seven bits; `subject` is for letters that have none.

    An HTML text goes with a plain one made from it, for readers and filters that look at that.
    """
    mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    mail["From"] = sender
    mail["To"] = Address(addr_spec=letter.to)
    mail["Subject"] = " ".join((letter.subject or subject or "").split())  # a line break would begin a header
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id(letter.key, sender.domain)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    if reply is not None:
        mail["Reply-To"] = Address(addr_spec=reply)
    if letter.is_html:
        mail.set_content(plain_of(letter.text))
        mail.add_alternative(letter.text, subtype="html")
    else:
        mail.set_content(letter.text)
    return mail.as_bytes()


def plain_of(html: str) -> str:
    """What an HTML text says, a line for each block, with the targets of its links."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.found).splitlines())
    return "\n".join(line for line in lines if line) + "\n"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._unread = 0
        self._target: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in _UNREAD
        if tag in _BLOCKS:
            self.found.append("\n")
        if tag == "a":
            self._target = dict(attrs).get("href")

    def handle_endtag(self, tag: str) -> None:
        self._unread = max(0, self._unread - (tag in _UNREAD))
        if tag == "a" and self._target is not None:
            self.found.append(f" ({self._target})")
            self._target = None
        if tag in _BLOCKS:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.found.append(data.replace("\n", " "))
