"""Random campaigns over the whole chain language: the rehearsal's records are the engine's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cascadesim.draws.people import draw_people
from cascadesim.rehearsal import rehearse
from tests.engines.campaigns import Campaign, campaigns, rounds


@rounds(60)
@given(campaign=campaigns(60), batch=st.sampled_from([1, 4, 50]))
def test_any_campaign_is_rehearsed_as_it_is_simulated(simulate, campaign: Campaign, batch: int):
    plan = campaign.plan
    people = draw_people(plan.model, plan.names, 0, campaign.contacts)
    rehearsal = rehearse(plan, people, batch=batch)
    assert rehearsal.records() == simulate(plan, people)
    assert rehearsal.store.next_due() is None
