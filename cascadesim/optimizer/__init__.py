"""Optimization: the best plan for a question, searched over the closed form, with a certificate (S16)."""

from cascadesim.optimizer.answer import Answer, FrontierPoint, SegmentPlan, Totals
from cascadesim.optimizer.ideal import idealised
from cascadesim.optimizer.optimum import optimize
from cascadesim.optimizer.plan import plan_of
from cascadesim.optimizer.restriction import Restriction
from cascadesim.optimizer.space import Step, Steps

__all__ = [
    "Answer",
    "FrontierPoint",
    "Restriction",
    "SegmentPlan",
    "Step",
    "Steps",
    "Totals",
    "idealised",
    "optimize",
    "plan_of",
]
