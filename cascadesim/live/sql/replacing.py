"""Another plan for a campaign that runs: applied to those who have not started, and to all who enter from then on."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select, update

from cascadesim.errors import Diagnostic, PlanError
from cascadesim.live import codes
from cascadesim.live.campaign import Campaign, keys_of
from cascadesim.live.hand import Hand
from cascadesim.live.protocols import Clock
from cascadesim.live.rows import Recipient
from cascadesim.live.sql.schema import recipient
from cascadesim.live.sql.store import SqlStore
from cascadesim.live.turn import Turn
from cascadesim.model.model import Model
from cascadesim.plan import Plan

_AT_ONCE = 1_000


def check_replacement(plan: Plan, by: Plan) -> None:
    """PlanError where the people of the one could not follow the other."""
    faults = []
    if plan.names != by.names:
        faults.append(f"the plan is for {_listed(by.names)}, and the campaign for {_listed(plan.names)}")
    if len(plan.names) > 1 and any(
        plan.model.segment(n).people != by.model.segment(n).people for n in plan.names if n in by.names
    ):
        faults.append("the plan takes other people into its segments")
    if _channels(plan.model) != _channels(by.model):
        faults.append("the plan has other channels, or other columns of addresses, or limits where there were none")
    hint = "begin another campaign with it, in the same store: --campaign NAME"
    if faults:
        raise PlanError(*(Diagnostic(codes.OTHER_PEOPLE, "error", None, fault, hint) for fault in faults))


def replace_for_those_who_wait(campaign: Campaign, store: SqlStore, clock: Clock) -> int:
    """Begins the ways of those who have got nothing yet anew, by the campaign's newest plan; how many they are.

    Who is in a runner's hand at the moment has started.
    """
    start, replaced = "", 0
    while True:
        with store.transaction(alone=True):
            rows = _free(store, start)
            if not rows:
                return replaced
            start = rows[-1].key
            turn = Turn(campaign, Hand(store), clock.now())
            turn.hand.take(rows)
            found = _unstarted(campaign, rows, turn.hand)
            for row, anew in found:
                turn.begin_anew(row, anew)
            turn.hand.commit({})
            _reroute(store, [anew for _, anew in found])
            replaced += len(found)


def _free(store: SqlStore, start: str) -> list[Recipient]:
    mine = recipient.c.campaign == store.campaign, recipient.c.state != "done", recipient.c.lease_until == 0
    keys = select(recipient.c.key).where(*mine, recipient.c.key > start).order_by(recipient.c.key).limit(_AT_ONCE)
    with store.connection() as connection:
        found = list(connection.execute(keys.with_for_update(skip_locked=True)).scalars())
    return sorted(store.recipients(found), key=lambda row: row.key)


def _unstarted(campaign: Campaign, rows: Sequence[Recipient], hand: Hand) -> list[tuple[Recipient, Recipient]]:
    ours = {row.key: keys_of(campaign.name, row) for row in rows}
    hand.fetch(messages=[key for keys in ours.values() for key in keys])
    waiting = [row for row in rows if not any(hand.is_written(key) for key in ours[row.key])]
    anew = ((row, campaign.entrant(row.person)) for row in waiting)
    return [(row, fresh) for row, fresh in anew if fresh is not None and row.route != fresh.route]


def _reroute(store: SqlStore, rows: Sequence[Recipient]) -> None:
    """Whose chain is another: while people are on their way it never is, so no commit writes it."""
    mine = recipient.c.campaign == store.campaign, recipient.c.key == bindparam("of")
    with store.connection() as connection:
        if rows:
            changed = update(recipient).where(*mine).values(route=bindparam("to"))
            connection.execute(changed, [{"of": row.key, "to": row.route} for row in rows])


def _channels(model: Model) -> set[tuple[str, str, bool]]:
    return {(channel.name, channel.column, channel.throughput is None) for channel in model.channels}


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
