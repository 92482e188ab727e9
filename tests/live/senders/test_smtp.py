"""Mail through a real SMTP server in this process, which refuses, locks mailboxes, hangs up and falls silent."""

from __future__ import annotations

import asyncio
import email
import logging
import ssl
from datetime import UTC, datetime
from email.headerregistry import Address
from email.policy import default

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from cascadesim.errors import OutsideError
from cascadesim.live import Later, Settled
from cascadesim.live.message_ids import key_of, message_id
from cascadesim.live.senders.driver import Accepted, Busy, Doubtful, Down, Letter, Refused
from cascadesim.live.senders.mail import plain_of
from cascadesim.live.senders.secret import Secret
from cascadesim.live.senders.smtp import Smtp
from tests.live.conftest import HandClock
from tests.live.senders.rig import deliver, free_port, message, post_of, probe, silent

FROM = Address("Der Laden", addr_spec="news@shop.example")
AT = datetime(2027, 3, 1, 10, tzinfo=UTC)


class Mailboxes:
    """What the server does: by the recipient's name."""

    def __init__(self):
        self.mails = []
        self.commands = []
        self.peers = set()

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if address.startswith("stranger"):
            return "550 we do not know you"
        if address.startswith("slow"):
            await asyncio.sleep(0.25)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        self.peers.add(session.peer[1])
        self.transport = server.transport
        name = address.partition("@")[0]
        if name in {"nobody", "locked", "overworked"}:
            codes = {"nobody": 550, "locked": 451, "overworked": 421}
            return f"{codes[name]} {address} is not to be written to"
        if name == "unannounced":
            return "530 Authentication required"
        if name == "slow":
            await asyncio.sleep(0.25)
        if name == "hangup":
            server.transport.close()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        name = envelope.rcpt_tos[0].partition("@")[0]
        if name == "spam":
            return "554 no"
        if name == "full":
            return "452 later"
        self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        if name == "silent":
            await asyncio.sleep(0.8)
        if name == "gone":
            server.transport.abort()
        return "250 OK"


@pytest.fixture
def server():
    handler = Mailboxes()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    if not controller.loop.is_closed():
        controller.stop()


def smtp(server, **settings):
    settings = {"security": "none", "timeout": 0.4, "wall": lambda: AT} | settings
    return Smtp("127.0.0.1", server.port, settings.pop("sender", FROM), **settings)


def said(part):
    """A part's text, with the line breaks of the wire as ours."""
    return part.get_content().replace("\r\n", "\n")


def to(name, **more):
    return Letter(f"spring:s:{name}:1:email:0", "email", f"{name}@people.example", "Hello,\n.\nyou", **more)


def test_a_mail_has_its_headers_and_its_text(server):
    letter = to("ann", subject="Grüße\r\nBcc: eve@evil.example")
    driver = smtp(server, bounces="bounces@shop.example", reply="help@shop.example")
    (answer,) = deliver(driver, letter)
    ((sender, recipients, content),) = server.handler.mails
    assert (sender, recipients) == ("bounces@shop.example", ["ann@people.example"])
    mail = email.message_from_bytes(content, policy=default)
    assert mail["Subject"] == "Grüße Bcc: eve@evil.example"
    assert mail["Bcc"] is None
    assert str(mail["From"]) == "Der Laden <news@shop.example>"
    assert str(mail["To"]) == "ann@people.example"
    assert str(mail["Reply-To"]) == "help@shop.example"
    assert mail["Date"].datetime == AT
    assert mail["Auto-Submitted"] == "auto-generated"
    assert said(mail) == "Hello,\n.\nyou\n"
    assert answer == Accepted(str(mail["Message-ID"]))
    assert key_of(str(mail["Message-ID"])) == letter.key


def test_a_text_in_html_goes_with_a_plain_one(server):
    html = (
        "<style>p {color: red}</style><p>Hello &amp;\n<b>good day</b><br>see <a href='https://x.example'>here</a></p>"
    )
    deliver(smtp(server, subject="News"), Letter("k", "email", "ann@people.example", html, is_html=True))
    mail = email.message_from_bytes(server.handler.mails[0][2], policy=default)
    assert mail["Subject"] == "News"
    assert said(mail.get_body(("html",))).strip() == html
    assert said(mail.get_body(("plain",))) == "Hello & good day\nsee here (https://x.example)\n"


def test_a_text_of_any_script_and_length_arrives_as_it_is(server):
    text = "Ωραία 🎉 " + "long " * 500
    deliver(smtp(server), Letter("k", "email", "ann@people.example", text))
    mail = email.message_from_bytes(server.handler.mails[0][2], policy=default)
    assert said(mail) == text + "\n"
    assert max(map(len, server.handler.mails[0][2].splitlines())) <= 998


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nobody", Refused("says 550")),
        ("spam", Refused("says 554")),
        ("locked", Busy("says 451", alone=True)),
        ("full", Busy("says 452", alone=True)),
        ("overworked", Busy("says 421: it is closing")),
        ("hangup", Down("broke off before it took the mail")),
        ("silent", Doubtful("was given the mail and did not answer")),
        ("gone", Doubtful("was given the mail and did not answer")),
    ],
)
def test_what_the_server_says(server, name, expected):
    """The next mail goes out all the same, and nothing that is told has the address."""
    found, after = deliver(smtp(server), to(name), to("ann"))
    assert type(found) is type(expected)
    assert found.why == f"127.0.0.1:{server.port} {expected.why}"
    if isinstance(expected, Busy):
        assert found.alone == expected.alone
    assert isinstance(after, Accepted)
    assert server.handler.mails[-1][1] == ["ann@people.example"]


def test_one_connection_is_kept_over_batches_and_a_new_one_made_when_it_is_gone(server):
    letters = [message(n, "email", cell=f"p{n}@people.example") for n in range(6)]
    with post_of(smtp(server), HandClock(), channel="email", at_once=4) as post:
        assert [r.state for r in post.send(letters[:3])] == ["accepted"] * 3
        assert [r.state for r in post.send(letters[3:4])] == ["accepted"]
        assert len(server.handler.peers) == 1
        server.stop()
        (later,) = post.send(letters[4:5])
        assert isinstance(later, Later)
        again = Controller(server.handler, hostname="127.0.0.1", port=server.port)
        again.start()
        try:
            assert [r.state for r in post.send(letters[5:])] == ["accepted"]
        finally:
            again.stop()
    assert len(server.handler.mails) == 5


def test_a_connection_that_the_server_has_closed_meanwhile_is_made_anew(server):
    letters = [message(n, "email", cell=f"p{n}@people.example") for n in range(2)]
    with post_of(smtp(server), HandClock(), channel="email") as post:
        assert [r.state for r in post.send(letters[:1])] == ["accepted"]
        server.loop.call_soon_threadsafe(server.handler.transport.close)
        silent(0.05)
        assert [r.state for r in post.send(letters[1:])] == ["accepted"]
    assert len(server.handler.peers) == 2


def test_all_that_comes_before_the_mail_is_bounded_together(server):
    """Each command is answered in time, and both together are not."""
    (found,) = deliver(smtp(server, bounces="slow@shop.example"), to("slow"))
    assert found == Down(f"127.0.0.1:{server.port} broke off before it took the mail")
    assert server.handler.mails == []


def test_who_must_log_in_first_is_turned_away_whatever_the_command(server):
    (found,) = deliver(smtp(server), to("unannounced"))
    assert (type(found), found.for_long) == (Down, True)


def test_nobody_listens_and_an_address_that_is_none():
    class Nowhere:
        port = free_port()

    found, refused = deliver(smtp(Nowhere), to("ann"), Letter("k", "email", "a\r\nb@x.example", "Hello"))
    assert found == Down(f"cannot connect to 127.0.0.1:{Nowhere.port} (refused)")
    assert refused == Refused("the address is no mail address")


def test_a_sender_that_is_not_known_is_no_fault_of_the_recipient(server):
    (found,) = deliver(smtp(server, sender=Address(addr_spec="stranger@shop.example")), to("ann"))
    assert isinstance(found, Down)
    assert found.for_long


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # of the server: this is one machine
def test_the_account():
    def knows(server, session, envelope, mechanism, data):
        return AuthResult(success=data.password == b"right", handled=False)

    handler = Mailboxes()
    controller = Controller(
        handler, hostname="127.0.0.1", port=free_port(), authenticator=knows, auth_require_tls=False, auth_required=True
    )
    controller.start()
    try:
        right = {"username": "news", "password": Secret("env", "right")}
        wrong = {"username": "news", "password": Secret("env", "wrong")}
        assert isinstance(deliver(smtp(controller, **right), to("ann"))[0], Accepted)
        assert probe(smtp(controller, **right)) == "the server greets us and knows the account"
        (found,) = deliver(smtp(controller, **wrong), to("ann"))
        assert (type(found), found.for_long) == (Down, True)
        (found,) = deliver(smtp(controller), to("ann"))
        assert (type(found), found.for_long) == (Down, True)
        with pytest.raises(OutsideError, match=r"says 535 .* look at `username` and `password`"):
            probe(smtp(controller, **wrong))
    finally:
        controller.stop()
    assert len(handler.mails) == 1


@pytest.fixture
def secured(tmp_path, monkeypatch):
    """A server that speaks TLS once it is asked to, with a certificate that this machine trusts."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    controller = Controller(
        Mailboxes(), hostname="127.0.0.1", port=free_port(), tls_context=context, require_starttls=True
    )
    controller.start()
    yield controller
    controller.stop()


def test_a_connection_is_private_before_anything_is_said(secured):
    driver = Smtp("localhost", secured.port, FROM, timeout=2, wall=lambda: AT)
    assert isinstance(deliver(driver, to("ann"))[0], Accepted)
    assert len(secured.handler.mails) == 1
    (found,) = deliver(smtp(secured), to("ann"))
    assert (type(found), found.for_long) == (Down, True)  # without TLS the server takes nothing


def test_a_certificate_that_is_another_s_is_not_trusted(secured):
    """It is made out to localhost, not to this address."""
    (found,) = deliver(smtp(secured, security="starttls", timeout=2), to("ann"))
    assert found == Down(f"cannot connect to 127.0.0.1:{secured.port} (its certificate is not trusted)")
    assert secured.handler.mails == []


def test_probe_sends_nothing_and_says_what_is_wrong(server):
    assert probe(smtp(server)) == "the server greets us"
    with pytest.raises(OutsideError, match="`security` is 'starttls'"):
        probe(smtp(server, security="starttls"))
    assert server.handler.mails == []


def test_logs_have_no_address_and_no_words(server, caplog):
    logging.getLogger("mail.log").disabled = True  # the test's own server
    with caplog.at_level(logging.DEBUG), post_of(smtp(server), HandClock(), channel="email") as post:
        assert post.send([message(1, "email", cell="nobody@people.example")])[0].state == "refused"
    ours = "".join(record.getMessage() for record in caplog.records if record.name != "mail.log")
    assert "nobody@" not in ours


@pytest.mark.parametrize("key", ["spring:gold:p7:1:email:0", "Ångström 7", "x" * 300])
def test_a_key_survives_as_message_id(key):
    made = message_id(key, "shop.example")
    assert key_of(made) == key_of(made.upper()) == key_of(f" {made}\r\n") == key


@pytest.mark.parametrize("other", ["<x@y@z>", "", "<a1@x.example>", "<aaa@x>", "<77777777@x.example>"])
def test_other_message_ids_are_none_of_ours(other):
    assert key_of(other) is None


def test_plain_of_what_is_no_html():
    assert plain_of("a < b && c </p></style> d") == "a < b && c\nd\n"


def test_refused_is_settled(server):
    with post_of(smtp(server), HandClock(), channel="email") as post:
        (found,) = post.send([message(1, "email", cell="nobody@people.example")])
    assert found == Settled("refused", f"127.0.0.1:{server.port} says 550")
