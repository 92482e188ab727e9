"""Campaigns through the vendors' drivers: what a vendor is told to call is called, and decides where a chain goes."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
import pytest
from twilio.request_validator import RequestValidator

from cascadesim.model.chain import Chain, Event, Saying, Send, Wait
from cascadesim.units import MINUTE, Duration
from tests.live.receipts.vendors_words import body, token
from tests.live.senders.real_campaign import by_webhook, real_campaign
from tests.live.senders.rig import SECRET, Request, web
from tests.live.senders.vendors import API_KEY, VENDORS, table

PEOPLE = {"ann": "+37120000001", "bob": "+37120000002", "ēve": "+37120000003"}
CHAIN = Chain(
    "c",
    (Send(("sms",), wait=Wait(Duration(2 * MINUTE))), Send(("push",))),
    saying=Saying(text="Hello"),
    stop_when=(Event("opened"),),
)


def called_back(name: str, request: Request) -> tuple[str, str]:
    """Whom a request is for, and where its receipts are to go."""
    if name == "twilio":
        form = {field: value for field, (value,) in parse_qs(request.body.decode()).items()}
        return form["To"].removeprefix("whatsapp:"), form["StatusCallback"]
    said = json.loads(request.body)
    if name == "infobip":
        (message,) = said["messages"]
        return "+" + message["destinations"][0]["to"], message["webhooks"]["seen"]["url"]
    if name == "vonage":
        return "+" + said["to"], said["webhook_url"]
    return said["user"]["msisdn"], said["dlrCallbackUrl"]


def call(name: str, url: str, what: str) -> int:
    """The vendor calls."""
    content = body(name, what)
    headers = {"content-type": "application/json"}
    if name == "twilio":
        fields = {field: value for field, (value,) in parse_qs(content.decode()).items()}
        content = urlencode(fields).encode()
        headers = {"x-twilio-signature": RequestValidator(API_KEY.reveal()).compute_signature(url, fields)}
    if name == "vonage":
        headers["authorization"] = f"Bearer {token(SECRET.reveal().encode(), content, int(time.time()))}"
    return httpx.post(url, content=content, headers=headers, trust_env=False).status_code


@pytest.mark.parametrize("name", VENDORS)
def test_who_has_read_it_gets_no_more_and_the_others_do(name: str, tmp_path: Path) -> None:
    """Ann reads it, bob's is delivered, and eve's answer is lost, until the vendor says that it has failed."""
    vendor = VENDORS[name]

    def told(request: Request) -> Any:
        return None if called_back(name, request)[0] == PEOPLE["ēve"] else (vendor.status, {}, vendor.accepted.encode())

    with web(told) as server, web(lambda request: (200, {}, b"")) as pushed:

        def tables(receipts: str) -> dict[str, Any]:
            return {"sms": table(name, server.url, receipts=receipts), "push": by_webhook("push", pushed.url)}

        with real_campaign(tmp_path, CHAIN, PEOPLE, tables) as campaign:
            campaign.begin()
            calls = dict(called_back(name, request) for request in server.requests)
            assert {person: campaign.states(person) for person in PEOPLE} == {
                "ann": [("sms", "accepted")],
                "bob": [("sms", "accepted")],
                "ēve": [("sms", "unknown")],
            }
            for person, what in (("ann", "read"), ("bob", "delivered"), ("ēve", "failed")) * 2:
                assert call(name, calls[PEOPLE[person]], what) == 200
            assert campaign.store.reports == 4, "a read says two things, and nothing is said twice"
            campaign.run()
            assert {person: campaign.states(person) for person in PEOPLE} == {
                "ann": [("sms", "accepted")],
                "bob": [("sms", "accepted"), ("push", "accepted")],
                "ēve": [("sms", "refused"), ("push", "accepted")],
            }
            assert campaign.messages("ann")[0].reference == "m-1"
    assert len(server.requests) == 3
