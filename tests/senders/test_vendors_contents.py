"""Templates, languages, subjects, buttons and pictures: each reaches its field, and a channel without one says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cascadesim.contacts import Contact
from cascadesim.plan import Plan
from cascadesim.senders import Settings, compile_plan
from tests.senders.vendors import check_lines, lines_of

PlanOf = Callable[..., Plan]
PHONE, DIGITS = "+37120000001", "37120000001"
ANN = Contact(
    "p1",
    {
        **dict.fromkeys(("viber", "whatsapp", "rcs", "zalo", "phone"), PHONE),
        "email": "ann@example.com",
        "push": "t-1",
        "line": "U" + "a1" * 16,
        "messenger": "m-1",
        "first_name": "Ann",
    },
)
MESSAGE = """
message m
    text     "Dear {first_name|you}"
    text     on sms "Short"
    subject  on email "For {first_name|you}"
    subject  on push "News"
    template on whatsapp "shop:m_2"
    button   on viber "Open" to "https://example.com/{first_name|}"
    image    on viber "https://example.com/v.png"
    image    on push "https://example.com/p.png"
"""


def compiled(
    plan_of: PlanOf, vendor: str, *steps: str, message: str = MESSAGE
) -> tuple[list[dict[str, Any]], list[Any]]:
    """The bodies of Ann's requests, and what the report says of each step."""
    sends = "".join(f"    send {step}\n" for step in steps)
    plan = plan_of(f"chain c\n    saying m\n    stop when delivered\n{sends}", also=message)
    senders = dict.fromkeys(plan.segments[0].chain.channels, "Shop")
    made = compile_plan(plan, vendor, [ANN], Settings(language="lv", senders=senders))
    bodies = [line["body"] for line in lines_of(vendor, made.requests)]
    return bodies, [step.changes for step in made.report.steps]


def test_vonage(plan_of: PlanOf) -> None:
    ((body,), changes) = compiled(plan_of, "vonage", "viber, wait 1 h", "sms, wait 1 h", "whatsapp")
    assert changes == [(), (), ()]
    sms, whatsapp = body.pop("failover")
    assert body == {
        "channel": "viber_service",
        "to": DIGITS,
        "from": "Shop",
        "message_type": "image",
        "image": {"url": "https://example.com/v.png", "caption": "Dear Ann"},
        "viber_service": {"ttl": 3600, "action": {"text": "Open", "url": "https://example.com/Ann"}},
        "client_ref": body["client_ref"],
    }
    text = {"message_type": "text", "text": "Short", "ttl": 3600}
    assert sms == {"channel": "sms", "to": DIGITS, "from": "Shop", **text}
    assert whatsapp == {
        "channel": "whatsapp",
        "to": DIGITS,
        "from": "Shop",
        "message_type": "template",
        "template": {"name": "shop:m_2", "parameters": ["Ann"]},
        "whatsapp": {"policy": "deterministic", "locale": "lv"},
    }


def test_infobip_messages(plan_of: PlanOf) -> None:
    ((body,), changes) = compiled(plan_of, "infobip-messages", "viber, wait 1 h", "whatsapp, wait 1 h", "sms")
    assert changes == [(), (), ()]
    (message,) = body["messages"]
    whatsapp, sms = message["failover"]
    assert message["content"] == {
        "body": {"type": "IMAGE", "text": "Dear Ann", "url": "https://example.com/v.png"},
        "buttons": [{"type": "OPEN_URL", "text": "Open", "url": "https://example.com/Ann"}],
    }
    hour = {"amount": 3600, "timeUnit": "SECONDS"}
    assert message["options"] == {"adaptationMode": False, "validityPeriod": hour}
    assert message["webhooks"] == {"callbackData": "p1"}
    assert message["destinations"][0]["byChannel"] == [
        {"channel": name, "to": DIGITS} for name in ("VIBER_BM", "WHATSAPP", "SMS")
    ]
    assert whatsapp == {
        "channel": "WHATSAPP",
        "sender": "Shop",
        "template": {"templateName": "shop:m_2", "language": "lv"},
        "content": {"body": {"type": "TEXT", "1": "Ann"}},
        "validityPeriod": hour,
    }
    assert sms == {"channel": "SMS", "sender": "Shop", "content": {"body": {"type": "TEXT", "text": "Short"}}}


def test_infobip_omni(plan_of: PlanOf) -> None:
    steps = ("push, wait 1 h", "viber, wait 1 h", "email, wait 1 h", "whatsapp, wait 1 h", "sms, wait 1 h", "call")
    ((scenario, body), changes) = compiled(plan_of, "infobip-omni", *steps)
    assert changes == [()] * 6
    names = ("PUSH", "VIBER", "EMAIL", "WHATSAPP", "SMS", "VOICE")
    assert scenario["flow"] == [{"from": "Shop", "channel": name} for name in names]
    assert body["scenarioKey"] == f"{{key of {scenario['name']}}}"
    hour = {"validityPeriod": 3600, "validityPeriodTimeUnit": "SECONDS"}
    to = {"phoneNumber": DIGITS, "emailAddress": "ann@example.com", "pushRegistrationId": "t-1"}
    assert body["destinations"][0]["to"] == to
    shown = {"title": "News", "contentUrl": "https://example.com/p.png"}
    assert body["push"] == {"text": "Dear Ann", "notificationOptions": shown, **hour}
    button = {"buttonText": "Open", "buttonURL": "https://example.com/Ann"}
    assert body["viber"] == {"text": "Dear Ann", "imageURL": "https://example.com/v.png", **button, **hour}
    assert body["email"] == {"text": "Dear Ann", "subject": "For Ann", **hour}
    assert body["whatsApp"] == {"templateName": "shop:m_2", "templateData": ["Ann"], "language": "lv", **hour}
    assert body["sms"] == {"text": "Short", **hour}
    assert body["voice"] == {"text": "Dear Ann"}


def test_decision_telecom(plan_of: PlanOf) -> None:
    ((body,), changes) = compiled(plan_of, "decision-telecom", "viber, wait 1 h", "sms")
    assert changes[0] == ()
    assert body == {
        "source_addr": "Shop",
        "destination_addr": DIGITS,
        "message_type": 108,
        "text": "Dear Ann",
        "source_type": 1,
        "image": "https://example.com/v.png",
        "button_caption": "Open",
        "button_action": "https://example.com/Ann",
        "validity_period": 3600,
        "text_sms": "Short",
    }
    alone = MESSAGE.replace('    image    on viber "https://example.com/v.png"\n', "")
    ((body,), changes) = compiled(plan_of, "decision-telecom", "viber, wait 1 h", "sms", message=alone)
    assert changes[0] == ('the button "Open" is left out',)
    assert (body["message_type"], "button_caption" in body) == (106, False)


def test_routee(plan_of: PlanOf) -> None:
    ((body,), changes) = compiled(plan_of, "routee", "viber, wait 1 h", "sms")
    assert changes == [(), ()]
    viber, sms = body["flow"]
    assert viber == {
        "type": "Viber",
        "to": PHONE,
        "order": 1,
        "failoverOnStatuses": ["EXPIRED", "FAILED", "UNDELIVERED"],
        "expireOnDelivery": False,
        "senderInfoTrackingId": "Shop",
        "label": viber["label"],
        "ttl": 60,
        "message": {
            "text": "Dear Ann",
            "imageUrl": "https://example.com/v.png",
            "action": {"caption": "Open", "targetUrl": "https://example.com/Ann"},
        },
    }
    message = {"body": "Short", "label": viber["label"]}
    assert sms == {"type": "Sms", "to": PHONE, "order": 2, "from": "Shop", "ttl": 1440, "message": message}


EVERYWHERE = """
message m
    text     "Dear {first_name|you}"
    subject  "News"
    button   "Open" to "https://example.com/"
    image    "https://example.com/v.png"
"""
BUTTON, IMAGE = 'the button "Open" is left out', "the picture https://example.com/v.png is left out"


@pytest.mark.parametrize(
    ("vendor", "channel", "left_out"),
    [
        ("vonage", "sms", [BUTTON, IMAGE]),
        ("vonage", "viber", []),
        ("vonage", "rcs", [BUTTON, IMAGE]),
        ("vonage", "whatsapp", [BUTTON]),
        ("vonage", "messenger", [BUTTON, IMAGE]),
        ("infobip-messages", "sms", [BUTTON, IMAGE]),
        ("infobip-messages", "viber", []),
        ("infobip-messages", "whatsapp", []),
        ("infobip-messages", "rcs", [IMAGE]),
        ("infobip-messages", "line", []),
        ("infobip-omni", "sms", [BUTTON, IMAGE]),
        ("infobip-omni", "viber", []),
        ("infobip-omni", "email", [BUTTON, IMAGE]),
        ("infobip-omni", "push", [BUTTON]),
        ("infobip-omni", "whatsapp", [BUTTON]),
        ("infobip-omni", "call", [BUTTON, IMAGE]),
        ("twilio-studio", "sms", [BUTTON, IMAGE]),
        ("twilio-studio", "whatsapp", [BUTTON]),
        ("routee", "sms", [BUTTON, IMAGE]),
        ("routee", "viber", []),
        ("8x8", "sms", [BUTTON, IMAGE]),
        ("8x8", "viber", [BUTTON]),
        ("8x8", "line", [BUTTON, IMAGE]),
    ],
)
def test_a_channel_that_cannot_carry_a_part_says_so(
    plan_of: PlanOf, vendor: str, channel: str, left_out: list[str]
) -> None:
    (bodies, (changes,)) = compiled(plan_of, vendor, channel, message=EVERYWHERE)
    assert list(changes) == left_out
    written = json.dumps(bodies)
    assert ("https://example.com/v.png" in written) == (IMAGE not in left_out)
    assert ('"Open"' in written) == (BUTTON not in left_out)


def compiled_by_8x8(plan_of: PlanOf, *steps: str, message: str) -> tuple[dict[str, Any], list[Any]]:
    """Ann's body, and what the report says of each step; requests to 8x8 name the sender of an SMS alone."""
    sends = "".join(f"    send {step}\n" for step in steps)
    plan = plan_of(f"chain c\n    saying m\n    stop when opened\n{sends}", also=message)
    made = compile_plan(plan, "8x8", [ANN], Settings(language="lv", senders={"sms": "Shop"}))
    (line,) = lines_of("8x8", made.requests)
    check_lines("8x8", [line])
    return line["body"], [step.changes for step in made.report.steps]


def test_8x8_shows_a_picture_that_all_its_chats_share(plan_of: PlanOf) -> None:
    message = EVERYWHERE.replace('    button   "Open" to "https://example.com/"\n', "") + '    text on sms "Short"'
    body, changes = compiled_by_8x8(plan_of, "viber, wait 1 h", "whatsapp, wait 1 h", "sms", message=message)
    late = "viber opened in this wait no longer stops the chain: 8x8 looks at one message alone"
    assert changes == [(), (late,), (IMAGE,)]
    shown = {"url": "https://example.com/v.png", "text": "Dear Ann", "fallbackText": "Short", "sms": {"source": "Shop"}}
    assert (body["type"], body["content"]) == ("image", shown)
    body, changes = compiled_by_8x8(plan_of, "viber, wait 1 h", "zalo, wait 1 h", "sms", message=message)
    assert (body["type"], changes[0]) == ("text", (IMAGE,))
    template = f'{message}\n    template on whatsapp "m_2"'
    body, changes = compiled_by_8x8(plan_of, "viber, wait 1 h", "whatsapp, wait 1 h", "sms", message=template)
    assert (body["type"], IMAGE in changes[0], IMAGE in changes[1]) == ("text", True, True)


def test_a_subject_is_missed_where_it_is_meant_for_the_channel(plan_of: PlanOf) -> None:
    message = 'message m\n    text "Hi"\n    subject on sms "News"'
    (_, (changes,)) = compiled(plan_of, "vonage", "sms", message=message)
    assert changes == ('the subject "News" is left out',)


def test_a_template_without_a_field_is_missed_and_without_a_text_refused(plan_of: PlanOf) -> None:
    message = 'message m\n    text "Hi"\n    template on viber "m_2"'
    (_, (changes,)) = compiled(plan_of, "vonage", "viber", message=message)
    assert changes == ('the template "m_2" is left out',)
    plan = plan_of("chain c\n    saying m\n    send viber", also='message m\n    template "m_2"')
    (refusal,) = compile_plan(plan, "vonage", []).report.refusals
    assert "it says nothing" in refusal


def test_templates_without_a_language_are_asked_for_in_english(plan_of: PlanOf) -> None:
    plan = plan_of("chain c\n    saying m\n    send whatsapp", also=MESSAGE)
    for vendor in ("vonage", "infobip-messages", "infobip-omni"):
        (step,) = compile_plan(plan, vendor, []).report.steps
        assert step.changes == ('the template "shop:m_2" is asked for in English: no language is set',)
