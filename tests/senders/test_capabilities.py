from __future__ import annotations

from collections.abc import Callable

import pytest

from cascadesim.model.channel import Channel
from cascadesim.model.rates import Rate
from cascadesim.plan import Plan
from cascadesim.senders import SENDERS, expressible, why_not
from cascadesim.senders.capabilities import kind_of
from cascadesim.units import Share

EIGHT = SENDERS["8x8"].capability
PlanOf = Callable[..., Plan]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("viber", "viber"),
        ("viber-promo", "viber"),
        ("Viber 2", "viber"),
        ("viber2", "viber"),
        ("viberish", None),
        ("sms", "sms"),
        ("text", "sms"),
        ("text-reminder", "sms"),
        ("textile", None),
        ("e-mail", "email"),
        ("line", "line"),
        ("line_oa", "line"),
        ("landline", None),
        ("wa", "whatsapp"),
        ("waiting-room", None),
        ("messenger", "facebook"),
        ("pigeon", None),
    ],
)
def test_a_channel_is_known_by_how_its_name_begins(name: str, kind: str | None) -> None:
    assert kind_of(Channel(name)) == kind


def test_what_is_answered_is_a_call_whatever_its_name() -> None:
    assert kind_of(Channel("viber-call", rates=(Rate("answers", Share(0.3), Share(0.3)),))) == "call"


def test_the_channels_a_plan_for_8x8_may_use(plan_of: PlanOf) -> None:
    model = plan_of('chain c\n    send sms saying "x"').model
    assert expressible(EIGHT, model) == {"viber", "whatsapp", "rcs", "zalo", "line", "sms"}


@pytest.mark.parametrize(
    ("body", "reasons"),
    [
        ("send viber, wait 1 h\n    send sms", []),
        ("send push, wait 1 h\n    send call", ["step 1: 8x8 has no channel push", "step 2: 8x8 has no channel call"]),
        ("send messenger", ["step 1: a request to 8x8 cannot name a user of Facebook"]),
        ("send viber and sms", ["step 1: 8x8 cannot send viber and sms at once"]),
        ("send sms, wait 1 h\n    send sms", ["step 2: SMS is step 1 already, and 8x8 takes a channel once"]),
        ("send line, wait 1 h\n    send sms", ["step 2: a request to 8x8 is for one line user, and sms needs a phone"]),
        ("wait 1 h\n    send sms", ["step 1: 8x8 has no pause before a step: put the wait on the step before it"]),
        ("send sms\n    wait until 10:00", []),
        ("stop\n    send sms", ["step 1: it comes after `stop`"]),
        ("stop", ["chain c sends nothing"]),
        (
            "if reachable on viber\n        send viber, wait 1 h\n    send sms",
            ["step 1: 8x8 has no `if`"],
        ),
        (
            "if reachable on viber\n        stop\n    send sms",
            ["step 1: 8x8 has no `if`"],
        ),
        (
            'split\n        50% "a"\n            send viber\n        the rest "b"\n            send sms',
            ["step 1: 8x8 has no `split`", "step 2: 8x8 has no `split`"],
        ),
    ],
)
def test_why_a_chain_cannot_be_expressed(plan_of: PlanOf, body: str, reasons: list[str]) -> None:
    starts = "scenario\n    starts 2027-03-01 10:00"
    plan = plan_of(f"chain c\n    {body}", also=starts)
    assert why_not(EIGHT, plan.model, plan.segments[0].chain) == reasons
