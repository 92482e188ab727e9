"""What every sender is made of: requests, reports, settings, and the base class that a vendor's file fills in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from cascadesim.contacts import Contact
from cascadesim.errors import InputError, RefusedError
from cascadesim.model.chain import Chain
from cascadesim.model.model import Model
from cascadesim.plan import Plan, PlanSegment
from cascadesim.senders import codes
from cascadesim.senders.capabilities import Capability, refusals
from cascadesim.senders.failover import played_model

Status = Literal["exact", "weakened", "refused"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What requests need and no plan holds: the vendor's account (8x8: the subaccount), the templates' language and
    whom messages are from, by channel of the plan.

    None: the path keeps its placeholder, and templates are asked for in English, which the report then says. Without
    a sender, requests keep a placeholder such as `{sender of viber}`, and the report's notes say so.
    """

    account: str | None = None
    language: str | None = None
    senders: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, without host and credentials.

    `after` must have been posted once before; what the vendor answers to it fills a placeholder here. `single` is an
    address of which the vendor takes one request at a time.
    """

    method: str
    path: str
    body: Mapping[str, Any]
    after: Request | None = None
    single: str | None = None


@dataclass(frozen=True, slots=True)
class StepReport:
    """What became of a step: as planned (`exact`), with `changes` (`weakened`), or not at all (`refused`)."""

    segment: str
    chain: str
    step: int
    channel: str
    status: Status
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a plan: its steps, the number of requests, and the contacts who got none, by reason.

    `requests` counts all lines, `first` those of them that prepare others; `remarks` are sentences about posting them.
    """

    steps: tuple[StepReport, ...]
    requests: int = 0
    left_out: Mapping[str, int] | None = None
    first: int = 0
    remarks: tuple[str, ...] = ()

    @property
    def refusals(self) -> tuple[str, ...]:
        """Why the plan cannot be compiled, a sentence each."""
        return tuple(
            f"{f'{step.segment}, ' if self._has_several else ''}step {step.step} ({step.channel}): {change}"
            for step in self.steps
            if step.status == "refused"
            for change in step.changes
        )

    @property
    def is_weakened(self) -> bool:
        """Whether any step is."""
        return any(step.status == "weakened" for step in self.steps)

    @property
    def notes(self) -> tuple[str, ...]:
        """Who was left out, and what to know before the requests are posted, a sentence each."""
        counts = (self.left_out or {}).items()
        left_out = (f"{n} {'contact' if n == 1 else 'contacts'} left out: {why}" for why, n in counts if n)
        return (*left_out, *self.remarks)

    def to_json(self) -> dict[str, Any]:
        """The report as JSON data; steps name their segment where there are several entries."""
        return {"steps": [_step_json(step, self._has_several) for step in self.steps], "requests": self.requests}

    @property
    def _has_several(self) -> bool:
        return len({(step.segment, step.chain) for step in self.steps}) > 1


def _step_json(step: StepReport, several: bool) -> dict[str, Any]:
    data = {"step": step.step, "channel": step.channel, "status": step.status, "changes": list(step.changes)}
    return {"segment": step.segment, **data} if several else data


def step_report(
    entry: PlanSegment, step: int, channel: str, refusals: Iterable[str], changes: Iterable[str]
) -> StepReport:
    """The report of a step: why it is refused, else what changes, else exact."""
    refused, changed = tuple(refusals), tuple(changes)
    status: Status = "refused" if refused else "weakened" if changed else "exact"
    return StepReport(entry.segment, entry.chain.name, step, channel, status, refused or changed)


class UnsendableError(ValueError):
    """One contact cannot be written to as the plan says: a code of this room, what is wrong, what helps, an example.

    Faults with the same code and words are told together, with their number.
    """

    def __init__(self, code: str, what: str, hint: str, example: str = "") -> None:
        self.code = code
        self.what = what
        self.hint = hint
        self.example = example
        super().__init__(what)


class CompiledChain(ABC):
    """A chain ready to be turned into requests. `steps` is the report: with a refused step, there are no requests.

    `columns` are those that it reads of a contact, each with what for; `blanks` the placeholders that requests keep.
    `played` is the chain as the vendor runs it, in our words (None: as planned, or not at all).
    """

    steps: tuple[StepReport, ...]
    columns: Mapping[str, str]
    blanks: tuple[str, ...] = ()
    played: Chain | None = None

    def partly(self, n: int) -> tuple[Model, Chain] | None:
        """The first n steps as the vendor plays them, the others as planned; None where no chain of ours says that."""
        return None

    @abstractmethod
    def request(self, contact: Contact) -> Request | None:
        """The contact's request; None if no step reaches them. Raises UnsendableError."""


class RefusedChain(CompiledChain):
    """A chain that the vendor cannot express: a report and no requests."""

    def __init__(self, steps: tuple[StepReport, ...]) -> None:
        self.steps = steps
        self.columns = {}

    def request(self, contact: Contact) -> Request | None:
        """Raises RefusedError."""
        raise RefusedError(*Report(self.steps).refusals)


class Sender(ABC):
    """A vendor: what it can express, and how a chain becomes its requests."""

    capability: ClassVar[Capability]

    def compile(self, plan: Plan, entry: PlanSegment, settings: Settings) -> CompiledChain:
        """One entry of a plan, compiled; steps that the vendor cannot express are `refused` in its report.

        InputError if the settings cannot be used.
        """
        self.check(settings)
        cannot = refusals(self.capability, plan.model, entry.chain)
        if not any(cannot):
            return self.compile_linear(plan, entry, settings)
        steps = zip(entry.chain.sends, cannot, strict=True)
        return RefusedChain(
            tuple(step_report(entry, n, " and ".join(s.channels), why, ()) for n, (s, why) in enumerate(steps, 1))
        )

    def played_model(self, model: Model) -> Model:
        """The model as the vendor sees it, for the chains that it plays."""
        return played_model(self.capability, model)

    def remarks(self, requests: int, first: int) -> Iterator[str]:
        """What to know before so many requests are posted, of which the first so many prepare the others."""
        return iter(())

    def check(self, settings: Settings) -> None:
        """InputError if the vendor cannot have given such an account; most have none in their requests."""
        if settings.account is not None:
            vendor = self.capability.vendor
            raise InputError.of(codes.BAD_ACCOUNT, f"requests to {vendor} name no account", "leave out --account")

    @abstractmethod
    def compile_linear(self, plan: Plan, entry: PlanSegment, settings: Settings) -> CompiledChain:
        """An entry whose steps the capabilities allow; what it says, or a wait, may still be refused or weakened."""
