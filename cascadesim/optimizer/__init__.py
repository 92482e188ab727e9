"""Optimization: the best plan for a question, searched over the closed form, with a certificate (S16)."""

from cascadesim.optimizer.answer import Answer, FrontierPoint, SegmentPlan, Totals
from cascadesim.optimizer.explain import RunnerUp
from cascadesim.optimizer.ideal import clock_rules, idealised
from cascadesim.optimizer.limits import in_units
from cascadesim.optimizer.optimum import optimize
from cascadesim.optimizer.plan import plan_of
from cascadesim.optimizer.restriction import Restriction
from cascadesim.optimizer.space import Step, Steps

__all__ = [
    "Answer",
    "FrontierPoint",
    "Restriction",
    "RunnerUp",
    "SegmentPlan",
    "Step",
    "Steps",
    "Totals",
    "clock_rules",
    "idealised",
    "in_units",
    "optimize",
    "plan_of",
]
