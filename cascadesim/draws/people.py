"""The people of one replication: who enters when, with which reach and which hidden kind (S2, S3, S4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cascadesim.contacts import Contact, reach_of, zone_of
from cascadesim.draws.kinds import kinds
from cascadesim.draws.quantiles import EXPONENTIAL, Law, quantile
from cascadesim.draws.reach import Reach
from cascadesim.draws.streams import Streams, id_counter
from cascadesim.model.model import Model
from cascadesim.model.person import Person
from cascadesim.model.segment import Arrivals, Headcount, Segment

_Place = tuple[int, float, str, int]


def draw_people(
    model: Model, segments: Sequence[str], replication: int, contacts: Mapping[str, Sequence[Contact]]
) -> list[Person]:
    """Everybody in these segments, in the order of their places (S2).

    `contacts` has, for each segment that takes people from a file, its contacts sorted by id; a missing one is
    a KeyError. Numbers depend on names alone: other segments change nobody.
    """
    streams = Streams(model.scenario.seed, replication)
    drawn = [found for name in segments for found in _segment(model, model.segment(name), streams, contacts)]
    drawn.sort(key=lambda found: found[0])
    return [_placed(person, place) for place, (_, person) in enumerate(drawn)]


def _segment(
    model: Model, segment: Segment, streams: Streams, contacts: Mapping[str, Sequence[Contact]]
) -> Iterator[tuple[_Place, Person]]:
    ladder = _ladder(segment)
    if isinstance(segment.people, Headcount | Arrivals):
        reach, zone = Reach(model, segment.name), model.zone_of(segment.name)
        for number, entry, place in _entries(segment, segment.people, streams):
            who = (segment.name, number, str(number), segment.scope, number, entry, 0, zone)

            def uniform(channel: str, number: int = number) -> float:
                return streams.pair(segment.scope, channel, "reach", number)[0]

            yield place, Person(*who, reach.draw(uniform), _factor(ladder, segment, number, streams))
        return
    people = contacts[segment.name]
    for number, contact in enumerate(people):
        counter = id_counter(contact.id)
        zone = zone_of(model, segment.name, contact)
        who = (segment.name, number, contact.id, segment.scope, counter, 0, 0, zone)
        factor = _factor(ladder, segment, counter, streams)
        yield _together(number, len(people), segment), Person(*who, reach_of(model, contact), factor, contact.cells)


def _entries(segment: Segment, people: Headcount | Arrivals, streams: Streams) -> Iterator[tuple[int, int, _Place]]:
    """(number, entry, place) of each person; arrivals are a Poisson stream, whose gaps are exponential."""
    if isinstance(people, Headcount):
        for number in range(people.count):
            yield number, 0, _together(number, people.count, segment)
        return
    gap = Law(EXPONENTIAL, people.per / people.count)
    number = entry = 0
    while True:
        entry += quantile(gap, streams.pair(segment.scope, "", "arrival", number)[1])
        if entry >= people.lasting:
            return
        yield number, entry, (entry, 0.0, segment.name, number)
        number += 1


def _together(number: int, count: int, segment: Segment) -> _Place:
    """Who enters at the start has the place (2i + 1) / 2N: segments are shuffled evenly, without a draw.

    As doubles these fractions are equal exactly where they are equal, up to thirty million people.
    """
    return 0, (2 * number + 1) / (2 * count), segment.name, number


def _ladder(segment: Segment) -> tuple[tuple[float, float], ...]:
    """The kinds as (upper end of the uniform number, factor)."""
    total, ladder = 0.0, []
    for _, share, factor in kinds(segment):
        total += share
        ladder.append((total, factor))
    return tuple(ladder)


def _factor(ladder: tuple[tuple[float, float], ...], segment: Segment, counter: int, streams: Streams) -> float:
    if len(ladder) == 1:
        return ladder[0][1]
    u = streams.pair(segment.scope, "", "kind", counter)[0]
    return next((factor for end, factor in ladder if u < end), ladder[-1][1])


def _placed(person: Person, place: int) -> Person:
    return Person(
        person.segment, person.number, person.id, person.scope, person.counter, person.entry, place,
        person.zone, person.reach, person.factor, person.columns,
    )  # fmt: skip
