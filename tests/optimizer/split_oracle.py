"""The best where segments may be split between plans: one linear program over every plan there is (scipy)."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from cascadesim.model.question import Keep
from cascadesim.units import BILLION
from tests.optimizer.worlds import World, bound_of


def plan_values(world: World, keep: Keep, of: str | None) -> tuple[np.ndarray, np.ndarray]:
    """What stands above and below in a limit, for each plan of each group, side by side."""
    horizon = int(world.model.scenario.horizon)

    def each(what) -> np.ndarray:
        return np.concatenate(world.of_plans(of, what))

    people, covered = each(lambda s: 1.0), each(lambda s: s.covered)
    cost, one = each(lambda s: sum(s.cost.values())), np.zeros(0)
    messages = each(lambda s: sum(n for c, n in s.messages.items() if keep.channel in (None, c)))
    match keep.measure:
        case "coverage":
            return covered, people
        case "total cost":
            return cost, one
        case "cost per person":
            return cost, people
        case "cost per covered person":
            return cost, covered
        case "messages per person":
            return messages, people
        case "messages":
            return messages, one
        case "time to open":
            by = int(keep.value) - (keep.bound == "under")
            return each(lambda s: s.opened(by)), each(lambda s: s.opened(horizon))
    raise AssertionError(keep.measure)


def split_best(world: World, keeps) -> float | None:
    """The objective's best value, no campaign fees counted; None where the limits cannot be kept.

    Variables are each plan's share of its group, times t: with t = 1, or where the goal is a ratio t such that what
    stands below is one (Charnes and Cooper, 1962).
    """
    plans, groups = len(world.plans), len(world.groups)
    rows, rights = [], []
    for keep in keeps:
        bound, wants_more = bound_of(keep)
        for of in world.scopes(keep):
            above, below = plan_values(world, keep, of)
            row = np.append(above - bound * below, 0.0) if len(below) else np.append(above, -bound)
            rows.append(-row if wants_more else row)
            rights.append(0.0)
    one_each = np.zeros((groups, groups * plans + 1))
    for g in range(groups):
        one_each[g, g * plans : (g + 1) * plans] = 1.0
        one_each[g, -1] = -1.0
    goal, scale = split_goal(world)
    fixed = np.append(np.zeros(groups * plans), 1.0) if scale is None else np.append(scale, 0.0)
    sizes = [np.abs(row).max() or 1.0 for row in rows]
    found = linprog(
        np.append(goal, 0.0),
        A_ub=np.array([row / size for row, size in zip(rows, sizes, strict=True)]) if rows else None,
        b_ub=np.array(rights) if rows else None,
        A_eq=np.vstack([one_each, fixed]),
        b_eq=np.append(np.zeros(groups), 1.0),
        bounds=(0, None),
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if found.status == 2:
        return None
    assert found.status == 0, found.message
    return -found.fun if world.question.objective.maximizes else found.fun


def split_goal(world: World) -> tuple[np.ndarray, np.ndarray | None]:
    """What is minimized and, for a ratio, what stands below it, both of sizes near one."""
    everybody = sum(world.people)

    def each(what) -> np.ndarray:
        return np.concatenate(world.of_plans(None, what))

    covered, cost = each(lambda s: s.covered), each(lambda s: sum(s.cost.values())) / BILLION
    objective = world.question.objective
    match objective.goal:
        case "cost per person":
            return cost / everybody, None
        case "coverage":
            return -covered / everybody, None
        case "coverage per cost":
            return -covered, cost
        case "profit":
            return cost - covered * objective.value.billionths / BILLION, None
        case "time to open":
            return each(lambda s: s.time) / everybody / 1e6, None
    raise AssertionError(objective.goal)
