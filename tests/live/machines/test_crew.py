"""The runners of a process, and what ends it: without a database."""

from __future__ import annotations

import logging

import pytest

from cascadesim.errors import OutsideError
from cascadesim.live.machines.crew import Crew
from cascadesim.live.machines.serving import _watched


class Played:
    """A runner whose batches come to what is given: how many people, why it is held, or what is raised."""

    def __init__(self, *batches: int | str | Exception) -> None:
        self.batches = list(batches)
        self.held: str | None = None

    def work(self) -> int:
        self.held, batch = None, self.batches.pop(0)
        if isinstance(batch, Exception):
            raise batch
        if isinstance(batch, str):
            self.held = batch
        return batch if isinstance(batch, int) else 0

    def next_due(self) -> int:
        return 5


def _crew(*batches: int | str | Exception) -> tuple[Crew, list[Played]]:
    made: list[Played] = []

    def new_runner() -> Played:
        made.append(Played(*batches))
        return made[-1]

    return Crew(new_runner), made


def test_a_runner_works_again_even_after_a_failure_and_a_second_is_made_only_for_a_second_batch_at_a_time():
    crew, made = _crew(3, OutsideError("gone"), 0)
    assert crew.work()
    with pytest.raises(OutsideError):
        crew.work()
    assert not crew.work()
    assert len(made) == 1
    busy = crew._runner()
    assert crew._runner() is not busy


def test_a_failure_outside_is_tried_again_and_logged_until_the_process_ends(caplog):
    crew, _ = _crew()
    with caplog.at_level(logging.ERROR):
        assert crew.is_worth_another_try(OutsideError("The database does not answer."))
    assert caplog.messages == ["The database does not answer. It is tried again."]
    assert not crew.is_worth_another_try(KeyError())
    crew.closed.set()
    assert not crew.is_worth_another_try(OutsideError("The database does not answer."))


@pytest.mark.parametrize("why", ["cancelled", "capped", "replaced"])
def test_who_finds_the_campaign_held_for_good_begins_no_further_batch_and_says_why(why: str):
    crew, made = _crew("paused", 2, why, 2)
    assert [crew.work() for _ in range(4)] == [False, True, False, False]
    assert made[0].batches == [2], "nothing is begun after it"
    assert _watched(made[0], crew, lambda: True) == why


def test_a_fault_of_the_program_ends_the_process_with_it():
    crew, made = _crew(KeyError("a fault"))
    assert not crew.work()
    with pytest.raises(KeyError, match="a fault"):
        _watched(made[0], crew, lambda: True)
