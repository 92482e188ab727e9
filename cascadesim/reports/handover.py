"""What a vendor gets: the winner, or the best plan that it can run, why, and what the difference costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from cascadesim.model import codec
from cascadesim.optimizer import Answer
from cascadesim.optimizer.answer import Totals
from cascadesim.plan import Plan
from cascadesim.reports import tables, words
from cascadesim.reports.exports import steps_table
from cascadesim.reports.losses import Losses, losses_report, signed
from cascadesim.reports.plans import plan_report
from cascadesim.senders import Report


@dataclass(frozen=True, slots=True)
class VendorPlan:
    """The best plan that a vendor can run, for the question as it can be asked there.

    `set_aside` says which of the question's lines do not hold at the vendor, `unmet` which limits cannot be kept
    there, and how close it gets.
    """

    answer: Answer
    plan: Plan
    set_aside: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Handover:
    """What came of handing a plan over to a vendor.

    `because` says why the winner cannot be exported (empty: it is what is exported). `found` is None where the
    vendor can run no plan at all, for the reasons in `impossible`; a plan with refused steps has those in `report`.
    `plan_file` has the plan that is exported, `requests` its requests: None where none of the plan's people come
    from a file. `losses` are what the weakened steps come to. `without_contacts` are the segments whose people the
    script only counts.
    """

    vendor: str
    winner: Answer
    because: tuple[str, ...]
    found: VendorPlan | None
    impossible: tuple[str, ...]
    report: Report
    losses: Losses | None
    plan_file: Path | None
    requests: Path | None
    without_contacts: tuple[str, ...]

    @property
    def written(self) -> tuple[Path, ...]:
        """The files that the handover has written; the winner's own is none of them."""
        mine = (self.plan_file if self.because else None, self.requests)
        return tuple(file for file in mine if file is not None)

    def to_json(self) -> dict[str, Any]:
        """The `export` part of `run --json`; the plan and the difference are null where the winner is exported."""
        other = self.found if self.because else None
        return {
            "vendor": self.vendor,
            "because": list(self.because),
            "impossible": list(self.impossible),
            "set_aside": [] if other is None else list(other.set_aside),
            "unmet": [] if other is None else list(other.unmet),
            "plan": None if other is None else codec.encode(other.plan),
            "difference": None if other is None else _difference(self.winner.total, other.answer.total),
            "report": self.report.to_json(),
            "price": None if self.losses is None else self.losses.to_json(),
            "without_contacts": list(self.without_contacts),
        }


def handover_report(handed: Handover, currency: str) -> Iterator[RenderableType]:
    """The whole story, from why the winner stays to the command that writes what is missing."""
    vendor = handed.vendor
    if handed.because:
        yield _bullets(f"{vendor} cannot run this plan:", handed.because)
    if handed.found is None:
        yield _bullets(f"Nothing can be exported for {vendor}:", handed.impossible)
        return
    if handed.because:
        yield from _other_plan(handed, handed.found, currency)
    yield steps_table(handed.report, vendor)
    if handed.losses is not None:
        yield from losses_report(handed.losses, vendor, currency)
    yield from (Text(f"{note}.", tables.QUIET) for note in handed.report.notes)
    yield from _requests(handed)


def _other_plan(handed: Handover, found: VendorPlan, currency: str) -> Iterator[RenderableType]:
    vendor = handed.vendor
    if found.set_aside:
        yield _bullets(f"So the question is asked again, without what does not hold at {vendor}:", found.set_aside)
    if found.unmet:
        yield _bullets(f"Not all limits can be kept at {vendor}; the plan comes as close as it can:", found.unmet)
    yield from plan_report(found.plan, f"The best plan that {vendor} can run")
    yield _difference_table(handed.winner.total, found.answer.total, vendor, currency)


def _bullets(heading: str, lines: tuple[str, ...]) -> Text:
    return Text("\n".join([heading, *(f"  - {line}" for line in lines)]))


_DIFFERENCES: tuple[tuple[str, str, tables.Word], ...] = (
    ("coverage", "coverage", words.share),
    ("cost_per_person", "{} per person", words.amount),
    ("cost_per_covered", "{} per covered person", words.amount),
    ("cost", "{} in all", words.amount),
    ("messages_per_person", "messages per person", words.number),
)


def _difference_table(winner: Totals, other: Totals, vendor: str, currency: str) -> Group:
    made = tables.table("figure", "the plan", f"at {vendor}", "difference")
    for name, label, word in _DIFFERENCES:
        one, two = getattr(winner, name), getattr(other, name)
        made.add_row(label.format(currency), word(one, None), word(two, None), signed(one, two, word))
    return tables.titled(f"What it costs to run it at {vendor}", made)


def _difference(winner: Totals, other: Totals) -> dict[str, Any]:
    """By figure: what the plan for the vendor comes to, less what the winner does; null where one has no value."""
    pairs = {name: (getattr(winner, name), getattr(other, name)) for name, _, _ in _DIFFERENCES}
    return {name: None if None in pair else pair[1] - pair[0] for name, pair in pairs.items()}


def _requests(handed: Handover) -> Iterator[RenderableType]:
    if handed.report.refusals:
        yield Text(f"No requests for {handed.vendor} can be written while a step is refused.", tables.BAD)
        return
    if handed.requests is not None:
        yield Text(f"{handed.requests} has {words.plural(handed.report.requests, 'request')}; nothing was sent.")
    if handed.without_contacts:
        command = f"cascadesim export {handed.plan_file} --to {handed.vendor} --contacts FILE --out FILE"
        names = words.listed(handed.without_contacts)
        yield Text(
            f"The script only counts the people of {names}. With a file of them, this writes requests:\n  {command}"
        )
