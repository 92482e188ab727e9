"""Optimization: the best plan for a question, searched over the closed form, with a certificate (S16).

Data flows down this list; each file knows those above it.

| file | what it is about |
|---|---|
| `space`, `restriction` | which plans a question allows, which of them a vendor can carry |
| `quantities`, `limits` | what adds up over people; the objective and the `keep` lines as ratios of such sums |
| `board` | one segment as arrays: who is written to, the instants, S, G and J |
| `bound` | what no way of going on can be under, and the proof |
| `position`, `outlook` | where a search is, and what may still come: the compiled moves and the bound |
| `descent`, `sweep` | the compiled searches: for the best plan, for the cheapest at every level of coverage |
| `solver` | these for one segment: the best plan, all plans up to a value |
| `audience`, `candidates` | who gets one plan; the plans they may get, and what each comes to |
| `relax`, `choice`, `master` | one plan for each audience within limits that all share |
| `generation`, `search` | the plans that matter where there are too many to list, and the bound on all others |
| `levels`, `frontier` | what coverage costs |
| `shortlist`, `selection`, `trials`, `contest` | near-best plans on simulated people, where the closed form ends |
| `explain`, `diagnosis` | what a change of a step would cost; why no plan keeps the limits |
| `uncertainty` | what rates that are not known for sure do to the answer |
| `ideal`, `task`, `optimum`, `answer`, `plan` | from a question to an answer, and to a plan document |
"""

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
