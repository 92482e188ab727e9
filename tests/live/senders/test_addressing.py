"""Whom a channel reaches: numbers as phonenumbers reads them, mail addresses, and the words of a step."""

from __future__ import annotations

import io

import pytest

from cascadesim.live import Outgoing, Settled
from cascadesim.live.senders import Reachable, addressing_of, open_post
from cascadesim.live.senders.addressing import Addressing
from cascadesim.live.senders.driver import Template
from cascadesim.live.senders.opening import writer_of
from cascadesim.live.senders.settings import Configured
from cascadesim.live.tracking import Links
from cascadesim.model.chain import Chain, Saying, Send
from cascadesim.model.channel import Channel
from cascadesim.model.message import Content, Message
from cascadesim.model.model import Model
from cascadesim.model.person import Person
from cascadesim.senders.addresses import mail, phone
from tests.live.conftest import HandClock

PHONE = Addressing("sms", "phone", "phone")


def person(**columns):
    reach = frozenset({"sms", "email"}) if columns else frozenset()
    return Person("s", 0, "p7", "s", 0, 0, 0, "UTC", reach, columns=columns)


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("+371 2000-0001", None, "+37120000001"),
        ("00371 (2) 0000.001", None, "+37120000001"),
        ("20000001", None, None),
        ("20000001", "LV", "+37120000001"),
        ("+44 7400 123456", "LV", "+447400123456"),
        ("07400 123456", "GB", "+447400123456"),
        ("+371 2000 000", None, None),
        ("+371 2000 00012", None, None),
        ("+999 20000001", None, None),
        ("+1 800 FLOWERS", None, None),
        ("+37120000001 ext. 5", None, None),
        ("", "LV", None),
        ("n/a", "LV", None),
        ("+" * 300, None, None),
    ],
)
def test_numbers(text, country, number):
    assert phone(text, country) == number


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Ann.O'Hara+news@shop.example ", "Ann.O'Hara+news@shop.example"),
        ("ann@münchen.example", "ann@xn--mnchen-3ya.example"),
        ("ann", None),
        ("ann@shop", None),
        ("ann@@shop.example", None),
        ("ann.@shop.example", None),
        ("ånn@shop.example", None),
        ("ann@shop.example\nBcc: eve@evil.example", None),
        ("ann@shop.example, eve@evil.example", None),
        ("ann@" + "x" * 70 + ".example", None),
        ("ann@shop..example", None),
    ],
)
def test_mail_addresses(text, address):
    assert mail(text) == address


def test_what_an_address_is_comes_from_the_table_the_sender_or_the_channel_s_name():
    def kind(sender, channel, **settings):
        return addressing_of(Channel(channel), Configured(channel, sender, {"column": None} | settings)).kind

    assert kind("kannel", "promo") == "phone"
    assert kind("smtp", "sms") == "mail"
    assert [kind("webhook", c, addresses=None) for c in ("viber-2", "Email", "push")] == ["phone", "mail", "any"]
    assert kind("webhook", "sms", addresses="any") == "any"
    assert (
        addressing_of(Channel("sms", address="phone"), Configured("sms", "kannel", {"column": None})).column == "phone"
    )
    assert addressing_of(Channel("sms"), Configured("sms", "kannel", {"column": "mobile"})).column == "mobile"


def test_a_bad_address_is_a_channel_that_does_not_reach_and_is_counted():
    reachable = Reachable([PHONE, Addressing("email", "mail", "mail")])
    people = [
        person(phone="+37120000001", mail="ann@shop.example"),
        person(phone="20000001", mail="ann@shop.example"),
        person(phone="+37120000001", mail="ann"),
        person(phone="x", mail="y"),
        person(),
    ]
    found = list(reachable.people(people))
    assert [sorted(p.reach) for p in found] == [["email", "sms"], ["email"], ["sms"], [], []]
    assert reachable.unreachable == {"sms": 2, "email": 2}
    assert found[0] is people[0]


def test_why_there_is_no_address_is_said_without_it():
    with pytest.raises(ValueError, match="column `phone` is not a phone number that can be") as error:
        PHONE.read(person(phone="20000001"))
    assert "2000" not in str(error.value)
    with pytest.raises(ValueError, match="is not an address"):
        Addressing("push", "token", "any").read(person(phone="x"))


def test_a_letter_has_the_step_s_words():
    html = Content("text", "<p>Hi {name}</p>", "email", file="hi.HTML")
    contents = (Content("subject", "For {name|you}"), Content("text", "Hi {name|you}"), html)
    model = Model(channels=(Channel("email"), Channel("sms")), messages=(Message("hi", "Internal", contents),))
    steps = Send(("email",)), Send(("sms",), saying=Saying(text="Bye")), Send(("sms",))
    said, silent = Chain("c", steps, saying=Saying("hi")), Chain("c", steps)
    ann = person(phone="+37120000001", email="ann@shop.example", name="A&B")

    def letter(step, channel, column, kind, chain=said):
        message = Outgoing("k", ann, model, chain, step, channel, 0, 0)
        table = Configured(channel, "webhook", {"column": column, "addresses": kind})
        return writer_of(Channel(channel), table)(message)

    mailed = letter(1, "email", "email", "mail")
    assert (mailed.to, mailed.subject, mailed.text) == ("ann@shop.example", "For A&B", "<p>Hi A&amp;B</p>")
    assert mailed.is_html
    bye, hi = letter(2, "sms", "phone", "phone"), letter(3, "sms", "phone", "phone")
    assert (bye.text, bye.subject, bye.is_html, bye.to) == ("Bye", None, False, "+37120000001")
    assert (hi.text, hi.subject) == ("Hi A&B", "For A&B")
    with pytest.raises(ValueError, match="step 3 says nothing on sms"):
        letter(3, "sms", "phone", "phone", silent)


def test_a_template_goes_on_whatsapp_with_what_fills_its_text():
    contents = (
        Content("text", "Hi {name|you}, {n}"),
        Content("template", "hello", "wa"),
        Content("template", "mute", "w2"),
    )
    texts = (contents[1], Content("text", "Bye", "sms"), contents[2])
    messages = (Message("hi", None, contents), Message("other", None, texts))
    model = Model(channels=(Channel("wa"), Channel("sms"), Channel("w2")), messages=messages)
    ann = person(phone="+37120000001", name="", n="7")

    def letter(channel, at_vendor, said, who=ann):
        chain = Chain("c", (Send((channel,)),), saying=Saying(said))
        table = Configured(channel, "vonage", {"column": "phone", "channel": at_vendor})
        return writer_of(model.channel(channel), table)(Outgoing("k", who, model, chain, 1, channel, 0, 0))

    assert letter("wa", "whatsapp", "hi").template == Template("hello", ("you", "7"))
    assert letter("wa", "viber", "hi").template is None
    assert letter("sms", "sms", "hi").template is None
    silent = letter("w2", "whatsapp", "other")
    assert (silent.template, silent.text) == (Template("mute"), "")
    with pytest.raises(ValueError, match="says nothing"):
        letter("w2", "viber", "other")
    with pytest.raises(ValueError, match="n"):
        letter("wa", "whatsapp", "hi", person(phone="+37120000001", name=""))


def test_a_channel_with_links_has_them_in_its_letters():
    model = Model(channels=(Channel("sms"),))
    chain = Chain("c", (Send(("sms",)),), saying=Saying(text="Look: https://a.example/{name}"))
    links = Links("https://shop.example", b"a secret that is long enough")
    table = Configured("sms", "webhook", {"column": "phone", "addresses": "phone", "links": links})
    ann = person(phone="+37120000001", name="7")
    written = writer_of(model.channel("sms"), table)(Outgoing("k", ann, model, chain, 1, "sms", 0, 9))
    assert written.text == links.in_text("Look: https://a.example/7", "k", "sms", 9)
    assert written.text.startswith("Look: https://shop.example/go/")


def test_a_campaign_on_the_console_alone():
    model, stream = Model(channels=(Channel("sms"),)), io.StringIO()
    tables = {"sms": Configured("sms", "console", {"column": None})}
    chain = Chain("c", (Send(("sms",), saying=Saying(text="Hello")),))
    with open_post(tables, model, HandClock(), stream) as post:
        message = Outgoing("k", person(sms="+37120000001"), model, chain, 1, "sms", 0, 0)
        assert post.send([message]) == [Settled("accepted")]
    assert stream.getvalue() == "after 0 s  sms        step 1  s p7  Hello\n"
