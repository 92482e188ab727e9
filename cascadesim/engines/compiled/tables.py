"""From a case to its tables: what the state machine's program, the draws and the tariffs say, as numbers.

Nothing is decided here: operations come from `cascadesim.cascade.Program`, stages from `cascadesim.draws`, prices
from `cascadesim.model.prices`, windows from the calendar; this only writes them down.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cascadesim.cascade import Program, is_event
from cascadesim.cascade.program import BranchOp, Op, PauseOp, SendOp, SplitOp, UntilOp
from cascadesim.draws.behaviour import FATES, stages
from cascadesim.draws.kinds import kinds
from cascadesim.draws.quantiles import Law, fit, quantile
from cascadesim.draws.streams import key
from cascadesim.engines.compiled import layout as lay
from cascadesim.engines.compiled.clocks import ClockTables
from cascadesim.engines.compiled.facts import Facts
from cascadesim.engines.compiled.layout import Array, Tables
from cascadesim.model.calendar import Clock, quiet_rules
from cascadesim.model.chain import (
    And,
    Condition,
    DayIs,
    InSegment,
    Not,
    Or,
    Reachable,
    Reported,
    Route,
    TimeBetween,
)
from cascadesim.model.content import columns_of, parts_of
from cascadesim.model.model import Model
from cascadesim.model.prices import tariff
from cascadesim.model.segment import Contacts


class Written:
    """A case's tables, with what else is known of its slots.

    `slots` has (segment, step, channel) of each, `personal` (route, step, channel) of those whose parts depend on the
    contact, in the order of the columns of `People.parts`. `bits` are the channels' in people's reach.
    """

    def __init__(self, model: Model, routes: Sequence[Route], zones: Sequence[str], until: int) -> None:
        self._model = model
        self._zones = len(zones)
        self.bits = {c.name: 1 << number for number, c in enumerate(model.channels)}
        self._segments = sorted({r.segment for r in routes})
        limits = [c for c in model.channels if c.throughput is not None]
        self._lanes = {c.name: number for number, c in enumerate(limits)}
        self._clocks = ClockTables(Clock(model.scenario), zones, until)
        self._facts = Facts()
        self._rings = 0
        self._curves: list[tuple[float, float]] = []
        self._rows: dict[str, list[tuple[object, ...]]] = {
            name: [] for name in ("operations", "slots", "stages", "feeds", "arms", "leaves", "routes")
        }
        self.slots: list[tuple[str, int, str]] = []
        self.personal: list[tuple[Route, int, str]] = []
        for route in routes:
            self._route(route)
        lanes = [(t.count, *divmod(int(t.per), t.count), 0, 0) for c in limits if (t := c.throughput) is not None]
        windows, places = self._clocks.arrays()
        dtypes = {"operations": lay.OPERATION, "slots": lay.SLOT, "stages": lay.STAGE, "feeds": lay.FEED,
                  "arms": lay.ARM, "leaves": lay.LEAVE, "routes": lay.ROUTE}  # fmt: skip
        curves = np.array(self._curves, float).reshape(-1, 2)
        self.tables = Tables(
            **{name: np.array(rows, dtypes[name]) for name, rows in self._rows.items()},
            lanes=np.array(lanes, lay.LANE),
            curve_times=np.ascontiguousarray(curves[:, 0]),
            curve_shares=np.ascontiguousarray(curves[:, 1]),
            windows=windows,
            places=places,
            factors=self._factors(),
            facts=self._facts.beginning(),
            last=self._facts.last(),
            rings=self._rings,
            horizon=int(model.scenario.horizon),
            within=int(model.goal[1]),
            replication=0,
        )

    def _factors(self) -> Array:
        ladders = [[factor for _, _, factor in kinds(self._model.segment(s))] for s in self._segments]
        widest = max(map(len, ladders), default=1)
        return np.array([ladder + [1.0] * (widest - len(ladder)) for ladder in ladders]).reshape(-1, widest)

    # A route: its slots, its operations, what its people do unprompted

    def _route(self, route: Route) -> None:
        program = Program(self._model, route.chain)
        self._facts.listen(program)
        first, stage = len(self.slots), len(self._rows["stages"])
        for step, send in enumerate(route.chain.sends, 1):
            self.slots += [(route.segment, step, channel) for channel in sorted(send.channels)]
        self._rows["slots"] += [()] * (len(self.slots) - first)
        places: list[int] = []
        for op in program.ops:
            places.append(self._operation(route, program, op, places, first))
        segment = self._model.segment(route.segment)
        leave = len(self._rows["leaves"])
        goal = {e.outside for e in self._model.goal[0]}
        for it in segment.leaves:
            stream = key(self._model.scenario.seed, segment.scope, "", f"leaves {it.event}")
            shape, a, b, curve, points = self._law(fit(it.delay))
            stops, covers = it.event in program.stops_outside, it.event in goal
            self._rows["leaves"].append((it.share, shape, stops, covers, a, b, curve, points, *stream))
        self._rows["routes"].append((
            self._segments.index(route.segment), places[program.start], leave, len(self._rows["leaves"]) - leave,
            self._clocks.unready(segment.reacts), stage, len(self._rows["stages"]) - stage,
            *key(self._model.scenario.seed, segment.scope, "", "split"),
        ))  # fmt: skip

    def _add(self, *, kind: int, after: int = 0, other: int = 0, slot: int = 0, slots: int = 0, reach: int = 0,
             lasting: int = -1, early: int = -1, until: int = -1, fact: int = -1, table: int = -1, arms: int = 0,
             ring: int = -1) -> int:  # fmt: skip
        row = (kind, after, other, slot, slots, reach, lasting, early, until, fact, table, arms, ring)
        self._rows["operations"].append(row)
        return len(self._rows["operations"]) - 1

    def _ring(self, several: int = 1) -> int:
        self._rings += several
        return self._rings - several

    def _operation(self, route: Route, program: Program, op: Op, places: Sequence[int], first: int) -> int:
        """Writes an operation of which all that follows is written; returns its place."""
        if isinstance(op, SendOp):
            return self._send(route, program, op, places[op.next], first)
        if isinstance(op, PauseOp):
            return self._add(
                kind=lay.PAUSE, after=places[op.next], lasting=op.wait.lasting,
                until=self._facts.until(op.wait.until), ring=self._ring(),
            )  # fmt: skip
        if isinstance(op, UntilOp):
            table = self._clocks.until(op.at, op.day)
            return self._add(kind=lay.UNTIL, after=places[op.next], table=table, ring=self._ring(self._zones))
        if isinstance(op, BranchOp):
            at = places[op.next]
            for condition, to in reversed(op.tests):
                at = self._test(route, condition, places[to], at)
            return at
        if isinstance(op, SplitOp):
            arm = len(self._rows["arms"])
            self._rows["arms"] += [(upper, places[to]) for upper, to in op.arms]
            return self._add(kind=lay.SPLIT, after=places[op.next], fact=op.number, table=arm, arms=len(op.arms))
        return self._add(kind=lay.END)

    def _test(self, route: Route, condition: Condition, yes: int, no: int) -> int:
        """The operation that goes on to `yes` where the condition holds, and to `no` where it does not."""
        if isinstance(condition, And):
            for part in reversed(condition.parts):
                yes = self._test(route, part, yes, no)
            return yes
        if isinstance(condition, Or):
            for part in reversed(condition.parts):
                no = self._test(route, part, yes, no)
            return no
        if isinstance(condition, Not):
            return self._test(route, condition.part, no, yes)
        if isinstance(condition, InSegment):
            return yes if route.segment in condition.names else no
        if isinstance(condition, Reachable):
            return self._add(kind=lay.REACH, after=yes, other=no, reach=self.bits[condition.channel])
        if isinstance(condition, DayIs | TimeBetween):
            return self._add(kind=lay.HOURS, after=yes, other=no, table=self._clocks.holds(condition))
        if isinstance(condition, Reported):
            if condition.but_not is not None:
                yes = self._fact(self._facts.told(condition.channel, condition.but_not), no, yes)
            return self._fact(self._facts.told(condition.channel, condition.state), yes, no)
        delivered, sent = self._facts.undelivered(condition.channel)
        return self._fact(sent, self._fact(delivered, no, yes), no)

    def _fact(self, fact: int, yes: int, no: int) -> int:
        return self._add(kind=lay.FACT, after=yes, other=no, fact=fact)

    # A step

    def _send(self, route: Route, program: Program, op: SendOp, after: int, first: int) -> int:
        channels = sorted(op.send.channels)
        place = self.slots.index((route.segment, op.step, channels[0]), first)
        wait = op.wait
        at = self._add(
            kind=lay.SEND, after=after, slot=place, slots=len(channels),
            reach=sum(self.bits[c] for c in channels),
            lasting=-1 if wait is None else wait.lasting,
            early=-1 if wait is None or wait.undelivered_after is None else wait.undelivered_after,
            until=-1 if wait is None else self._facts.until(wait.until),
            fact=-1 if wait is None or wait.undelivered_after is None else self._facts.delivered(),
        )  # fmt: skip
        for offset, channel in enumerate(channels):
            self._rows["slots"][place + offset] = self._slot(route, program, op, channel, at)
        return at

    def _slot(self, route: Route, program: Program, op: SendOp, channel: str, at: int) -> tuple[object, ...]:
        repeated = sum(channel in send.channels for send in route.chain.sends) > 1
        quiet = self._clocks.quiet(quiet_rules(self._model, route.segment, channel))
        once = self._stages(route, program, channel, resend=False)
        again = self._stages(route, program, channel, resend=True) if repeated else (0, 0)
        feed = len(self._rows["feeds"])
        self._rows["feeds"] += self._facts.feeds(program, channel)
        feeds = len(self._rows["feeds"]) - feed
        lane = self._lanes.get(channel, -1)
        attempt = self._facts.count(channel) if repeated else -1
        sent_at = self._facts.sent_at(op.step, channel) if len(op.send.channels) > 1 else -1
        return (
            at, self.bits[channel].bit_length() - 1, lane, quiet, *once, *again, attempt, sent_at, feed, feeds,
            *self._cost(route, op, channel), lane >= 0 or quiet >= 0, self._ring(2 + self._zones),
        )  # fmt: skip

    def _cost(self, route: Route, op: SendOp, channel: str) -> tuple[int, int, int]:
        """What a dispatch costs, what each part adds where people differ, and the column of their parts."""
        rates = tariff(self._model, route.segment, channel)
        chain, send = route.chain, op.send
        if not rates.part:
            return rates.sent, 0, -1
        contacts = isinstance(self._model.segment(route.segment).people, Contacts)
        if contacts and columns_of(self._model, chain, send, channel):
            self.personal.append((route, op.step, channel))
            return rates.sent, rates.part, len(self.personal) - 1
        return rates.sent + rates.part * parts_of(self._model, chain, send, channel, None), 0, -1

    def _stages(self, route: Route, program: Program, channel: str, *, resend: bool) -> tuple[int, int]:
        model, place = self._model, len(self._rows["stages"])
        scope, is_call = model.segment(route.segment).scope, model.channel(channel).is_call
        rates = tariff(model, route.segment, channel)
        told = {place for place, _ in self._facts.feeds(program, channel)}
        for stage in stages(model, route.segment, channel, resend):
            state = FATES[stage.slot]
            shape, a, b, curve, points = self._law(stage.law)
            stops = program.reports(channel, state) and program.stops(channel, state)
            covers = any(is_event(e, channel, state, is_call) for e in model.goal[0])
            matters = state != "delivered" or stops or covers or stage.moves or stage.slot in told
            sure = -1.0 if matters else _sure(stage.law, int(model.scenario.horizon) // 4)
            self._rows["stages"].append((
                stage.slot, stage.base, shape, stage.by_kind, stage.moves, stops, covers, stage.share, sure, a, b,
                curve, points, rates.cost(0, (state,)) - rates.sent,
                *key(model.scenario.seed, scope, channel, stage.state),
            ))  # fmt: skip
        return place, len(self._rows["stages"]) - place

    def _law(self, law: Law) -> tuple[int, float, float, int, int]:
        place = len(self._curves)
        self._curves += zip(law.times, law.shares, strict=True)
        return law.shape, law.a, law.b, place, len(law.times)


def _sure(law: Law, most: int) -> float:
    """A number up to which the law's quantiles are at most so many microseconds."""
    low, high = 0.0, 1 - 2.0**-53
    for _ in range(20):
        middle = (low + high) / 2
        if quantile(law, middle) <= most:
            low = middle
        else:
            high = middle
    return low
