"""From a plan and contacts to a vendor's requests, with a report of what became of every step and contact."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from cascadesim.contacts import Contact
from cascadesim.errors import ContactsError, Diagnostic, InputError, RefusedError
from cascadesim.plan import Plan, replacing
from cascadesim.senders import codes
from cascadesim.senders.faults import Faults
from cascadesim.senders.followers import Followers
from cascadesim.senders.registry import sender_for
from cascadesim.senders.sender import CompiledChain, Report, Request, Sender, Settings, StepReport, UnsendableError

NO_SEGMENT = "in no segment of the plan"
NO_ADDRESS = "reached by no channel of the plan"


class Compiled:
    """A plan compiled for a vendor, over contacts that are read as the requests are.

    `requests` can be read once: RefusedError at once if a step is refused; ContactsError after the last, with all
    that is wrong with the contacts, so whoever writes or posts requests waits for the end.
    """

    def __init__(
        self,
        sender: Sender,
        plan: Plan,
        chains: Sequence[CompiledChain],
        followers: Followers,
        people: Iterable[Contact],
    ) -> None:
        self._sender = sender
        self._plan = plan
        self._chains = chains
        self._followers = followers
        self._faults = Faults()
        self._broken: tuple[Diagnostic, ...] = ()
        self._sent = 0
        self._before: dict[str, Request] = {}
        self._single: set[str] = set()
        self._left_out = Counter({NO_SEGMENT: 0, NO_ADDRESS: 0})
        self.requests = self._run(people)

    @property
    def report(self) -> Report:
        """What became of the steps, and of the contacts that have been read."""
        steps = tuple(step for chain in self._chains for step in chain.steps)
        first, blanks = len(self._before), sorted({blank for chain in self._chains for blank in chain.blanks})
        remarks = tuple(self._sender.remarks(self._sent, first))
        if blanks:
            remarks += (f"to be filled in before the requests are posted: {', '.join(blanks)}",)
        return Report(steps, self._sent + first, dict(self._left_out), first, remarks)

    @property
    def played(self) -> Plan | None:
        """The plan as the vendor runs it, in our words, for an engine; None where a step is refused."""
        if self.report.refusals:
            return None
        entries = zip(self._plan.segments, self._chains, strict=True)
        segments = tuple(e if c.played is None else replace(e, steps=(), chain=c.played) for e, c in entries)
        return replace(self._plan, model=self._sender.played_model(self._plan.model), segments=segments)

    def by_steps(self) -> Iterator[tuple[StepReport, Plan, Plan]]:
        """Each weakened step with two plans for its entry alone: the vendor plays all before it, and it too.

        Entries whose parts are no chains of ours are passed over.
        """
        for entry, chain in zip(self._plan.segments, self._chains, strict=True):
            made = [chain.partly(n) for n in range(len(chain.steps) + 1)]
            plans = [
                replace(self._plan, model=part[0], segments=(replace(entry, steps=(), chain=part[1]),))
                for part in made
                if part is not None
            ]
            if len(plans) == len(made):
                yield from (
                    (step, plans[n], plans[n + 1]) for n, step in enumerate(chain.steps) if step.status == "weakened"
                )

    def _run(self, contacts: Iterable[Contact]) -> Iterator[Request]:
        if self.report.refusals:
            raise RefusedError(*self.report.refusals)
        for contact in self._whole(contacts):
            try:
                request = self._request(contact)
            except UnsendableError as fault:
                self._faults.note(contact, fault)
                continue
            if request is not None:
                yield from self._prepared(request)
                self._sent += 1
                yield request
        wrong = (*self._faults.diagnostics(), *self._broken)
        if wrong:
            raise ContactsError(*wrong)

    def _prepared(self, request: Request) -> Iterator[Request]:
        """What has to be posted before the request, and has not come yet."""
        if request.after is not None and (key := json.dumps(request.after.body, sort_keys=True)) not in self._before:
            self._before[key] = request.after
            yield request.after

    def _request(self, contact: Contact) -> Request | None:
        entry = self._followers.entry(contact)
        request = None if entry is None else self._chains[entry].request(contact)
        if request is None:
            self._left_out[NO_SEGMENT if entry is None else NO_ADDRESS] += 1
        elif request.single is not None:
            if request.single in self._single:
                what = "another contact has the same address, and the vendor runs one cascade at a time for an address"
                raise UnsendableError(codes.SAME_ADDRESS, what, "leave out one of them", request.single)
            self._single.add(request.single)
        return request

    def _whole(self, contacts: Iterable[Contact]) -> Iterator[Contact]:
        """The contacts, whose columns are looked at once; what their reader finds wrong is kept for the end."""
        first = True
        try:
            for contact in contacts:
                if first:
                    self._check_columns(contact)
                first = False
                yield contact
        except ContactsError as error:
            if first:
                raise
            self._broken = error.diagnostics

    def _check_columns(self, contact: Contact) -> None:
        needs = {column: what for chain in self._chains for column, what in chain.columns.items()}
        missing = [
            Diagnostic(codes.MISSING_COLUMN, "error", None, f"no contact has a column `{column}` for {what}", "add it")
            for column, what in sorted(needs.items())
            if column not in contact.cells
        ]
        if missing:
            raise ContactsError(*missing)


def compile_plan(
    plan: Plan,
    vendor: str,
    contacts: Iterable[Contact],
    settings: Settings | None = None,
    excluded: Mapping[str, Collection[str]] | None = None,
) -> Compiled:
    """The plan as the vendor's requests, one a contact and those that prepare them, and the report.

    InputError for a vendor or settings that cannot be; `excluded` and its RefusedError as in `Followers`.
    """
    sender = sender_for(vendor)
    _check_senders(plan, settings or Settings())
    chains = [sender.compile(plan, entry, settings or Settings()) for entry in plan.segments]
    return Compiled(sender, plan, chains, Followers(plan, excluded), contacts)


def _check_senders(plan: Plan, settings: Settings) -> None:
    used = sorted({channel for entry in plan.segments for channel in entry.chain.channels})
    wrong = [name for name in settings.senders if name not in used]
    if wrong:
        what = f"the plan does not send on {' or '.join(wrong)}"
        raise InputError.of(codes.NO_SUCH_CHANNEL, what, f"its channels are {', '.join(used)}")


def export(
    plan: Plan,
    vendor: str,
    contacts: Iterable[Contact],
    out: Path | str,
    settings: Settings | None = None,
    excluded: Mapping[str, Collection[str]] | None = None,
) -> Report:
    """Writes the requests, one line of JSON each, and returns the report; the file is written whole or not at all.

    RefusedError with every reason if the vendor cannot express a step, ContactsError with every fault of the
    contacts, InputError or OutsideError if the file cannot be written.
    """
    compiled = compile_plan(plan, vendor, contacts, settings, excluded)
    if compiled.report.refusals:
        raise RefusedError(*compiled.report.refusals)
    with replacing(out) as file:
        for request in compiled.requests:
            line = {"method": request.method, "path": request.path, "body": request.body}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return compiled.report
