"""KN++ on systems whose means are known: what it promises, whom it drops, when it says that it does not know."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cascadesim.optimizer.selection import FIRST, Observe, select

TRIALS = 400
# Of 400 selections that are each right with 95%, fewer than this are right in one of a thousand experiments.
LEAST_RIGHT = 366


def systems(number: int, means: list[float], shared: float, deviation: float = 1.0) -> Observe:
    """Normal systems; `shared` is the part of the variance that is the same for all of them in a replication."""
    count = len(means)

    def observe(system: int, replication: int) -> float:
        noise = np.random.default_rng((number, replication)).standard_normal(count + 1)
        own = math.sqrt(shared) * noise[-1] + math.sqrt(1 - shared) * noise[system]
        return means[system] + deviation * float(own)

    return observe


@pytest.mark.parametrize(("count", "shared", "delta"), [(2, 0.0, 0.45), (2, 0.8, 0.2), (6, 0.8, 0.25)])
def test_the_best_is_selected_as_often_as_promised(count: int, shared: float, delta: float) -> None:
    """All but the best are just delta worse: the least favourable case, and the best is not the first."""
    means = [delta] * (count - 1) + [0.0]
    right = sum(
        select(range(count), systems(number, means, shared), delta).best == count - 1 for number in range(TRIALS)
    )
    assert right >= LEAST_RIGHT


def test_what_is_worse_by_far_is_out_after_the_first_stage() -> None:
    selection = select(range(4), systems(1, [0.0, 5.0, 0.3, 9.0], 0.5), 0.3)
    assert selection.best == 0
    assert [len(selection.observed[s]) for s in (1, 3)] == [FIRST, FIRST]
    assert len(selection.observed[0]) == len(selection.observed[2]) == selection.replications > FIRST


def test_what_chance_does_to_all_alike_costs_no_replications() -> None:
    alone, paired = (select(range(2), systems(3, [0.0, 0.2], shared), 0.2) for shared in (0.0, 0.95))
    assert alone.best == paired.best == 0
    assert paired.replications < alone.replications / 3


def test_what_is_the_same_is_settled_by_place() -> None:
    """Two equal systems never part; once their lines have closed in either will do."""
    selection = select((7, 4), lambda _, replication: float(replication % 3), 0.5)
    assert (selection.best, selection.survivors, selection.replications) == (7, (7,), FIRST)


def test_replications_used_up_it_says_that_nothing_is_decided() -> None:
    selection = select(range(3), systems(5, [0.0, 0.1, 8.0], 0.0), 0.1, most=25)
    assert selection.best is None
    assert selection.survivors == (0, 1)
    assert selection.replications == 25
    assert selection.leader == min((0, 1), key=lambda s: np.mean(selection.observed[s]))


def test_a_system_without_a_value_in_some_replication_is_out() -> None:
    def observe(system: int, replication: int) -> float:
        return math.inf if system == 0 and replication == FIRST + 3 else systems(6, [-0.2, 0.0, 0.1], 0.0)(
            system, replication
        )  # fmt: skip

    selection = select(range(3), observe, 0.01, most=FIRST + 5)
    assert len(selection.observed[0]) == FIRST + 4
    assert selection.survivors == (1, 2)
    nobody = select(range(2), lambda *_: math.inf, 0.1)
    assert (nobody.best, nobody.leader, nobody.survivors) == (None, None, ())


def test_one_system_is_the_best_of_its_list() -> None:
    assert select([3], systems(1, [0.0] * 4, 0.0), 0.1).best == 3


def test_a_part_of_a_list_is_judged_as_the_list_is() -> None:
    """With more rivals an error must be rarer, so the same two take longer."""
    two, of_many = (select(range(2), systems(8, [0.0, 0.2], 0.5), 0.2, rivals=rivals) for rivals in (None, 11))
    assert of_many.replications > two.replications


@pytest.mark.parametrize("wrong", [{"delta": 0.0}, {"first": 1}, {"first": 9, "most": 8}])
def test_what_cannot_be_selected_by_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="first stage"):
        select(range(2), systems(0, [0.0, 1.0], 0.0), **{"delta": 0.1} | wrong)
