"""The plan step by step, as the page lists it: what is sent, who gets it, who goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cascadesim.model.chain import Wait
from cascadesim.reports import words
from cascadesim.reports.following import Flow, FlowStep


@dataclass(frozen=True, slots=True)
class Row:
    """One step in words; the shares, in percent of the way's people, are for its bar."""

    channels: str
    wait: str
    told: str
    first: float
    sent: float
    skipped: float


@dataclass(frozen=True, slots=True)
class Way:
    """What the people of one chain go through."""

    name: str
    told: str
    rows: tuple[Row, ...]


def way_of(flow: Flow, currency: str) -> Way:
    """The way in words."""
    told = f"{words.count(flow.people)} people, {words.share(flow.covered)} of them covered"
    return Way(flow.name, told, tuple(_row(step, flow.people or 1.0, currency) for step in flow.steps))


def _row(step: FlowStep, people: float, currency: str) -> Row:
    wait = "" if step.send.wait is None else _waited(step.send.wait)
    parts = 100 / people
    first = min(step.covered, step.sent) * parts
    skipped = (step.skipped or 0.0) * parts
    told = ", ".join(_told(step, currency))
    return Row(words.listed(step.send.channels), wait, told, first, step.sent * parts - first, skipped)


def _waited(wait: Wait) -> str:
    text = f"then wait {wait.lasting}"
    if wait.until:
        text += f" or until {words.listed([str(event) for event in wait.until])}"
    return text + (f", but {wait.undelivered_after} if undelivered" if wait.undelivered_after is not None else "")


def _told(step: FlowStep, currency: str) -> Iterator[str]:
    yield f"{words.count(step.sent)} get it"
    if step.skipped is not None:
        yield f"{words.count(step.skipped)} are not reached and skip it"
    yield f"{words.count(step.covered)} are covered by it first"
    yield f"{words.count(step.stopped)} stop here"
    yield words.money(step.cost, currency)
