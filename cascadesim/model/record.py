"""One row a message: what simulations and rehearsals record."""

from __future__ import annotations

from typing import NamedTuple


class Record(NamedTuple):
    """A dispatched message. Times are microseconds since the campaign's start, None if never by the horizon.

    `recipient` is the person's id, `step` the number of the chain's send from 1, `cost` is in billionths of the
    scenario's currency, `attempt` counts the earlier messages on this channel to this person. An answered call
    is opened. Rows are ordered by (replication, segment, the person's number, step, channel).
    """

    replication: int
    segment: str
    recipient: str
    step: int
    channel: str
    entered_at: int
    queued_at: int
    sent_at: int
    delivered_at: int | None
    opened_at: int | None
    clicked_at: int | None
    replied_at: int | None
    cost: int
    attempt: int
