"""The plan as a value: which segment follows which chain, what that promises, and how good it is proven to be.

Money is in units of the scenario's currency, shares are 0..1, times are seconds. The model and the chains are
written as `cascadesim.model.codec` writes them. Contacts are never in a plan, only their file's name and hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cascadesim.errors import Diagnostic, ScriptError
from cascadesim.model import codec
from cascadesim.model.chain import Chain, Hole, Route, Send
from cascadesim.model.model import Model
from cascadesim.model.question import Objective
from cascadesim.units import Share

Format = Literal["cascadesim-plan/1"]
FORMAT: Format = "cascadesim-plan/1"
"""What the first key of every plan of this version says."""

Status = Literal["proven", "gap", "chosen"]


@dataclass(frozen=True, slots=True)
class StepSummary:
    """One step of a linear chain, to be read by people: the channel and its waits in seconds."""

    channel: str
    wait: float | None
    undelivered_after: float | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the model promises of one entry of the plan; None where nobody computed it."""

    coverage: Share | None = None
    cost_per_person: float | None = None
    messages_per_person: float | None = None


@dataclass(frozen=True, slots=True)
class PlanSegment:
    """Who follows which chain: a segment, the share of it, and the reach pattern if it is for one only.

    `steps` summarizes the chain where it is linear and is empty elsewhere; what counts is `chain`.
    """

    segment: str
    share: Share
    reach: tuple[str, ...] | None
    steps: tuple[StepSummary, ...]
    chain: Chain
    forecast: Forecast = Forecast()


@dataclass(frozen=True, slots=True)
class Certificate:
    """How good the plan is known to be (S16): of the model, on the stated channels, waits (seconds) and steps.

    `proven`: no better plan exists there; `gap`: the optimum is at most `gap` away, a share of the objective's
    value (None: unknown); `chosen`: written by hand, nothing was searched. `set_aside` says in sentences what of
    the model the search left out.
    """

    status: Status
    objective_value: float | None = None
    bound: float | None = None
    gap: float | None = None
    nodes: int = 0
    channels: tuple[str, ...] = ()
    waits: tuple[float, ...] = ()
    max_steps: int | None = None
    set_aside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign ready to be rehearsed, exported or run. `source_sha256` is the hash of the script behind it."""

    source_sha256: str
    model: Model
    segments: tuple[PlanSegment, ...]
    objective: Objective | None = None
    certificate: Certificate = Certificate("chosen")
    format: Format = FORMAT

    def routes(self) -> tuple[Route, ...]:
        """Who follows which chain, in the order of the plan."""
        return tuple(Route(s.segment, s.chain, s.share, s.reach) for s in self.segments)

    @property
    def names(self) -> tuple[str, ...]:
        """The segments that it is for, by name."""
        return tuple(sorted({s.segment for s in self.segments}))

    def entries(self, segment: str) -> tuple[PlanSegment, ...]:
        """The entries of a segment: one, or one for each part that it is split into; none if it is not in the plan."""
        return tuple(s for s in self.segments if s.segment == segment)

    @property
    def text(self) -> str:
        """The document: JSON with sorted keys, the same text for the same plan."""
        return json.dumps(codec.encode(self), indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"

    @property
    def sha256(self) -> str:
        """The hash of the document as it is written."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def steps_of(chain: Chain) -> tuple[StepSummary, ...]:
    """The readable summary of a linear chain; empty for any other."""
    if not chain.is_linear:
        return ()
    return tuple(_summary(send) for send in chain.sends)


def _summary(send: Send) -> StepSummary:
    wait = send.wait
    if wait is None:
        return StepSummary(send.channels[0], None, None)
    early = None if wait.undelivered_after is None else wait.undelivered_after.seconds
    return StepSummary(send.channels[0], wait.lasting.seconds, early)


def chosen_plan(
    model: Model, chain: Chain, source_sha256: str, forecasts: Mapping[str, Forecast] | None = None
) -> Plan:
    """The plan of a hand-written chain, for every segment that the chain is for.

    `forecasts` are by segment; a missing one is unknown. ScriptError if the chain has holes.
    """
    holes = [node.span for node in chain.nodes if isinstance(node, Hole)]
    if holes:
        message = f"chain {chain.name} is unfinished: `...` stands for what is still to be written"
        hint = "write the missing lines; a plan holds all that is sent"
        raise ScriptError(*(Diagnostic("C307", "error", span, message, hint) for span in holes))
    known = forecasts or {}
    return Plan(
        source_sha256,
        model,
        tuple(
            PlanSegment(
                route.segment, route.share, route.reach, steps_of(chain), chain, known.get(route.segment, Forecast())
            )
            for route in model.routes(chain)
        ),
    )


def changed_since(plan: Plan, source_sha256: str) -> bool:
    """Whether the script, or a file that it uses, is no longer what the plan was made of."""
    return plan.source_sha256 != source_sha256
