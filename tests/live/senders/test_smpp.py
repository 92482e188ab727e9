"""Texts over SMPP: Kannel in between, and a centre that takes, turns away, throttles, and reports late or badly.

Kannel answers us before its centre does. So nothing of this is a refusal: what the centre says comes as receipts.
"""

from __future__ import annotations

import pytest
import smpp34

from cascadesim.model.chain import Chain, Event, Saying, Send, Wait
from cascadesim.units import MINUTE, Duration
from tests.live.senders.gateway import MISSING, SMPP, Gateway, until
from tests.live.senders.real_campaign import by_kannel, by_webhook, real_campaign
from tests.live.senders.rig import web
from tests.live.senders.smsc import Fate, smsc

pytestmark = [
    pytest.mark.kannel,
    pytest.mark.skipif(MISSING, reason="kannel: Kannel is not at hand"),
]

CHAIN = Chain(
    "c",
    (Send(("sms",), wait=Wait(Duration(5 * MINUTE), Duration(4 * MINUTE))), Send(("push",))),
    saying=Saying(text="Hi"),
    stop_when=(Event("delivered"),),
)
FATES = {
    "delivered": Fate(report="DELIVRD"),
    "throttled": Fate(turned_away=(smpp34.ESME_RTHROTTLED,), report="DELIVRD"),
    "full": Fate(turned_away=(smpp34.ESME_RMSGQFUL,), report="DELIVRD"),
    "undelivered": Fate(report="UNDELIV"),
    "expired": Fate(report="EXPIRED"),
    "rejected": Fate(report="REJECTD"),
    "refused": Fate(turned_away=(smpp34.ESME_RINVDSTADR,), report="DELIVRD"),
    "late": Fate(),
    "late and in vain": Fate(),
    "silent": Fate(),
}
PEOPLE = {name: f"+3712000000{n}" for n, name in enumerate(FATES)}
REPORTED = {
    "delivered": {8, 1},
    "throttled": {8, 1},
    "full": {8, 1},
    "undelivered": {8, 2},
    "expired": {8, 2},
    "rejected": {8, 2},
    "refused": {16},
    "late": {8},
    "late and in vain": {8},
    "silent": {8},
}
ONE, BOTH = [("sms", "accepted")], [("sms", "accepted"), ("push", "accepted")]
DELIVERED = frozenset({(1, "sms", "delivered")})


def test_what_the_centre_says_is_in_the_rows(tmp_path):
    """Whose text was delivered is left in peace; the others get a push after four minutes, and once."""
    at = Gateway(tmp_path, SMPP)
    centre = smsc(at.smsc, {PEOPLE[name][1:]: fate for name, fate in FATES.items()})
    with web(lambda request: (200, {}, b"")) as pushed, centre as there, at.running():
        tables = lambda url: {"sms": by_kannel(at, url), "push": by_webhook("push", pushed.url)}  # noqa: E731
        with real_campaign(tmp_path, CHAIN, PEOPLE, tables) as campaign:
            until(at.is_online)
            campaign.begin()
            until(lambda: {name: campaign.statuses(name) for name in PEOPLE} == REPORTED, 20)
            assert pushed.requests == []
            campaign.run()
            assert rows(campaign) == {
                name: (ONE, DELIVERED, said) if said == {8, 1} else (BOTH, frozenset(), said)
                for name, said in REPORTED.items()
            }
            there.report(PEOPLE["late"][1:], "DELIVRD")
            there.report(PEOPLE["late and in vain"][1:], "EXPIRED")
            until(lambda: rows(campaign)["late"] == (BOTH, DELIVERED, {8, 1}))
            until(lambda: rows(campaign)["late and in vain"] == (BOTH, frozenset(), {8, 2}))
    twice = {PEOPLE[name][1:] for name in ("throttled", "full")}
    assert there.got == {number[1:]: 1 + (number[1:] in twice) for number in PEOPLE.values()}
    assert len(pushed.requests) == len(PEOPLE) - 3


def rows(campaign):
    """Of each person: their messages and states, what their chain was told, and what Kannel reported of the text."""
    return {name: (campaign.states(name), campaign.row(name).journey.told, campaign.statuses(name)) for name in PEOPLE}
