"""The records of a campaign that is run: the columns of `simulate --records`, as far as they have been reported."""

from __future__ import annotations

from cascadesim.live import Campaign
from cascadesim.live.sql import SqlStore
from cascadesim.live.sql.history import told
from cascadesim.model.billing import Billing
from cascadesim.model.rates import State
from cascadesim.model.record import Record

_BILLED: tuple[State, ...] = ("delivered", "opened", "clicked", "replied")


def live_records(campaign: Campaign, store: SqlStore) -> list[Record]:
    """A row a message, in the order of segment, person's number, step and channel; an answer is an open.

    The cost is that of what has been reported, so it grows as receipts come in.
    """
    prices = [Billing(program.model) for program in campaign.programs]
    found = []
    for message, recipient, reached in told(store):
        program, person = campaign.programs[recipient.route], recipient.person
        until = person.entry + program.horizon
        known = {("opened" if s == "answered" else s): at for s, at in reached.items() if at <= until}
        states = tuple(state for state in _BILLED if state in known)
        cost = (
            0
            if message.state == "refused"
            else prices[recipient.route].cost(program.chain, message.step, message.channel, person, states)
        )
        place = (person.segment, person.number, message.step, message.channel)
        at = (known.get("delivered"), known.get("opened"), known.get("clicked"), known.get("replied"))
        row = Record(
            0, person.segment, person.id, message.step, message.channel, person.entry,
            message.queued_at, message.sent_at, *at, cost, message.attempt,
        )  # fmt: skip
        found.append((place, row))
    return [row for _, row in sorted(found)]
