"""The bodies against the models in the vendors' own packages: Infobip's and Vonage's."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from infobip_api_client.models import MessagesApiRequest
from pydantic import ValidationError
from vonage_messages import models as vonage

from cascadesim.plan import Plan
from cascadesim.senders import Settings, compile_plan
from tests.senders.test_vendors_requests import CHAINS, REPLIES, RUNNABLE, from_file, script
from tests.senders.vendors import MESSAGE, lines_of, people

PlanOf = Callable[..., Plan]
SAYINGS = ("saying basket\n    stop when delivered", "saying registered\n    stop when delivered")

MODELS: dict[tuple[str, str], type[vonage.BaseMessage]] = {
    ("sms", "text"): vonage.Sms,
    ("viber_service", "text"): vonage.ViberText,
    ("viber_service", "image"): vonage.ViberImage,
    ("rcs", "text"): vonage.RcsText,
    ("whatsapp", "text"): vonage.WhatsappText,
    ("whatsapp", "image"): vonage.WhatsappImage,
    ("whatsapp", "template"): vonage.WhatsappTemplate,
    ("messenger", "text"): vonage.MessengerText,
}
ALONE = ("viber|sms", "whatsapp", "rcs")


def vonage_s(message: dict[str, Any]) -> dict[str, Any]:
    """The message as Vonage's package writes what it has read of it."""
    fields = {"from_" if key == "from" else key: value for key, value in message.items() if key != "failover"}
    made = MODELS[message["channel"], message["message_type"]](**fields)
    written: dict[str, Any] = json.loads(json.dumps(made.model_dump(by_alias=True, exclude_none=True)))
    return written


def check_vonage(body: dict[str, Any]) -> None:
    """Each message is what the package would send: nothing is refused, and nothing passed over as unknown."""
    for message in [body, *body.get("failover", ())]:
        assert vonage_s(message) == {key: value for key, value in message.items() if key != "failover"}


def check_infobip(body: dict[str, Any]) -> None:
    """The request survives a reading and writing by Infobip's package."""
    read = MessagesApiRequest.from_json(json.dumps(body))
    assert read is not None
    assert read.to_dict() == body


CHECKS: dict[str, Callable[[dict[str, Any]], None]] = {"vonage": check_vonage, "infobip-messages": check_infobip}


@pytest.mark.parametrize(
    ("vendor", "chain"), [(vendor, chain) for vendor in CHECKS for chain in (*CHAINS[vendor], *ALONE)]
)
@pytest.mark.parametrize("saying", SAYINGS)
def test_bodies_are_what_the_vendor_s_package_would_send(plan_of: PlanOf, vendor: str, chain: str, saying: str) -> None:
    plan = from_file(plan_of(script(chain.replace("viber|", "viber, wait 1 h|"), saying), also=MESSAGE + REPLIES))
    senders = dict.fromkeys(plan.segments[0].chain.channels, "Shop")
    found = lines_of(vendor, compile_plan(plan, vendor, people(plan, 60), Settings(None, "en", senders)).requests)
    assert len(found) > 20
    for line in found:
        CHECKS[vendor](line["body"])


@pytest.mark.full
@pytest.mark.parametrize("vendor", CHECKS)
def test_what_ships_is_what_the_vendor_s_package_would_send(vendor: str) -> None:
    for plan in (plan for name, _, plan in RUNNABLE if name == vendor):
        for line in lines_of(vendor, compile_plan(plan, vendor, people(plan, 500)).requests):
            CHECKS[vendor](line["body"])


def test_the_packages_see_what_is_wrong(plan_of: PlanOf) -> None:
    plan = from_file(plan_of(script("viber, wait 1 h|sms"), also=MESSAGE + REPLIES))
    lines = lines_of("vonage", compile_plan(plan, "vonage", people(plan, 60)).requests)
    (first, *_) = [line["body"] for line in lines if "failover" in line["body"]]
    for wrong in ({"to": "+37120000001"}, {"client_ref": "x" * 101}, {"viber_service": {"ttl": 29}}):
        with pytest.raises(ValidationError):
            check_vonage({**first, **wrong})
    with pytest.raises(AssertionError):
        check_vonage({**first, "surplus": 1})
