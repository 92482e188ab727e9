"""The exact engine: linear chains without limits and clock rules, in closed form and by quadrature (S15)."""

from cascadesim.engines.exact.evaluate import evaluate
from cascadesim.engines.exact.evaluator import Evaluator, Measures, Prefix, Step
from cascadesim.engines.exact.refusals import refusals

__all__ = ["Evaluator", "Measures", "Prefix", "Step", "evaluate", "refusals"]
