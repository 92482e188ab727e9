"""From a plan to what vendors accept: what they can express, the requests, and a report of what changed."""

from __future__ import annotations

from cascadesim.senders.capabilities import Capability, apart, expressible, why_not
from cascadesim.senders.export import Compiled, compile_plan, export
from cascadesim.senders.registry import SENDERS, sender_for
from cascadesim.senders.sender import Report, Request, Sender, Settings, StepReport

__all__ = [
    "SENDERS",
    "Capability",
    "Compiled",
    "Report",
    "Request",
    "Sender",
    "Settings",
    "StepReport",
    "apart",
    "compile_plan",
    "export",
    "expressible",
    "sender_for",
    "why_not",
]
