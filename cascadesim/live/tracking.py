"""Links of our own, by which a channel that reports nothing tells who has clicked, and a mail who has opened it.

A link is `BASE/go/TOKEN`. The token holds the message's key, its channel, until when it is good, and the very target,
all under a signature: nobody can make one that leads elsewhere, so the server is no open redirect. It can be read by
whoever has it, as the link that it stands for could. A picture of one dot, `BASE/seen/TOKEN`, tells of opens.

What becomes a link of ours, when a letter is written:

- in a text, what begins with http:// or https://, up to a white space or one of < > " '. Signs that end a sentence are
  not the link's, nor is a closing bracket that it does not open;
- in HTML, the quoted `href` of a tag, and the picture is put before `</body>`, or at the end;
- nothing else: no mailto: or tel:, no picture's address, no link that is one of ours, and none of over 2,000 signs.

The limits. A click is a GET: programs that look into mails before people do (filters of companies, previews of chats)
follow links too, and cannot be told from people; what says of itself that it only prefetches is not counted, nor is a
HEAD. Mail programs that load all pictures make every mail look opened, those that load none make it look unopened. A
link to unsubscribe is clicked as any other. And a link of ours has some 150 signs more, of which an SMS may take a part
more: what a campaign costs is reckoned by the text without it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import json
import re
from collections.abc import Sequence
from typing import NamedTuple

from cascadesim.units import DAY, SECOND

LASTS = 30 * DAY
"""How long a link is good after its message was sent."""

_LONGEST = 2_000
_SIGNATURE = 16  # bytes
_IN_TEXT = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_IN_HTML = re.compile(
    r"""(?P<before><[^<>]*?(?<![\w-])href\s*=\s*)(?P<quote>["'])(?P<to>https?://.*?)(?P=quote)""",
    re.IGNORECASE | re.DOTALL,
)
_BODY_ENDS = re.compile(r"</body\s*>", re.IGNORECASE)
_SENTENCE = ".,;:!?…»"
_BRACKETS = {")": "(", "]": "[", "}": "{"}


class Mark(NamedTuple):
    """What a token says: which message, on which channel, and where its link leads (None: it is the picture's)."""

    key: str
    channel: str
    target: str | None


class Links:
    """Makes links under an address of the server where receipts come in, signed with its secret."""

    def __init__(self, base: str, secret: bytes) -> None:
        self._base = base.rstrip("/")
        self._secret = secret

    def in_text(self, text: str, key: str, channel: str, at: int) -> str:
        """The text of a message that is sent at the campaign's instant `at`, with its links made ours."""

        def ours(found: re.Match[str]) -> str:
            target = _without_end(found[0])
            return self._go(target, key, channel, at) + found[0][len(target) :]

        return _IN_TEXT.sub(ours, text)

    def in_html(self, text: str, key: str, channel: str, at: int) -> str:
        """The same in HTML, and with the picture."""

        def ours(found: re.Match[str]) -> str:
            link = self._go(html.unescape(found["to"]), key, channel, at)
            return f"{found['before']}{found['quote']}{html.escape(link)}{found['quote']}"

        dot = f'<img src="{self._base}/seen/{self._token(key, channel, None, at)}" width="1" height="1" alt="">'
        linked = _IN_HTML.sub(ours, text)
        ends = list(_BODY_ENDS.finditer(linked))
        end = ends[-1].start() if ends else len(linked)
        return linked[:end] + dot + linked[end:]

    def _go(self, target: str, key: str, channel: str, at: int) -> str:
        is_ours = target.startswith(f"{self._base}/go/")
        if is_ours or len(target) > _LONGEST or not target.isprintable():
            return target
        return f"{self._base}/go/{self._token(key, channel, target, at)}"

    def _token(self, key: str, channel: str, target: str | None, at: int) -> str:
        """The same for the same message, however often it is written: it is good from when that was sent."""
        said = json.dumps([key, channel, (at + LASTS) // SECOND, target], ensure_ascii=False, separators=(",", ":"))
        body = said.encode("utf-8", "surrogatepass")
        return f"{_letters(body)}.{_letters(_signature(self._secret, body))}"


def mark_of(token: str, keys: Sequence[bytes], now: int) -> Mark | None:
    """What a token says at the campaign's instant `now`; None if none of the keys has signed it, or it is too old."""
    body, _, signature = token.partition(".")
    try:
        said, given = _bytes(body), _bytes(signature)
    except ValueError:
        return None
    # All are compared, and each in constant time: how long it takes tells nothing.
    fits = [hmac.compare_digest(given, _signature(one, said)) for one in keys]
    if not any(fits):
        return None
    key, channel, until, target = json.loads(said)  # as it was made here
    return Mark(key, channel, target) if now <= until * SECOND else None


def _without_end(link: str) -> str:
    while link and (link[-1] in _SENTENCE or _is_closed_too_often(link)):
        link = link[:-1]
    return link


def _is_closed_too_often(link: str) -> bool:
    opening = _BRACKETS.get(link[-1])
    return opening is not None and link.count(link[-1]) > link.count(opening)


def _signature(secret: bytes, body: bytes) -> bytes:
    return hmac.digest(secret, b"link:" + body, hashlib.sha256)[:_SIGNATURE]


def _letters(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(letters: str) -> bytes:
    return base64.b64decode(letters + "=" * (-len(letters) % 4), altchars=b"-_", validate=True)
