"""What is claimed of a campaign that was killed, and what was found; it knows of no process and no store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

Steps = tuple[tuple[int, str], ...]
"""The messages that a person was sent, each by its step and channel."""


class Accepted(NamedTuple):
    """A message that the provider has accepted; `claimed` is the instant of the turn that wrote it."""

    life: int
    key: str
    person: str
    step: int
    claimed: int
    at: int


class Stopped(NamedTuple):
    """A person whose stop had been committed at that instant."""

    person: str
    at: int


class End(NamedTuple):
    """Where a person's way has come to; `is_idle`: at its end, nothing appointed, leased to nobody."""

    is_idle: bool
    sent: Steps


@dataclass
class Evidence:
    """All that is left of a campaign: people's ends, what the provider has, who was stopped, and who died of what.

    `unwritten` are messages that were accepted before the store knew of them, `attempts` the states of all it knows.
    """

    batch: int
    workers: int
    ends: Mapping[str, End] = field(default_factory=dict)
    accepted: Sequence[Accepted] = ()
    stopped: Sequence[Stopped] = ()
    died: dict[int, str] = field(default_factory=dict)
    still_to_die: int = 0
    attempts: Mapping[str, str] = field(default_factory=dict)
    unwritten: set[str] = field(default_factory=set)
    seconds: float = 0


class Claim(NamedTuple):
    """What is claimed, what was found, how much of it is allowed, and whether that is so."""

    what: str
    found: int
    allowed: str
    holds: bool


def judge(evidence: Evidence, undisturbed: Mapping[str, End]) -> Iterator[Claim]:
    """Every claim."""
    again, late = duplicates(evidence), late_by_stop(evidence)
    unexplained = sum(count for life, count in again.items() if life not in evidence.died)
    yield _none("deaths that did not come", evidence.still_to_die)
    yield _none("people lost", len(lost(evidence, undisturbed)))
    yield _none("people sent what is not of their way", len(sent_otherwise(evidence, undisturbed)))
    yield _none("messages that store and provider do not both have", len(unknown(evidence)))
    yield _none("messages sent before they were written", len(evidence.unwritten))
    yield _none("sent after a stop committed before the claim", len(after_their_stop(evidence)))
    yield _most("in hand as stops came, the most at one commit", late, evidence.batch * evidence.workers)
    yield _most("sent again after a death, the most after one", again, evidence.batch)
    yield _none("sent again though nobody had died", unexplained)
    yield _none("got twice, if the provider honours keys", delivered_twice(evidence))
    spared = len(cut_short(evidence, undisturbed))
    yield Claim("people whom a stop spared a message", spared, "some", bool(spared) == bool(evidence.stopped))


def lost(evidence: Evidence, undisturbed: Mapping[str, End]) -> list[str]:
    """Whose way has not come to its end; of those nobody has stopped, who was sent less."""
    stopped = {one.person for one in evidence.stopped}

    def is_lost(person: str) -> bool:
        end = evidence.ends.get(person)
        return end is None or not end.is_idle or (person not in stopped and end.sent != undisturbed[person].sent)

    return [person for person in undisturbed if is_lost(person)]


def sent_otherwise(evidence: Evidence, undisturbed: Mapping[str, End]) -> set[str]:
    """Whom the provider got something for that is not of their way, or not in its order; and who is not of it."""
    first: dict[str, list[int]] = {}
    for message in sorted(evidence.accepted, key=lambda m: m.at):
        steps = first.setdefault(message.person, [])
        if message.step not in steps:
            steps.append(message.step)
    expected = {person: [step for step, _ in end.sent] for person, end in undisturbed.items()}
    return {person for person, steps in first.items() if steps != expected.get(person, [])[: len(steps)]}


def cut_short(evidence: Evidence, undisturbed: Mapping[str, End]) -> list[str]:
    """Who was sent less than they would have been: by a stop, or `lost` says so."""
    ends = evidence.ends
    return [person for person, end in undisturbed.items() if person in ends and len(ends[person].sent) < len(end.sent)]


def unknown(evidence: Evidence) -> set[str]:
    """What the provider has accepted and the store has not as accepted; and the other way round.

    Somebody who is stopped while their message is out keeps it as written, if its sender dies before saying so.
    """
    accepted = {message.key for message in evidence.accepted}
    stopped = {one.person for one in evidence.stopped}
    orphans = {m.key for m in evidence.accepted if m.person in stopped and m.life in evidence.died}
    known = {key for key, state in evidence.attempts.items() if state == "accepted"}
    return (known - accepted) | {key for key in accepted - known if key not in orphans or key not in evidence.attempts}


def after_their_stop(evidence: Evidence) -> list[Accepted]:
    """What was sent to people whose stop had been committed before the claim."""
    stopped = {one.person: one.at for one in evidence.stopped}
    return [m for m in evidence.accepted if m.claimed > stopped.get(m.person, m.claimed)]


def late_by_stop(evidence: Evidence) -> Counter[int]:
    """How many messages were claimed before and accepted after each commit of stops, by its instant."""
    stopped = {one.person: one.at for one in evidence.stopped}
    late: Counter[int] = Counter()
    for message in evidence.accepted:
        at = stopped.get(message.person)
        if at is not None and message.claimed <= at < message.at:
            late[at] += 1
    return late


def duplicates(evidence: Evidence) -> Counter[int]:
    """How many messages were accepted again with their key, by the life that had them accepted before."""
    last: dict[str, int] = {}
    again: Counter[int] = Counter()
    for message in evidence.accepted:
        if message.key in last:
            again[last[message.key]] += 1
        last[message.key] = message.life
    return again


def delivered_twice(evidence: Evidence) -> int:
    """How many messages there are beyond one a person and step for whom knows each key once."""
    by_key = {(m.key, m.person, m.step) for m in evidence.accepted}
    return len(by_key) - len({(person, step) for _, person, step in by_key})


def _none(what: str, found: int) -> Claim:
    return Claim(what, found, "0", found == 0)


def _most(what: str, found: Counter[int], allowed: int) -> Claim:
    most = max(found.values(), default=0)
    return Claim(what, most, f"{allowed}", most <= allowed)
