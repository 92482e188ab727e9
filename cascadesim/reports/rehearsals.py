"""What a rehearsal came to, for a terminal and as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from cascadesim.rehearsal import Rehearsal
from cascadesim.reports import tables, words
from cascadesim.units import BILLION

NOBODY = "Nobody was contacted."


def rehearsal_report(rehearsal: Rehearsal) -> Iterator[RenderableType]:
    """People, messages by channel, receipts and cost."""
    scenario = rehearsal.plan.model.scenario
    made = tables.table("channel", "messages")
    for channel, count in rehearsal.messages.items():
        made.add_row(channel, words.count(count))
    yield tables.titled("The rehearsal", made)
    cost = words.money(rehearsal.cost.billionths / BILLION, scenario.currency)
    messages = words.plural(sum(rehearsal.messages.values()), "message")
    people = words.plural(rehearsal.people, "person", "people")
    came = words.plural(rehearsal.receipts, "receipt")
    yield Text(f"{people} (seed {scenario.seed}), {messages}, {came} came in, {cost} in all. {NOBODY}")


def rehearsal_json(rehearsal: Rehearsal) -> dict[str, Any]:
    """The document of `rehearse --json`: counts, and the cost in units of the scenario's currency."""
    scenario = rehearsal.plan.model.scenario
    return {
        "scenario": scenario.title,
        "seed": scenario.seed,
        "people": rehearsal.people,
        "messages": sum(rehearsal.messages.values()),
        "channels": [{"channel": channel, "messages": n} for channel, n in rehearsal.messages.items()],
        "receipts": rehearsal.receipts,
        "cost": rehearsal.cost.billionths / BILLION,
    }


def sameness(is_same: bool) -> Text:
    """Whether the rehearsal's records are the simulation's, in a sentence."""
    if is_same:
        return Text("Its records equal the simulation's for the same seed, every one of them.")
    return Text("Its records differ from the simulation's for the same seed: the plan must not be trusted.", tables.BAD)
