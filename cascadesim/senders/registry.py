"""The senders by the name that `--to` takes."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from cascadesim.errors import InputError
from cascadesim.senders import codes
from cascadesim.senders.decision_telecom import DecisionTelecom
from cascadesim.senders.eightxeight import EightXEight
from cascadesim.senders.infobip_messages import InfobipMessages
from cascadesim.senders.infobip_omni import InfobipOmni
from cascadesim.senders.routee import Routee
from cascadesim.senders.sender import Sender
from cascadesim.senders.twilio_studio import TwilioStudio
from cascadesim.senders.vonage import Vonage
from cascadesim.senders.webhook import Webhook

SENDERS: Mapping[str, Sender] = {
    sender.capability.vendor: sender
    for sender in (
        *(EightXEight(), InfobipOmni(), InfobipMessages(), Vonage()),
        *(TwilioStudio(), DecisionTelecom(), Routee(), Webhook()),
    )
}
"""Every vendor that a plan can be compiled for."""


def sender_for(vendor: str) -> Sender:
    """The sender of that name; InputError that names those there are."""
    if vendor in SENDERS:
        return SENDERS[vendor]
    near = get_close_matches(vendor, SENDERS, n=1, cutoff=0.4)
    hint = f"is it {near[0]}?" if near else f"there are: {', '.join(sorted(SENDERS))}"
    raise InputError.of(codes.UNKNOWN_VENDOR, f"there is no sender {vendor!r}", hint)
