"""Running a plan over rows: what the runner needs (`Store`, `Clock`, `Sender`, `Numbers`), and the runner.

Nothing here knows a rule of a cascade: those are in `cascadesim.cascade`. The rows and the protocols are made for
many stores, clocks and machines; here are a store in memory and a sender that prints. `cascadesim.live.sql` has the
store in SQLite and PostgreSQL, `cascadesim.live.receipts` is where reports come in: both need the extra `live`.
"""

from cascadesim.live.campaign import Campaign, Edition, recipient_key
from cascadesim.live.console import Console
from cascadesim.live.control import Caps, Control, Spent
from cascadesim.live.memory import MemoryStore
from cascadesim.live.protocols import Clock, Later, Numbers, Outgoing, Result, Sender, Settled, Store
from cascadesim.live.rows import (
    Appointment,
    Changes,
    Happening,
    Message,
    Queue,
    Receipt,
    Recipient,
    Report,
    Standing,
    decode_journey,
    encode_journey,
)
from cascadesim.live.runner import Runner

__all__ = [
    "Appointment",
    "Campaign",
    "Caps",
    "Changes",
    "Clock",
    "Console",
    "Control",
    "Edition",
    "Happening",
    "Later",
    "MemoryStore",
    "Message",
    "Numbers",
    "Outgoing",
    "Queue",
    "Receipt",
    "Recipient",
    "Report",
    "Result",
    "Runner",
    "Sender",
    "Settled",
    "Spent",
    "Standing",
    "Store",
    "decode_journey",
    "encode_journey",
    "recipient_key",
]
