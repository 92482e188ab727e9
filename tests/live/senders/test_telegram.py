"""Telegram: whole campaigns over a server that plays its Bot API, and the answers that only the real one gives."""

from __future__ import annotations

import logging
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from cascadesim.errors import OutsideError
from cascadesim.live.senders.driver import Accepted, Busy, Doubtful, Down, Letter, Refused
from cascadesim.live.senders.secret import Secret
from cascadesim.live.senders.telegram import Telegram
from cascadesim.model.chain import Chain, Saying, Send, Wait
from cascadesim.units import MINUTE, Duration
from tests.live.senders.real_campaign import by_webhook, configured, real_campaign
from tests.live.senders.rig import Request, deliver, free_port, probe, silent, web
from tests.live.senders.telegram_server import MISSING, telegram

TOKEN = Secret("environment variable T", "123456:the-token-of-the-bot")
LETTER = Letter("spring:s:p7:1:push:0", "push", "990001", "Hello")

real = [pytest.mark.telegram, pytest.mark.skipif(MISSING, reason="telegram: telegram-test-api is not at hand")]


def by_telegram(url: str, **more: Any) -> Any:
    return configured("push", "telegram", url=url, token=TOKEN, column="sms", timeout=5.0, **more)


class TestOverTheServer:
    pytestmark = real

    def test_a_campaign_writes_to_everybody_once(self, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        people = {f"p{n}": f"99000{n}" for n in range(5)}
        chain = Chain("c", (Send(("push",), Saying(text="Hello, *you* & <b>all</b>")),))
        with telegram() as bots:
            with real_campaign(tmp_path, chain, people, lambda _: {"push": by_telegram(bots.url)}) as campaign:
                campaign.run()
                assert [campaign.states(name) for name in people] == [[("push", "accepted")]] * 5
                references = {campaign.messages(name)[0].reference for name in people}
            got = bots.got(TOKEN.reveal())
        assert Counter(message["chat_id"] for message in got) == Counter(people.values())
        assert {message["text"] for message in got} == {"Hello, *you* & <b>all</b>"}
        assert len(references) == 5
        for hidden in (*people.values(), "Hello", TOKEN.reveal()):
            assert hidden not in caplog.text

    def test_html_is_said_to_be_html(self) -> None:
        with telegram() as bots:
            letter = Letter(LETTER.key, "push", "990001", "<b>Hello</b>", is_html=True)
            (answer,) = deliver(Telegram(bots.url, TOKEN), letter)
            assert isinstance(answer, Accepted)
            (message,) = bots.got(TOKEN.reveal())
        assert (message["text"], message["parse_mode"]) == ("<b>Hello</b>", "HTML")

    def test_probe(self) -> None:
        with telegram() as bots:
            assert probe(Telegram(bots.url, TOKEN)) == "Telegram answers and knows the bot"
            assert bots.got(TOKEN.reveal()) == []


def test_a_person_who_has_blocked_the_bot_gets_a_text(tmp_path: Path) -> None:
    """And one who asks for patience waits as long as the body says."""
    chain = Chain("c", (Send(("push",), wait=Wait(Duration(MINUTE))), Send(("sms",))), saying=Saying(text="Hi"))
    held: list[str] = []

    def told(request: Request) -> Any:
        if b'"990002"' in request.body:
            return 403, {}, b'{"ok": false, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}'
        if not held:
            held.append("once")
            return 429, {}, b'{"ok": false, "error_code": 429, "parameters": {"retry_after": 9}}'
        return 200, {}, b'{"ok": true, "result": {"message_id": 7}}'

    with web(told) as server, web(lambda request: (200, {}, b"")) as texts:
        tables = {"push": by_telegram(server.url), "sms": by_webhook("sms", texts.url)}
        people = {"ann": "990001", "bob": "990002"}
        with real_campaign(tmp_path, chain, people, lambda _: tables) as campaign:
            campaign.run()
            assert campaign.states("ann") == [("push", "accepted"), ("sms", "accepted")]
            assert campaign.states("bob") == [("push", "refused"), ("sms", "accepted")]
            assert campaign.messages("bob")[0].reference == "Telegram says 403: the bot may not write to this chat"


WRONG_TOKEN = "the token is wrong"


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        (429, '{"ok": false, "parameters": {"retry_after": 14}}', Busy("Telegram says 429", 14.0)),
        (429, '{"ok": false, "parameters": {"retry_after": "x"}}', Busy("Telegram says 429")),
        (400, '{"ok": false, "description": "Bad Request: chat not found"}', Refused("Telegram says 400")),
        (
            400,
            '{"ok": false, "description": "Bad Request: can\'t parse entities: 990001"}',
            Down("Telegram says 400: the text has HTML that Telegram does not take", for_long=True),
        ),
        (401, '{"ok": false}', Down(f"Telegram says 401: {WRONG_TOKEN}", for_long=True)),
        (404, '{"ok": false}', Down(f"Telegram says 404: {WRONG_TOKEN}", for_long=True)),
        (500, "", Doubtful("HTTP 500")),
        (200, '{"ok": true, "result": []}', Accepted(None)),
        (200, "[", Down("HTTP 200: not what this URL should answer", for_long=True)),
        (200, "x" * 10**6, Down("HTTP 200: not what this URL should answer", for_long=True)),
    ],
)
def test_what_telegram_says_of_a_message(status: int, body: str, answer: Any) -> None:
    with web(lambda request: (status, {}, body.encode())) as server:
        assert deliver(Telegram(server.url, TOKEN), LETTER) == [answer]


def test_nobody_listens_and_an_answer_that_does_not_come() -> None:
    (answer,) = deliver(Telegram(f"http://127.0.0.1:{free_port()}", TOKEN), LETTER)
    assert isinstance(answer, Down)
    with web(lambda request: silent(0.6)) as server:
        (answer,) = deliver(Telegram(server.url, TOKEN, timeout=0.3), LETTER)
    assert isinstance(answer, Doubtful)
    assert TOKEN.reveal() not in repr(answer)


def test_a_wrong_token_is_named_by_the_probe() -> None:
    with (
        web(lambda request: (401, {}, b'{"ok": false}')) as server,
        pytest.raises(OutsideError, match="look at `token`"),
    ):
        probe(Telegram(server.url, TOKEN))
    with web(lambda request: (200, {}, b"hello")) as server, pytest.raises(OutsideError, match="look at `url`"):
        probe(Telegram(server.url, TOKEN))
