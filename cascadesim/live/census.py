"""What there is to know before a campaign sends: how many people, what goes out first, and what it costs at most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from cascadesim import cascade
from cascadesim.cascade import DROP, GO, Program
from cascadesim.cascade.program import BranchOp, PauseOp, SendOp, SplitOp, UntilOp
from cascadesim.live.campaign import Campaign, recipient_key
from cascadesim.live.control import Spent
from cascadesim.live.protocols import Store
from cascadesim.live.rows import Recipient
from cascadesim.model.person import Person

_AT_ONCE = 1_000


@dataclass(slots=True)
class Census:
    """The people who are to enter. `first` counts by channel to whom a message goes first, `first_at` says when.

    `later` are those whose chain begins with a wait, `nothing` those whom none of its channels reaches. `most` is
    what goes out by channel if nobody ever reacts, counted as dear as it can be.
    """

    segments: Counter[str] = field(default_factory=Counter)
    first: Counter[str] = field(default_factory=Counter)
    first_at: int | None = None
    later: int = 0
    nothing: int = 0
    most: dict[str, Spent] = field(default_factory=dict)

    @property
    def people(self) -> int:
        """How many there are."""
        return self.segments.total()

    @property
    def most_messages(self) -> int:
        """How many messages can go out at most."""
        return sum(spent.messages for spent in self.most.values())


def take_census(
    campaign: Campaign, people: Iterable[Person], seen: Callable[[Recipient], None] | None = None
) -> Census:
    """Counts the people; `seen` is shown each of them as they will enter."""
    census = Census()
    for person in people:
        row = campaign.entrant(person)
        if row is None:
            continue
        census.segments[person.segment] += 1
        _count_first(campaign, row, census)
        for channel, spent in dearest_way(campaign, row).items():
            had = census.most.get(channel, Spent())
            census.most[channel] = Spent(had.messages + spent.messages, had.cost + spent.cost)
        if seen is not None:
            seen(row)
    return census


def newcomers(store: Store, people: Iterable[Person]) -> Iterator[Person]:
    """Those of these people who are not in the campaign yet, and have not been erased."""
    left = iter(people)
    while some := list(islice(left, _AT_ONCE)):
        there = {row.key for row in store.recipients({recipient_key(person) for person in some})}
        erased = store.forgotten({person.id for person in some})
        yield from (p for p in some if recipient_key(p) not in there and p.id not in erased)


def _count_first(campaign: Campaign, row: Recipient, census: Census) -> None:
    program, person = campaign.programs[row.route], row.person
    split = partial(campaign.numbers.split, person)
    journey = cascade.decide(program, person, row.journey, person.entry, split)
    if journey.pending:
        census.first.update(journey.pending)
        for channel in journey.pending:
            at = cascade.verdict(program, person, journey, channel, person.entry)
            at = person.entry if at == GO else at
            if at != DROP and (census.first_at is None or at < census.first_at):
                census.first_at = at
    elif journey.due is not None:
        census.later += 1
    else:
        census.nothing += 1


def dearest_way(campaign: Campaign, row: Recipient) -> dict[str, Spent]:
    """What the recipient gets if they never react, by channel, on the dearest way that their chain has for them."""
    program = campaign.programs[row.route]
    known: dict[int, dict[str, Spent]] = {}

    def way(at: int) -> dict[str, Spent]:
        if at not in known:
            ahead = [way(next_) for next_ in _next(program, at)]
            dearest = dict(sorted(ahead, key=_cost)[-1]) if ahead else {}
            for step, channel in _sends(program, at, row.person):
                dearest[channel] = dearest.get(channel, Spent()).and_one(campaign.cost(row, step, channel))
            known[at] = dearest
        return known[at]

    return way(program.start)


def _cost(way: dict[str, Spent]) -> tuple[int, int]:
    return sum(spent.cost for spent in way.values()), sum(spent.messages for spent in way.values())


def _next(program: Program, at: int) -> tuple[int, ...]:
    match program.ops[at]:
        case SendOp() | PauseOp() | UntilOp() as op:
            return (op.next,)
        case BranchOp() as op:
            return (*(target for _, target in op.tests), op.next)
        case SplitOp() as op:
            return (*(target for _, target in op.arms), op.next)
    return ()


def _sends(program: Program, at: int, person: Person) -> Iterator[tuple[int, str]]:
    op = program.ops[at]
    if isinstance(op, SendOp):
        yield from ((op.step, channel) for channel in op.send.channels if channel in person.reach)
