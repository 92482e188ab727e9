"""A campaign put together from its plans: with the instant at which it really begins, and its people's door."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cascadesim.contacts.members import Excluded
from cascadesim.draws.behaviour import Behaviour
from cascadesim.live.campaign import Campaign, Edition
from cascadesim.live.entering import Door
from cascadesim.model.model import Model
from cascadesim.model.person import Person
from cascadesim.plan import Plan

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def start_of(model: Model, now: int) -> int:
    """When a campaign of this model begins, in Unix microseconds: at its `starts` if that is to come, else now."""
    starts = model.scenario.starts
    if starts is None:
        return now
    return max(now, _unix(starts.replace(tzinfo=ZoneInfo(model.scenario.zone))))


def dated(plan: Plan, began: int) -> Plan:
    """The plan as it is run from that instant: what reads the clock reads the real one (S1)."""
    scenario = plan.model.scenario
    there = (_EPOCH + timedelta(microseconds=began)).astimezone(ZoneInfo(scenario.zone))
    return replace(plan, model=replace(plan.model, scenario=replace(scenario, starts=there.replace(tzinfo=None))))


def campaign_of(name: str, plans: Sequence[Plan], began: int, sha256: str | None = None) -> Campaign:
    """The campaign that is run by the last of these plans; those who began under an earlier one go on by it."""
    *earlier, plan = (dated(plan, began) for plan in plans)
    editions = [Edition(old.model, old.routes()) for old in earlier]
    return Campaign(name, plan.model, plan.routes(), Behaviour(plan.model, 0), editions, sha256)


def door_of(plan: Plan, excluded: Excluded | None = None, reachable: Callable[[Person], Person] | None = None) -> Door:
    """Where the plan's people enter."""
    return Door(plan.model, plan.routes(), excluded, reachable)


def _unix(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)
