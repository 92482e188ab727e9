"""`--draws`: the question asked again under rates drawn from what is known of them, and the document it makes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cascadesim.cli.asked import Asked, steps_json
from cascadesim.cli.output import Output

if TYPE_CHECKING:
    from cascadesim.optimizer import Answer
    from cascadesim.optimizer.uncertainty import Belief, PlanRegret, RateName, Uncertainty, Worthwhile


def doubt(out: Output, asked: Asked, answer: Answer, draws: int) -> Uncertainty:
    """What so many draws say of the answer."""
    from cascadesim.optimizer.uncertainty import uncertainty

    with out.progress("solving") as progress:
        told = None if progress is None else lambda done, total: progress("draws", done, total)
        return uncertainty(asked.model, answer, asked.contacts, draws, told)


def uncertainty_json(found: Uncertainty) -> dict[str, Any]:
    """Shares are 0..1; regrets, prices and what knowledge is worth are in the objective's unit."""
    suggested = found.suggestion
    return {
        "draws": found.draws,
        "plans": [_plan(found, plan) for plan in found.plans],
        "limits": [{"keep": f"{p.limit.named} {p.limit.asked}", "price": p.price} for p in found.limits],
        "unkeepable": found.unkeepable,
        "rates": [_rate(rate) for rate in found.rates],
        "measure": suggested
        and {"rate": _name(suggested.belief.name), "people": suggested.people, "worth": suggested.gain},
    }


def _plan(found: Uncertainty, plan: PlanRegret) -> dict[str, Any]:
    return {
        "chosen": plan is found.chosen,
        "wins": plan.wins,
        "regret": _finite(plan.regret),
        "regret_error": _finite(plan.error),
        "kept": list(plan.kept),
        "keeps_all": plan.keeps_all,
        "steps": steps_json(found.steps(plan)),
    }


def _rate(rate: Worthwhile) -> dict[str, Any]:
    from cascadesim.optimizer.uncertainty import SIZES

    measured = [{"people": size, "worth": worth} for size, worth in zip(SIZES, rate.measured, strict=True)]
    return {**_belief(rate.belief), "worth": rate.exactly, "measured": measured}


def _belief(belief: Belief) -> dict[str, Any]:
    low, high = belief.interval
    return {"rate": _name(belief.name), "mean": belief.mean, "low": low, "high": high}


def _name(name: RateName) -> dict[str, Any]:
    return {"channel": name.channel, "verb": name.verb, "segment": name.segment, "resend": name.resend}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
