"""The optimum against brute force over a naive evaluator of its own: it shares no code with the exact engine.

Every choice of plans is tried, and every `keep` read as the script has it. Each instance is solved both ways: with all
plans listed, and by column generation as in spaces that are too large for that.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from cascadesim.errors import QuestionError
from cascadesim.optimizer import Answer, optimize, search
from tests.optimizer.instance_limits import is_shared_cost, random_keeps
from tests.optimizer.instances import GOALS, goal_of, is_near_disjoint, random_world
from tests.optimizer.split_oracle import split_best
from tests.optimizer.worlds import CLOSE, World

COUNT, PARTS = 500, 10
SPLIT_GAP = 1e-7  # of the value: shares stay that far inside the limits, as solvers have tolerances
STEPPED_GAP = 0.02  # the same of the time to open: the bound has the curve over time by its heights at 48 instants


def numbers_of(part: int) -> range:
    """Instances of every sort; the sorts repeat after 2, 3, 4, 5, 7, 8, 10 and 20."""
    return range(part * COUNT // PARTS, (part + 1) * COUNT // PARTS)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_optimum_is_that_of_brute_force(monkeypatch, part):
    seen: Counter[str] = Counter()
    for number in numbers_of(part):
        world = random_world(number)
        keeps = random_keeps(world, number)
        seen.update(sorts(world, keeps, number))
        for is_listed in (True, False):
            with monkeypatch.context() as patch:
                if not is_listed:
                    patch.setattr(search, "LISTED", 0)
                    patch.setattr(search, "_TIMED", 0)
                seen[check(world, keeps, f"instance {number}, {'listed' if is_listed else 'generated'}")] += 1
    print(f"\nof {COUNT // PARTS} instances: " + ", ".join(f"{n} {what}" for what, n in sorted(seen.items())))
    few = COUNT // PARTS // 10
    assert seen["nearly disjoint reach"] == few
    assert seen["by reach"] == seen["split"] == few
    assert seen["binding"] >= 2 * 2 * few
    assert seen["infeasible"] >= 2 * few
    assert all(seen[goal] >= few for goal in GOALS)
    for sort in ("joint reach", "kinds", "quiet hours", "late reactions", "a channel repeated", "shared cost"):
        assert seen[sort] >= few, sort
    for sort in ("stops without a cover", "leaves", "ends early", "fees", "reacts from", "never", "more than one step"):
        assert seen[sort] >= 1, sort


def sorts(world: World, keeps, number: int) -> list[str]:
    """What an instance has."""
    question, segments, channels = world.question, world.model.segments, world.model.channels
    delays = [r.delay.shape for c in channels for r in c.rates if r.delay is not None]
    has = {
        goal_of(number): True,
        "nearly disjoint reach": is_near_disjoint(number) and all(b.share <= 0.005 for s in segments for b in s.both),
        "joint reach": any(s.both for s in segments) and not is_near_disjoint(number),
        "kinds": any(s.kinds for s in segments),
        "quiet hours": any(c.quiet for c in channels) or bool(world.model.scenario.quiet),
        "late reactions": "exponential" in delays,
        "a channel repeated": bool(question.repeats),
        "shared cost": len(segments) == 2 and any(map(is_shared_cost, keeps)),
        "stops without a cover": may_stop_uncovered(world),
        "leaves": any(s.leaves for s in segments),
        "ends early": any(early for plan in world.plans for _, _, early in plan),
        "fees": any(p.basis == "campaign" for c in channels for p in c.costs),
        "reacts from": any(s.reacts for s in segments),
        "never": bool(question.never),
        "more than one step": question.min_steps > 1,
        "by reach": question.by_reach,
        "split": question.may_split,
    }
    return [sort for sort, it_has in has.items() if it_has]


def may_stop_uncovered(world: World) -> bool:
    """Whether something stops a chain that is no covering event, nor comes after one."""
    question = world.question
    implying = {"opened": ("opened", "clicked"), "clicked": ("clicked",)}
    covering = {s for e in question.goal_events for s in implying.get(e.state or "", ())}
    return any(e.state not in covering and e not in question.goal_events for e in question.stop_events)


def check(world: World, keeps, name: str) -> str:
    """The answer is that of brute force; says which sort of instance it was."""
    question = replace(world.question, keeps=keeps)
    model = replace(world.model, questions=(question,))
    expected = split_best(world, keeps) if question.may_split else (world.best(keeps) or (None,))[0]
    if expected is None:
        with pytest.raises(QuestionError) as caught:
            optimize(model, question)
        assert {d.code for d in caught.value.diagnostics} <= {"C401", "C402"}, name
        return "infeasible"
    answer = optimize(model, question)
    if question.may_split:
        check_split(world, answer, expected, name)
        return "split and kept"
    assert (answer.status, answer.set_aside) == ("proven", ()), name
    assert answer.objective_value == pytest.approx(expected, rel=CLOSE, abs=CLOSE), name
    chosen = world.chosen(answer.plans)
    assert all(world.keeps(k)[chosen] for k in keeps), name
    assert world.value()[chosen] == pytest.approx(expected, rel=CLOSE, abs=CLOSE), name
    return "binding" if expected != world.best(())[0] else "loose"


def check_split(world: World, answer: Answer, expected: float, name: str) -> None:
    """Value and bound on either side of the linear program's optimum, and next to it."""
    most = STEPPED_GAP if world.question.objective.goal == "time to open" else SPLIT_GAP
    assert answer.objective_value == pytest.approx(expected, rel=most), name
    assert answer.gap is not None, name
    assert answer.gap <= most, name
    sign = 1 if world.question.objective.maximizes else -1
    assert sign * answer.bound >= sign * expected - CLOSE * abs(expected), name
    for plans in answer.plans.values():
        assert sum(p.share for p in plans) == pytest.approx(1, abs=CLOSE), name


def test_tied_reach_changes_what_plans_come_to():
    """So an optimizer that took channels for independent would be seen."""
    world = random_world(2)
    (segment,) = world.model.segments
    loose = World(replace(world.model, segments=(replace(segment, both=()),)), world.question, world.instants)
    assert world.value() != pytest.approx(loose.value(), rel=1e-2)
