"""Rules that read the wall clock need to know when the campaign starts (S1)."""

from __future__ import annotations

from collections.abc import Iterator

from cascadesim.errors import Span
from cascadesim.language.rules.case import Case
from cascadesim.language.rules.events import conditions
from cascadesim.model import chain as m


def check(case: Case) -> None:
    """Notes the first rule that reads the clock if nobody says when the campaign starts.

    The first on a line that could be read: on any other line it would look like an echo of that line's fault.
    """
    if case.model.scenario.starts is not None or case.campaign.is_library:
        return
    read = (span for span in _clock_rules(case) if span is not None)
    rules = sorted(span for span in read if (span.file, span.line) not in case.campaign.faulty)
    if rules:
        own = [span for span in rules if span.file == case.campaign.main]
        message = "a rule that reads the clock needs to know when the campaign starts"
        hint = "add `starts 2027-03-01 10:00` to the scenario block"
        case.faults.error("C090", (own or rules)[0], message, hint)


def _clock_rules(case: Case) -> Iterator[Span | None]:
    channels = case.campaign.defined["channel"].items()
    for block in (*case.campaign.scenarios, *(block for name, block in channels if name in case.campaign.in_play)):
        yield from (line.span for line in block.all("quiet", "quiet_days"))
    for segment in case.model.segments:
        if segment.reacts is not None:
            yield case.line_span("segment", segment.name, "reacts")
    for chain in case.model.chains:
        yield from (node.span for node in chain.nodes if isinstance(node, m.WaitUntil))
        if any(isinstance(fact, m.DayIs | m.TimeBetween) for fact in conditions(chain.body)):
            yield next(node.span for node in chain.nodes if isinstance(node, m.If))
