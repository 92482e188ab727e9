"""Faults of meaning, one rule a file: each looks at the whole model and notes what cannot be or is likely wrong."""

from __future__ import annotations

from cascadesim.language.resolve import Campaign
from cascadesim.language.rules import (
    branches,
    channels,
    clocks,
    earlier,
    events,
    kinds,
    limits,
    questions,
    reach,
    samples,
    segments,
    timeline,
    unreachable,
    unused,
    volume,
    waits,
)
from cascadesim.language.rules.case import Case
from cascadesim.language.rules.references import with_stand_ins
from cascadesim.language.statements import Faults
from cascadesim.model.model import Model

_RULES = (channels.check, segments.check, samples.check, reach.check, kinds.check, events.check, earlier.check,
          waits.check, timeline.check, volume.check, branches.check, unreachable.check, clocks.check, questions.check,
          limits.check, unused.check)  # fmt: skip


def check_rules(model: Model, campaign: Campaign, faults: Faults) -> None:
    """Notes all the faults of meaning."""
    case = Case(with_stand_ins(model, campaign, faults), campaign, faults)
    for rule in _RULES:
        rule(case)
