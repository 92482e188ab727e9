"""The exact choice of one plan a segment against trying everything, on random systems of rows."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from cascadesim.errors import RefusedError
from cascadesim.optimizer import choice
from cascadesim.optimizer.choice import minimum
from cascadesim.optimizer.relax import Fees, Relaxation, System


def random_system(number: int) -> tuple[System, tuple[np.ndarray, ...]]:
    rng = np.random.default_rng(number)
    sizes = rng.integers(1, 7, size=rng.integers(1, 5))
    rows, channels = int(rng.integers(0, 4)), int(rng.integers(0, 3))
    whole = rng.random() < 0.3  # whole numbers have ties
    draw = (lambda *n: rng.integers(-3, 9, size=n).astype(float)) if whole else (lambda *n: rng.normal(1.0, 2.0, n))
    uses = tuple((rng.random((n, channels)) < 0.4).astype(float) for n in sizes)
    system = System(
        objective=tuple(draw(n) for n in sizes),
        rows=tuple(draw(n, rows) for n in sizes),
        bounds=draw(rows) * len(sizes) * 0.6,
        strict=rng.random(rows) < 0.3,
        slack=np.full(rows, 1e-11),
        objective_fees=float(rng.choice([-0.5, 0.0, 1.0])),
        row_fees=rng.choice([-0.3, 0.0, 0.0, 1.0], size=rows),
        fees=Fees(rng.uniform(0, 3, channels), rng.choice([0.0, 2.0, 6.0], size=channels)),
        uses=uses,
        spent=tuple(u * rng.uniform(0, 3, u.shape) for u in uses),
    )
    return system, tuple(rng.integers(1, 4, size=n).astype(float) for n in sizes)


def brute(system: System, lengths) -> tuple[float, tuple[int, ...]] | None:
    """Fees by S13, read from the definition: the larger of what is spent and the fee, and the minimum."""
    found = []
    for picks in itertools.product(*(range(len(o)) for o in system.objective)):
        at = list(enumerate(picks))
        fees = 0.0
        for c, (fee, least) in enumerate(zip(system.fees.fee, system.fees.least, strict=True)):
            spent = sum(system.spent[s][k, c] for s, k in at)
            if any(system.uses[s][k, c] for s, k in at):
                fees += max(spent + fee, least) - spent
        value = sum(system.objective[s][k] for s, k in at) + system.objective_fees * fees
        sums = [sum(system.rows[s][k, r] for s, k in at) + f * fees for r, f in enumerate(system.row_fees)]
        kept = [
            x < b - 1e-11 if strict else x <= b + 1e-11
            for x, b, strict in zip(sums, system.bounds, system.strict, strict=True)
        ]
        if all(kept):
            found.append((value, sum(lengths[s][k] for s, k in at), picks))
    if not found:
        return None
    least = min(value for value, _, _ in found)
    _, picks = min((steps, picks) for value, steps, picks in found if value <= least + 1e-10)
    return least, picks


def test_the_choice_is_that_of_trying_everything():
    outcomes = {"found": 0, "infeasible": 0}
    for number in range(200):
        system, lengths = random_system(number)
        expected, got = brute(system, lengths), minimum(system, lengths)
        outcomes["found" if expected else "infeasible"] += 1
        if expected is None:
            assert got is None, number
            continue
        assert got is not None, number
        assert got.value == pytest.approx(expected[0], rel=1e-9, abs=1e-9), number
        assert got.picks == expected[1], number
        assert got.bound == got.value, number
    assert min(outcomes.values()) >= 20


def test_no_choice_is_under_the_relaxation_s_bound():
    solved = {"feasible": 0, "infeasible": 0}
    for number in range(60):
        system, lengths = random_system(number)
        expected = brute(system, lengths)
        relaxed = Relaxation(system).solve(tuple(np.arange(len(o)) for o in system.objective))
        solved["infeasible" if relaxed.shares is None else "feasible"] += 1
        if expected is not None:
            assert relaxed.least <= (1e-12 if relaxed.shares is None else expected[0] + 1e-8), number
    assert min(solved.values()) >= 5


def many_segments(count: int, number: int) -> tuple[System, tuple[np.ndarray, ...]]:
    """A knapsack: more coverage costs more, and the money goes round for about half."""
    rng = np.random.default_rng(number)
    cost = [np.sort(rng.uniform(0, 10, 80)) for _ in range(count)]
    gain = [np.sqrt(c) * 5 + rng.uniform(0, 0.1, 80) for c in cost]
    system = System(
        objective=tuple(-g for g in gain),
        rows=tuple(c[:, None] for c in cost),
        bounds=np.array([4.0 * count]),
        strict=np.array([False]),
        slack=np.array([1e-10]),
        objective_fees=0.0,
        row_fees=np.zeros(1),
        fees=Fees(np.zeros(0), np.zeros(0)),
        uses=tuple(np.zeros((80, 0)) for _ in cost),
        spent=tuple(np.zeros((80, 0)) for _ in cost),
    )
    return system, tuple(np.ones(80) for _ in cost)


def test_a_dozen_segments_are_chosen_exactly():
    system, lengths = many_segments(12, 1)
    got = minimum(system, lengths)
    assert got is not None
    assert got.bound == got.value
    assert sum(r[k, 0] for r, k in zip(system.rows, got.picks, strict=True)) <= 48.0


@pytest.mark.parametrize("number", range(8))
def test_splitting_nodes_finds_the_same(monkeypatch, number):
    monkeypatch.setattr(choice, "_ENOUGH", 2)
    for system, lengths in (random_system(1000 + 8 * i + number) for i in range(12)):
        expected, got = brute(system, lengths), minimum(system, lengths)
        assert (expected is None) == (got is None)
        assert got is None or got.picks == expected[1]


def test_a_choice_given_up_keeps_an_honest_bound(monkeypatch):
    system, lengths = many_segments(12, 2)
    best = minimum(system, lengths)
    monkeypatch.setattr(choice, "MOST_NODES", 1)
    monkeypatch.setattr(Relaxation, "choose", lambda self, node, gap: tuple(np.eye(1, len(n))[0] for n in node))
    hasty = minimum(system, lengths)
    assert best is not None
    assert hasty is not None
    assert hasty.bound <= best.value <= hasty.value
    assert hasty.bound < hasty.value


def test_a_choice_given_up_without_any_plan_is_refused(monkeypatch):
    system, lengths = many_segments(12, 3)
    monkeypatch.setattr(choice, "MOST_NODES", 0)
    monkeypatch.setattr(Relaxation, "choose", lambda self, node, gap: None)
    with pytest.raises(RefusedError, match="no choice of plans"):
        minimum(system, lengths)


def test_many_segments_of_which_one_has_no_plan_within_the_rows():
    """Each of its plans breaks another row. The grid of the others' plans would have more cells than arrays may have."""
    broken = np.where(np.arange(200)[:, None] % 2 == [0, 1], 9.0, 0.0)
    none = np.zeros((200, 0))
    system = System(
        objective=tuple(np.arange(200.0) for _ in range(24)),
        rows=tuple(broken if s == 3 else np.zeros((200, 2)) for s in range(24)),
        bounds=np.ones(2), strict=np.zeros(2, dtype=np.bool_), slack=np.full(2, 1e-9), objective_fees=0.0,
        row_fees=np.zeros(2), fees=Fees(np.zeros(0), np.zeros(0)), uses=(none,) * 24, spent=(none,) * 24,
    )  # fmt: skip
    assert minimum(system, (np.ones(200),) * 24) is None
