"""Where the closed form ends: its near-best plans against each other, on simulated people (S16).

Throughput and clock rules are set aside in the search (`ideal`), so its best may not be the best. `short_list` takes
what it ranks highest, and `compete` lets these plans run by the compiled engine until one is selected (`selection`).
What may then be said is the statement, and nothing more: it speaks of the plans on the list, not of those left out of
it, of the model, and of a selection that is wrong in one case of twenty.

**The score** of a replication is the question's objective as a campaign's own report would have it: a ratio of that
replication's sums (cost over people, cost over covered people, ..). Selection compares the means of these. The other
way, to linearize a ratio around the best one known, compares exactly only what lies at that ratio, which queues may
move far from the forecast; the ratio's own bias, of the order of 1 / people, is small beside any difference
looked for, and mostly the same on both sides.

**Limits.** A plan is ruled out where a t test over replications says that it breaks a `keep` limit. Half of `ALPHA`
is for that: each plan is tested after the first stage, and once more if it is selected, so a limit is tested at
ALPHA / (4 limits), and the best of those plans that keep all is lost with probability ALPHA / 2 at most. When the
one selected is ruled out, the selection is made again from the others, on the same replications. Strict limits
(`under`, `over`) are tested as those that allow the bound. What no test can tell yet is said to be unsure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Context, Decimal
from typing import TYPE_CHECKING, Literal

import numpy as np

from cascadesim.contacts import Contact
from cascadesim.engines.compiled.refusals import refusals
from cascadesim.engines.outcome import Estimate
from cascadesim.model.model import Model
from cascadesim.model.question import Objective, Question
from cascadesim.optimizer.limits import Limit, in_units
from cascadesim.optimizer.quantities import Ratio
from cascadesim.optimizer.selection import ALPHA, FIRST, MOST, Selection, select
from cascadesim.optimizer.shortlist import Listed
from cascadesim.optimizer.space import Steps
from cascadesim.units import BILLION, Duration, plain

if TYPE_CHECKING:  # numba: not where there is no contest
    from cascadesim.optimizer.trials import Counted, Trials

SHARE = 0.005
"""What makes no difference (delta), as a share of the best value that the closed form forecasts on the list."""
MOST_PEOPLE = 60_000_000
"""How many people are simulated in all, about: this limits replications, then the list, then there is no contest."""

_NOISE = 1e-9  # of a limit's bound: float noise breaks no limit

Verdict = Literal["kept", "broken", "unsure"]


@dataclass(frozen=True, slots=True)
class Contender:
    """A plan on the list (steps by segment): its value as `forecast` and as `found`, in the objective's unit.

    `found` has the 95% interval of this plan alone (Student's t over its `replications`), without a mean where some
    replication has no value, as cost per covered person of nobody. `broken` and `unsure` are limits, as sentences.
    """

    steps: Mapping[str, Steps]
    forecast: float | None
    found: Estimate
    replications: int
    broken: tuple[str, ...]
    unsure: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contest:
    """What came of it; plans by their place on the list, that with the best forecast first.

    `winner` is the one selected, None if that was not decided among the `survivors`. `chosen` is the winner, else the
    survivor that did best on average, for want of anything better; None where every plan is ruled out. `delta` is in
    what the objective minimizes: billionths a person or in all, a share, billionths a covered person, microseconds.
    """

    contenders: tuple[Contender, ...]
    survivors: tuple[int, ...]
    winner: int | None
    chosen: int | None
    replications: int
    delta: float
    statement: str


def compete(
    model: Model,
    question: Question,
    people: Mapping[str, Sequence[Contact]],
    listed: Sequence[Listed],
    objective: Ratio,
    limits: Sequence[Limit],
    most: int = MOST,
) -> Contest | None:
    """The contest of the plans listed, the best forecast first, on the whole model; `most` replications each at most.

    None where there is nothing to select from or to measure by: fewer than two plans, or as many people that two
    cannot be run often enough, a best plan without a value, or what the compiled engine does not do.
    """
    from cascadesim.optimizer.trials import Trials, case_of

    if not listed or not math.isfinite(listed[0].value):
        return None
    affordable = int(MOST_PEOPLE / max(1.0, listed[0].people))  # runs of one plan
    listed = listed[: affordable // FIRST]
    if len(listed) < 2 or any(any(refusals(model, case_of(question, plan.steps))) for plan in listed):
        return None
    wanted = {q for ratio in (objective, *(limit.ratio for limit in limits)) for q in ratio.quantities}
    trials = Trials(model, question, people, [plan.steps for plan in listed], wanted)
    most = min(most, max(FIRST, affordable // len(listed)))
    return _Referee(model, question, trials, listed, objective, limits, most).run()


class _Referee:
    """One contest: tests limits and selects, until the one selected breaks none for sure."""

    def __init__(
        self,
        model: Model,
        question: Question,
        trials: Trials,
        listed: Sequence[Listed],
        objective: Ratio,
        limits: Sequence[Limit],
        most: int,
    ) -> None:
        self._currency = model.scenario.currency
        self._goal = question.objective
        self._trials = trials
        self._listed = listed
        self._objective = objective
        self._limits = limits
        self._most = most
        self._delta = indifference([plan.value for plan in listed])

    def run(self) -> Contest:
        everybody = range(len(self._listed))
        out = {plan for plan in everybody if self._breaks(plan, FIRST)}
        seen = dict.fromkeys(everybody, FIRST)
        while True:
            selection = self._selection([plan for plan in everybody if plan not in out])
            seen |= {plan: len(values) for plan, values in selection.observed.items()}
            chosen = selection.leader
            if chosen is None or not self._breaks(chosen, seen[chosen]):
                break
            out.add(chosen)
        return Contest(
            contenders=tuple(self._contender(plan, seen[plan]) for plan in everybody),
            survivors=selection.survivors,
            winner=selection.best,
            chosen=chosen,
            replications=max(seen.values()),
            delta=self._delta,
            statement=self._statement(selection, max(seen.values())),
        )

    def _selection(self, plans: Sequence[int]) -> Selection:
        alpha = ALPHA / 2 if self._limits else ALPHA
        rivals = len(self._listed) - 1
        return select(plans, self._observe, self._delta, alpha=alpha, rivals=rivals, first=FIRST, most=self._most)

    def _observe(self, plan: int, replication: int) -> float:
        return self._trials.of(plan, replication).value(self._objective)

    def _breaks(self, plan: int, replications: int) -> bool:
        return any(verdict == "broken" for _, verdict in self._verdicts(plan, replications))

    def _verdicts(self, plan: int, replications: int) -> list[tuple[str, Verdict]]:
        """What may be said of each limit, and the words for it."""
        counted = self._trials.first(plan, replications)
        level = ALPHA / (4 * max(1, len(self._limits)))
        return [(_told(limit, counted), verdict(limit, counted, level)) for limit in self._limits]

    def _contender(self, plan: int, replications: int) -> Contender:
        verdicts = self._verdicts(plan, replications)
        values = [self._observe(plan, replication) for replication in range(replications)]
        return Contender(
            steps=self._listed[plan].steps,
            forecast=in_units(self._goal, self._listed[plan].value),
            found=_interval(self._goal, values),
            replications=replications,
            broken=tuple(told for told, verdict in verdicts if verdict == "broken"),
            unsure=tuple(told for told, verdict in verdicts if verdict == "unsure"),
        )

    def _statement(self, selection: Selection, replications: int) -> str:
        these = f"these {len(self._listed)} plans"
        if not selection.survivors:
            return f"On simulated people each of {these} breaks a limit or has no value."
        if selection.best is None:
            left = len(selection.survivors)
            return f"Not decided in {replications} replications on simulated people: {left} of {these} remain."
        kept = " that keep the limits" if self._limits else ""
        far = within(self._goal, self._delta, self._currency)
        return (
            f"Within {far} ({SHARE:.1%} of the best forecast) of the best of {these}{kept}, with {1 - ALPHA:.0%} "
            f"confidence; on simulated people, in {replications} replications."
        )


def indifference(values: Sequence[float]) -> float:
    """`SHARE` of the first value's size; of the largest one's, if that is zero; anything, if they all are."""
    return SHARE * (abs(values[0]) or max(map(abs, values))) or 1.0


def verdict(limit: Limit, counted: Sequence[Counted], level: float) -> Verdict:
    """Whether a plan keeps a limit on average over campaigns, by a one-sided t test at `level` either way."""
    from scipy.stats import t

    over = np.array([it.total(limit.row[0]) for it in counted])
    noise = _NOISE * abs(limit.bound) * float(np.mean([it.total(limit.ratio.below) for it in counted]))
    half = float(t.ppf(1 - level, len(over) - 1)) * float(over.std(ddof=1)) / math.sqrt(len(over))
    if over.mean() - half > noise:
        return "broken"
    return "kept" if over.mean() + half <= noise else "unsure"


def _told(limit: Limit, counted: Sequence[Counted]) -> str:
    above, below = (sum(it.total(form) for it in counted) for form in (limit.ratio.above, limit.ratio.below))
    found = f"comes to {limit.shown(above / below)}" if below > 0 else "has no value"
    return f"{limit.named} {found}; the script asks for {limit.asked}"


def _interval(objective: Objective, values: Sequence[float]) -> Estimate:
    """The mean and its 95% interval, in the objective's unit; of coverage per cost both are those of its inverse."""
    from scipy.stats import t

    if not all(map(math.isfinite, values)):
        return Estimate(None)
    mean = float(np.mean(values))
    half = float(t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1)) / math.sqrt(len(values))
    ends = [in_units(objective, value) for value in (mean - half, mean + half)]
    known = sorted(end for end in ends if end is not None)
    low, high = known if len(known) == len(ends) else (None, None)
    return Estimate(in_units(objective, mean), low, high)


def within(objective: Objective, delta: float, currency: str) -> str:
    """A difference in what the objective minimizes, with its unit: two digits, rounded up."""
    match objective.goal:
        case "cost per person":
            return f"{_digits(delta / BILLION)} {currency} per person"
        case "coverage":
            return f"{_digits(100 * delta)} percentage points"
        case "coverage per cost":
            return f"{_digits(delta / BILLION)} {currency} per covered person"
        case "profit":
            return f"{_digits(delta / BILLION)} {currency}"
        case "time to open":
            return str(Duration(math.ceil(delta)))


def _digits(number: float) -> str:
    return plain(Context(2, ROUND_CEILING).plus(Decimal(repr(number))))
