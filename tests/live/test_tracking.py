"""Links of our own: what becomes one, what it leads to, and that nobody else can make one."""

from __future__ import annotations

import base64
import json
import re

import pytest

from cascadesim.live.tracking import LASTS, Links, Mark, mark_of
from cascadesim.units import DAY, SECOND

KEY, OTHER = b"a secret that is long enough", b"another that is long enough"
BASE = "https://shop.example/c"
MESSAGE = "spring:s:Ångström:1:sms:0"
LINKS = Links(f"{BASE}/", KEY)


def marks(text: str, now: int = 0, kind: str = "go") -> list[Mark | None]:
    """What the links of ours in a text say."""
    return [mark_of(token, [KEY], now) for token in re.findall(rf"{BASE}/{kind}/([\w-]+\.[\w-]+)", text)]


def ours(text: str) -> str:
    """The text with its links made ours, and these shown as what they lead to."""
    linked = LINKS.in_text(text, MESSAGE, "sms", 0)
    found = iter(marks(linked))
    return re.sub(rf"{BASE}/go/[\w-]+\.[\w-]+", lambda _: f"<{next(found).target}>", linked)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("Look: https://a.example/x?y=1&z=ū#p", "Look: <https://a.example/x?y=1&z=ū#p>"),
        ("At http://a.example. Or HTTPS://B.example/!?", "At <http://a.example>. Or <HTTPS://B.example/>!?"),
        ("(https://a.example/x)", "(<https://a.example/x>)"),
        ("https://a.example/x_(y)", "<https://a.example/x_(y)>"),
        ('"https://a.example",', '"<https://a.example>",'),
        ("https://a.example\nhttps://b.example", "<https://a.example>\n<https://b.example>"),
        ("mailto:a@b.example tel:+371 ftp://a.example", "mailto:a@b.example tel:+371 ftp://a.example"),
        ("no link", "no link"),
        (f"https://a.example/{'x' * 2000}", f"https://a.example/{'x' * 2000}"),
    ],
)  # fmt: skip
def test_links_of_a_text(text: str, becomes: str) -> None:
    assert ours(text) == becomes


def test_a_link_of_ours_stays_as_it_is() -> None:
    once = LINKS.in_text("https://a.example", MESSAGE, "sms", 0)
    assert LINKS.in_text(once, MESSAGE, "sms", 0) == once


def test_links_of_html_and_the_picture() -> None:
    page = (
        '<html><body><A class="b" HREF="https://a.example/?x=1&amp;y=2">a</A> '
        "<a href='http://b.example'>https://c.example</a>"
        '<a data-href="https://d.example" href="mailto:x@y.example"></a><img src="https://e.example"></body></html>'
    )
    linked = LINKS.in_html(page, MESSAGE, "email", 0)
    assert [mark.target for mark in marks(linked) if mark] == ["https://a.example/?x=1&y=2", "http://b.example"]
    for kept in (
        ">https://c.example<",
        'data-href="https://d.example"',
        "mailto:x@y.example",
        'src="https://e.example"',
    ):
        assert kept in linked
    assert marks(linked, kind="seen") == [Mark(MESSAGE, "email", None)]
    assert re.search(r'alt=""></body></html>$', linked)
    assert LINKS.in_html("<p>Hi</p>", MESSAGE, "email", 0).startswith("<p>Hi</p><img")


def test_a_link_is_the_same_each_time_and_good_for_thirty_days() -> None:
    text = LINKS.in_text("https://a.example", MESSAGE, "sms", DAY)
    assert text == LINKS.in_text("https://a.example", MESSAGE, "sms", DAY)
    mark = Mark(MESSAGE, "sms", "https://a.example")
    assert marks(text, DAY + LASTS) == [mark]
    assert marks(text, DAY + LASTS + SECOND) == [None]


def test_nobody_else_can_make_one() -> None:
    token = LINKS.in_text("https://a.example", MESSAGE, "sms", 0).rpartition("/")[2]
    body, _, signature = token.partition(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    elsewhere = base64.urlsafe_b64encode(json.dumps([*said[:3], "https://evil.example"]).encode()).decode().rstrip("=")
    forged = [
        "", ".", body, f"{body}.", f"{elsewhere}.{signature}", f"{body}.{signature[:-2]}", f"é.{signature}",
        f"{body}.é", f"{signature}.{body}", token + "A" * 8, "a" * 5000,
    ]  # fmt: skip
    assert [mark_of(one, [KEY], 0) for one in forged] == [None] * len(forged)
    assert mark_of(token, [OTHER], 0) is None
    assert mark_of(token, [OTHER, KEY], 0) is not None
