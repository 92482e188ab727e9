"""Entering people into a campaign, many at a time."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from cascadesim.live.campaign import Campaign
from cascadesim.live.intake import heed_stops
from cascadesim.live.protocols import Store
from cascadesim.model.person import Person

_AT_ONCE = 10_000


def enrol(campaign: Campaign, store: Store, people: Iterable[Person]) -> int:
    """Enters people, each due at their entry; how many are new. Whom the plan is not for is left out.

    It may break off anywhere and be done again: who is there stays as they are.
    """
    entrants = (row for row in map(campaign.entrant, people) if row is not None)
    enrolled = 0
    while some := list(islice(entrants, _AT_ONCE)):
        with store.transaction(alone=True):  # nobody is stopped in between
            enrolled += store.enrol(heed_stops(store, some))
    return enrolled
