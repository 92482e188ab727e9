"""The optimizer's answer as a plan document."""

from __future__ import annotations

from cascadesim.model.model import Model
from cascadesim.optimizer.answer import Answer, SegmentPlan
from cascadesim.optimizer.space import Space
from cascadesim.plan import Certificate, Forecast, Plan, PlanSegment, steps_of
from cascadesim.units import BILLION, Share


def plan_of(answer: Answer, model: Model, source_sha256: str) -> Plan:
    """The plan that carries the answer: on the whole model, clock rules and limits included, with its certificate.

    Forecasts are the closed form's: without what the certificate says was set aside.
    """
    question = answer.question
    entries = tuple(_entry(name, part) for name in sorted(answer.plans) for part in answer.plans[name])
    certificate = Certificate(
        status=answer.status,
        objective_value=answer.objective_value,
        bound=answer.bound,
        gap=answer.gap,
        nodes=answer.nodes,
        channels=tuple(sorted(question.channels)),
        waits=tuple(wait.seconds for wait in sorted(question.waits)),
        max_steps=Space.of(model, question).max_steps,
        set_aside=answer.set_aside,
    )
    return Plan(source_sha256, model, entries, question.objective, certificate)


def _entry(segment: str, part: SegmentPlan) -> PlanSegment:
    measures = part.measures
    coverage = Share(min(1.0, max(0.0, measures.covered)))  # float noise may pass 1 by a hair
    forecast = Forecast(coverage, measures.cost / BILLION, measures.messages)
    reach = None if part.reach is None else tuple(sorted(part.reach))
    return PlanSegment(segment, part.share, reach, steps_of(part.chain), part.chain, forecast)
