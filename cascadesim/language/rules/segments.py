"""What a segment says of its own must fit the channels, and people from a file bring their reach along."""

from __future__ import annotations

from cascadesim.language.rules.case import Case
from cascadesim.language.statements import place
from cascadesim.model.segment import Contacts, OwnRate, Segment


def check(case: Case) -> None:
    """Notes own rates that do not fit, and reach where contacts decide it."""
    for segment in case.model.segments:
        for own in segment.rates:
            _check_verb(case, own)
        if isinstance(segment.people, Contacts):
            _check_contacts(case, segment)
        _check_leaves(case, segment)
    asks = [chain.span for chain in case.model.chains] + [question.span for question in case.model.questions]
    if asks and not case.model.segments:
        hint = "add a block such as `segment everyone` with the line `people 10k`"
        case.faults.warn("C038", asks[0], "there is no segment, so nobody is written to", hint)


def _check_verb(case: Case, own: OwnRate) -> None:
    channel = case.model.channel(own.channel)
    if own.rate.verb == "opens" and channel.is_call and channel.rate("opens") is None:
        message = f"{channel.name} is a call: it is answered"
        case.faults.error("C059", place(own.rate), message, f"write: answers {channel.name}")
    elif own.rate.verb == "answers" and not channel.is_call:
        message = f"{channel.name} is not a call: nobody answers it"
        hint = f"write: opens {channel.name}; or say in channel {channel.name} what it `answers`"
        case.faults.error("C059", place(own.rate), message, hint)


def _check_leaves(case: Case, segment: Segment) -> None:
    events = [leave.event for leave in segment.leaves]
    for number, event in enumerate(events):
        if event in events[:number]:
            case.faults.error(
                "C028", place(event), f'`leaves` is stated twice for "{event}"', "keep one of the two lines"
            )


def _check_contacts(case: Case, segment: Segment) -> None:
    hint = "an empty cell of the channel's column means that it does not reach them: delete this"
    stated = [own.rate for own in segment.rates if own.rate.verb == "reaches"]
    for what in (*stated, *segment.both):
        message = f"the contacts of {segment.name} say who is reached, one by one"
        case.faults.error("C063", place(what), message, hint)
