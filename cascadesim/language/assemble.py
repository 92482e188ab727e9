"""From the blocks of a campaign to the model: defaults filled in, currencies, holidays and tables resolved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from cascadesim.language.money import currency, exchange
from cascadesim.language.once import check_once
from cascadesim.language.quiet import Days, campaign_days, quiet
from cascadesim.language.resolve import Campaign
from cascadesim.language.statements import Block, Cell, Faults, Line
from cascadesim.model.chain import Chain, Node, Saying
from cascadesim.model.channel import Channel, Hours, Throughput
from cascadesim.model.message import Message
from cascadesim.model.model import Model, Scenario
from cascadesim.model.question import Objective, Question
from cascadesim.model.segment import Headcount, OwnRate, People, Segment
from cascadesim.units import DAY, HOUR, WEEK, Duration

DEFAULT_WAITS = (Duration(HOUR), Duration(6 * HOUR), Duration(DAY))
"""What the optimizer chooses from when the script has no `waits` line."""

DEFAULT_STEPS = 3
"""How many steps a plan may have, channels permitting, when the script has no `steps` line."""

_OBJECTIVES = ("cheapest", "quickest", "widest", "best_value", "profit")
_KEEPS = ("keep_coverage", "keep_cost", "keep_average", "keep_messages", "keep_time")


def assemble(campaign: Campaign, faults: Faults) -> Model:
    """The model of a campaign; what is stated twice or is missing is noted."""
    return _Assembly(campaign, faults, campaign_days(campaign)).model()


@dataclass(frozen=True, slots=True)
class _Assembly:
    campaign: Campaign
    faults: Faults
    days: Days | None

    def model(self) -> Model:
        defined = self.campaign.defined
        named = [block for kind in defined.values() for block in kind.values()]
        for block in (*self.campaign.scenarios, *self.campaign.questions, *named):
            check_once(block, self.faults)
        return Model(
            self._scenario(),
            tuple(self._channel(block) for block in defined["channel"].values()),
            tuple(self._segment(block) for block in defined["segment"].values()),
            tuple(self._message(block) for block in defined["message"].values()),
            tuple(_chain(block) for block in defined["chain"].values()),
            tuple(q for block in self.campaign.questions if (q := self._question(block)) is not None),
        )

    def _scenario(self) -> Scenario:
        unit = currency(self.campaign, self.faults)
        rates = exchange(self.campaign, unit, self.faults)
        if not self.campaign.scenarios:
            return Scenario(currency=unit, exchange=rates)
        block, *others = self.campaign.scenarios
        for other in others:
            message = f"there is a scenario already, in line {block.span.line}"
            self.faults.error("C033", other.span, message, "make one block of the two")
        return Scenario(
            block.title,
            block.value("starts", datetime),
            block.value("runs", Duration) or Duration(WEEK),
            unit,
            rates,
            block.value("zone", str) or "UTC",
            block.value("seed", int) or 0,
            quiet(block, self.days, self.faults),
            block.span,
        )

    def _channel(self, block: Block) -> Channel:
        rates = tuple(line.value for line in block.all("rate"))
        answers = next((rate for rate in rates if rate.verb == "answers"), None)
        if answers is not None and any(rate.verb == "opens" for rate in rates):
            hint = "a call answers, everything else opens"
            self.faults.error("C059", answers.span, "a channel either opens or answers, not both", hint)
        reports = block.line("reports", "reports_nothing")
        return Channel(
            str(block.name),
            block.title,
            block.value("address", str),
            rates,
            tuple(line.value for line in block.all("resend")),
            reports.value if reports is not None else None,
            block.value("lasts", Duration),
            tuple(line.value for line in block.all("costs", "commitment")),
            block.value("throughput", Throughput),
            quiet(block, self.days, self.faults),
            block.span,
        )

    def _segment(self, block: Block) -> Segment:
        people: People | None = next((line.value for line in block.all("headcount", "arrivals", "contacts")), None)
        if people is None:
            hint = 'such as `people 10k`, or `people from "contacts.csv"`'
            self.faults.error("C036", block.span, f"{block.name} does not say how many people it has", hint)
        return Segment(
            str(block.name),
            people or Headcount(1),
            block.title,
            block.value("enter", str),
            tuple(line.value for line in block.all("leaves")),
            block.value("zone", str),
            block.value("kinds", tuple) or (),
            tuple(line.value for line in block.all("both")),
            block.value("reacts", Hours),
            self._own_rates(block),
            tuple(line.value for line in block.all("own_price") if not self._is_lent(line, line.value.channel)),
            block.span,
        )

    def _own_rates(self, block: Block) -> tuple[OwnRate, ...]:
        """A segment's rates from its lines and from tables, a channel and verb once."""
        first: dict[tuple[str, str], Line] = {}
        found: list[OwnRate] = []
        for line in block.all("own_rate", "cell"):
            cell: Cell = line.value
            if self._is_lent(line, cell.channel):
                continue
            before = first.setdefault((cell.channel, cell.rate.verb), line)
            if before is line:
                found.append(OwnRate(cell.channel, cell.rate))
            elif not (before.rule == line.rule == "cell" and before.value.rate == cell.rate and not cell.rate.high):
                message = f"`{cell.rate.verb}` of {block.name} on {cell.channel} is stated twice"
                self.faults.error("C026", line.span, message, f"it is also in line {before.span.line}: keep one")
        return tuple(found)

    def _is_lent(self, line: Line, channel: str | None) -> bool:
        """Whether the line, of another script, speaks of a channel of its own that this campaign leaves out."""
        if channel is None or channel in self.campaign.defined["channel"]:
            return False
        return line.span.file != self.campaign.main and channel in self.campaign.elsewhere

    def _message(self, block: Block) -> Message:
        contents = (line for line in block.lines if not self._is_lent(line, line.value.channel))
        return Message(str(block.name), block.title, tuple(line.value for line in contents), block.span)

    def _question(self, block: Block) -> Question | None:
        objective, choose = block.line(*_OBJECTIVES), block.line("choose")
        if objective is None:
            hint = "such as `minimize cost per person` or `maximize coverage`"
            self.faults.error("C037", block.span, "this block does not say what is best", hint)
        if choose is None:
            hint = "such as `choose from viber, sms`"
            self.faults.error("C037", block.span, "this block does not say which channels are allowed", hint)
        if objective is None or choose is None:
            return None
        return _question(block, objective.value, choose.value)


def _chain(block: Block) -> Chain:
    return Chain(
        str(block.name),
        tuple(line.value for line in block.lines if isinstance(line.value, get_args(Node))),
        block.title,
        block.audience,
        block.value("saying", Saying),
        block.value("stop_when", tuple) or (),
        block.span,
    )


def _question(block: Block, objective: Objective, channels: tuple[str, ...]) -> Question:
    covered, within = block.value("covered", tuple) or ((), None)
    least, most = block.value("steps", tuple) or (1, min(DEFAULT_STEPS, len(channels)))
    waits, undelivered_after = block.value("waits", tuple) or (DEFAULT_WAITS, None)
    return Question(
        objective,
        channels,
        block.title,
        block.audience,
        block.by_reach,
        block.value("saying", Saying),
        covered,
        within,
        block.value("stop_when", tuple),
        tuple(line.value for line in block.all(*_KEEPS)),
        least,
        most,
        waits,
        undelivered_after,
        block.value("start_with", tuple) or (),
        block.value("end_with", tuple) or (),
        tuple(line.value for line in block.all("never_after")),
        block.value("never_more", int),
        tuple(line.value for line in block.all("repeat")),
        block.line("may_split") is not None,
        block.value("compare", tuple) or (),
        block.value("search", Duration),
        block.span,
    )
