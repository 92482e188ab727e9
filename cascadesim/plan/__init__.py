"""The plan document: all that rehearsing, exporting and running a campaign needs, in one small JSON file."""

from __future__ import annotations

from cascadesim.plan.document import (
    Certificate,
    Forecast,
    Plan,
    PlanSegment,
    StepSummary,
    changed_since,
    chosen_plan,
    steps_of,
)
from cascadesim.plan.reading import parse_plan, read_plan
from cascadesim.plan.writing import replacing, write_plan

__all__ = [
    "Certificate",
    "Forecast",
    "Plan",
    "PlanSegment",
    "StepSummary",
    "changed_since",
    "chosen_plan",
    "parse_plan",
    "read_plan",
    "replacing",
    "steps_of",
    "write_plan",
]
