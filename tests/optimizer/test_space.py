"""The plans that a question allows, against throwing away from all sequences what it forbids."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from cascadesim.model.channel import Channel
from cascadesim.model.model import Model
from cascadesim.model.question import NeverAfter, Objective, Question, Repeat
from cascadesim.optimizer.space import Space, Step, order
from cascadesim.units import HOUR, MINUTE, Duration

NAMES = ("a", "b", "c")
MODEL = Model(channels=tuple(Channel(n, reports=("opened",) if n == "b" else None) for n in NAMES))


def walk(space: Space) -> list[tuple[Step, ...]]:
    """What a depth-first search meets."""

    def down(before: tuple[Step, ...], length: int):
        if len(before) == length:
            yield before
            return
        for channel in space.next_channels(tuple(s.channel for s in before), length):
            for step in space.steps(channel, len(before) + 1 == length):
                yield from down((*before, step), length)

    return [plan for length in space.lengths for plan in down((), length)]


def allowed(question: Question) -> set[tuple[Step, ...]]:
    times = dict.fromkeys(question.channels, 1) | {r.channel: r.times for r in question.repeats}
    plans = set()
    for length in range(question.min_steps, min(question.max_steps, question.never_more or 9) + 1):
        for names in itertools.product(question.channels, repeat=length):
            if any(names.count(n) > times[n] for n in names):
                continue
            if question.start_with and names[0] not in question.start_with:
                continue
            if question.end_with and names[-1] not in question.end_with:
                continue
            if any(x == n.channel and n.after in names[:i] for n in question.never for i, x in enumerate(names)):
                continue
            for waits in itertools.product(set(question.waits), repeat=length - 1):
                early = question.undelivered_after
                plans.add(
                    tuple(
                        Step(n, w, early if w and early and w > early and n != "b" else None)
                        for n, w in zip(names, (*waits, None), strict=True)
                    )
                )
    return plans


some = st.lists(st.sampled_from(NAMES), unique=True, max_size=2).map(tuple)
questions = st.builds(
    Question,
    st.just(Objective("coverage")),
    st.lists(st.sampled_from(NAMES), unique=True, min_size=1).map(tuple),
    min_steps=st.integers(1, 2),
    max_steps=st.integers(1, 3),
    waits=st.lists(st.sampled_from([Duration(HOUR), Duration(2 * HOUR)]), max_size=3).map(tuple),
    undelivered_after=st.sampled_from([None, Duration(10 * MINUTE), Duration(HOUR)]),
    start_with=some,
    end_with=some,
    never=st.lists(st.builds(NeverAfter, st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=2).map(tuple),
    never_more=st.sampled_from([None, 1, 2]),
    repeats=st.sampled_from([(), (Repeat("a", 2),), (Repeat("a", 3), Repeat("c", 2))]),
)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(questions)
def test_the_space_is_what_is_allowed(question):
    space = Space.of(MODEL, question)
    plans = walk(space)
    assert len(plans) == len(set(plans)) == space.size()
    assert set(plans) == allowed(question)


def test_the_size_of_a_large_space_is_counted_not_enumerated():
    names = tuple(f"c{i}" for i in range(12))
    waits = tuple(Duration(i * HOUR) for i in range(1, 7))
    question = Question(Objective("coverage"), names, max_steps=12, waits=waits)
    size = Space.of(Model(channels=tuple(map(Channel, names))), question).size()
    sequences, expected = 1, 0
    for length in range(1, 13):
        sequences *= 13 - length
        expected += sequences * 6 ** (length - 1)
    assert size == expected


def test_plans_are_ranked_by_steps_then_channels_then_waits():
    hour, day = Duration(HOUR), Duration(24 * HOUR)
    ranked = [
        (Step("b"),),
        (Step("a", hour), Step("b")),
        (Step("a", day), Step("b")),
        (Step("a", hour), Step("c")),
        (Step("b", hour), Step("a")),
        (Step("a", hour), Step("b", hour), Step("c")),
    ]
    assert sorted((ranked[i] for i in (4, 2, 0, 5, 3, 1)), key=order) == ranked
