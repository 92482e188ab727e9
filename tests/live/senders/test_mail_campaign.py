"""Campaigns by mail over a real SMTP server: mailboxes that refuse, or are locked, and a bounce that comes later."""

from __future__ import annotations

import email
import mailbox
from collections import Counter
from email.policy import default

import pytest
from aiosmtpd.controller import Controller

from cascadesim.live.receipts import read_bounces
from cascadesim.model.chain import Chain, Event, Saying, Send, Wait
from cascadesim.units import MINUTE, Duration
from tests.live.senders.real_campaign import by_webhook, configured, real_campaign
from tests.live.senders.rig import free_port, web

CHAIN = Chain(
    "c",
    (Send(("email",), wait=Wait(Duration(3 * MINUTE), Duration(2 * MINUTE))), Send(("push",))),
    saying=Saying(text="Hello"),
    stop_when=(Event("opened"),),
)
NAMES = ("ann", "nobody", "spam", "locked", "gone")
BOUNCE = """\
From: MAILER-DAEMON@mail.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="4Fz9Qk"

--4Fz9Qk
Content-Type: text/plain; charset=us-ascii

Your mail could not be delivered.

--4Fz9Qk
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1

--4Fz9Qk
Content-Type: message/rfc822

{mail}

--4Fz9Qk--
"""


class Mailboxes:
    """What the server does is in the recipient's name."""

    def __init__(self):
        self.mails = []
        self.asked = Counter()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        name = address.partition("@")[0]
        self.asked[name] += 1
        if name == "nobody":
            return "550 5.1.1 no such mailbox"
        if name == "locked" and self.asked[name] <= 2:
            return "450 4.2.1 the mailbox is locked"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        name = envelope.rcpt_tos[0].partition("@")[0]
        if name == "spam":
            return "550 5.7.1 not wanted here"
        self.mails.append((envelope.mail_from, name, envelope.content))
        if name == "gone":
            server.transport.abort()
        return "250 OK"

    def bounced(self, name):
        """The mail to somebody as it comes back: to where it said."""
        ((sender, _, content),) = [mail for mail in self.mails if mail[1] == name]
        return BOUNCE.format(to=sender, recipient=f"{name}@people.example", mail=content.decode())


@pytest.fixture
def server():
    controller = Controller(Mailboxes(), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


def test_who_cannot_be_mailed_is_reached_otherwise_and_who_was_locked_gets_one_mail(server, tmp_path):
    """550 at RCPT, 550 at DATA: refused; 450: later; gone before the answer: unknown, until the bounce says failed."""
    mails = {"host": "127.0.0.1", "port": server.port, "security": "none", "from": "Shop <news@shop.example>"}
    with web(lambda request: (200, {}, b"")) as pushed:

        def tables(_):
            smtp = configured("email", "smtp", **mails, bounces="bounces@shop.example", column="email", timeout=5.0)
            return {"email": smtp, "push": by_webhook("push", pushed.url)}

        people = {name: f"{name}@people.example" for name in NAMES}
        with real_campaign(tmp_path, CHAIN, people, tables) as campaign:
            campaign.run()
            assert {name: campaign.states(name) for name in NAMES} == {
                "ann": [("email", "accepted"), ("push", "accepted")],
                "nobody": [("email", "refused"), ("push", "accepted")],
                "spam": [("email", "refused"), ("push", "accepted")],
                "locked": [("email", "accepted"), ("push", "accepted")],
                "gone": [("email", "unknown"), ("push", "accepted")],
            }
            assert campaign.messages("nobody")[0].reference == f"127.0.0.1:{server.port} says 550"
            for name in ("nobody", "spam"):
                first, second = campaign.messages(name)
                assert second.sent_at - first.sent_at == 2 * MINUTE, "they went on as undelivered"
            assert sorted(name for _, name, _ in server.handler.mails) == ["ann", "gone", "locked"]
            assert server.handler.asked["locked"] == 3

            box = mailbox.Maildir(tmp_path / "bounces")
            for name in ("ann", "gone"):
                box.add(server.handler.bounced(name))
            bounces = read_bounces(tmp_path / "bounces", "email", 0)
            assert campaign.intake.take(bounces) == ["new", "new"]
            assert campaign.states("gone")[0] == ("email", "refused")
            assert campaign.states("ann")[0] == ("email", "accepted"), "the server had it: that is not undone"
            assert campaign.intake.take(bounces) == ["known", "known"]
    (content,) = (content for _, name, content in server.handler.mails if name == "locked")
    assert email.message_from_bytes(content, policy=default).get_content().strip() == "Hello"
