"""Uncertain rates: what is believed of them, how the plans fare under draws, and what to measure next.

`beliefs` reads `measured on` and ranges as Beta distributions, `draws` makes whole models of them, `contenders`
solves the question on each, `worth` weighs every contender on every draw, `prices` says what missing a limit costs,
`regret` and `information` are the figures, `study` puts all of it together. `swings` moves one rate at a time.
"""

from cascadesim.optimizer.uncertainty.beliefs import Belief, RateName, beliefs
from cascadesim.optimizer.uncertainty.information import SIZES, Suggestion, Worthwhile
from cascadesim.optimizer.uncertainty.regret import PlanRegret
from cascadesim.optimizer.uncertainty.study import DRAWS, PricedLimit, Uncertainty, uncertainty
from cascadesim.optimizer.uncertainty.swings import APART, Point, Swing, swings, switches

__all__ = [
    "APART",
    "DRAWS",
    "SIZES",
    "Belief",
    "PlanRegret",
    "Point",
    "PricedLimit",
    "RateName",
    "Suggestion",
    "Swing",
    "Uncertainty",
    "Worthwhile",
    "beliefs",
    "swings",
    "switches",
    "uncertainty",
]
