"""The exact engine: linear chains without limits, in closed form and by quadrature (S15).

In scope are steps on one channel each, with plain waits and `but .. if undelivered`, all that channels, segments and
contacts say of reach, rates, delays, kinds and prices, any stop and covering events, and plans split over a segment.
Where everybody enters at the campaign's start clock rules are too: quiet hours, `reacts from`, `wait until`; messages
then go out at known instants for each class of people. `refusals` says, of anything else, why it is not.

**How far off it may be.** Where no integral is needed, figures are exact to rounding (some 1e-15). Otherwise a
probability is off by less than 1e-9; how that is controlled:

 - The delays' distributions are cut where 1e-12 of the probability lies beyond (`spreads`).
 - Integrals over a delay are cut at its distribution's knots, at those of what follows, and where hours begin and end,
   so that every piece is smooth; ten-point Gauss-Legendre then has some eleven digits (`quadrature.integral`).
 - What is asked for at many ages is tabulated by polynomials of degree 13 on pieces that are halved until their last
   three coefficients are below 1e-11: there the error is measured, and not hoped for (`quadrature.Table`).
 - First opens and mean times integrate such products once more, by twelve-point Gauss-Lobatto on pieces between the
   knots of all messages; jumps are added one by one (`schedule`). All steps' first opens add up to the curve's end.
 - A delay after another random one is rounded up by half a microsecond on the average (`stages`).
"""

from cascadesim.engines.exact.evaluate import evaluate, time_to_open
from cascadesim.engines.exact.evaluator import Evaluator, Measures, Prefix, Step
from cascadesim.engines.exact.many import ManyPlans
from cascadesim.engines.exact.refusals import clock_rules, refusals

__all__ = [
    "Evaluator",
    "ManyPlans",
    "Measures",
    "Prefix",
    "Step",
    "clock_rules",
    "evaluate",
    "refusals",
    "time_to_open",
]
