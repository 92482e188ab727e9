"""The best plan that a vendor can run: the winner itself, or the answer to the question within what the vendor has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cascadesim.cli.asked import Asked, search
from cascadesim.cli.output import Output
from cascadesim.errors import QuestionError
from cascadesim.model.model import Model
from cascadesim.model.question import Goal, Keep, Measure, Objective, Question

if TYPE_CHECKING:
    from cascadesim.optimizer import Answer, Restriction
    from cascadesim.plan import Plan
    from cascadesim.reports.handover import Handover, VendorPlan
    from cascadesim.reports.losses import Losses
    from cascadesim.senders import Capability, Report

PLAN, REQUESTS = "plan.json", "requests.jsonl"
"""The files that `run` writes; the plan for a vendor that cannot run the winner is `plan-VENDOR.json`."""

_TOWARDS: Mapping[Measure, Goal] = {
    "coverage": "coverage",
    "time to open": "time to open",
    "cost per covered person": "coverage per cost",
    "messages": "cost per person",
    "messages per person": "cost per person",
    "total cost": "cost per person",
    "cost per person": "cost per person",
}
"""What to strive for in order to come close to a limit; of limits that conflict the first here is given up."""


def hand_over(out: Output, asked: Asked, answer: Answer, plan: Plan, vendor: str, folder: Path) -> Handover:
    """Exports the plan, or the best one that the vendor can run, which is written to a file of its own."""
    from cascadesim.plan import write_plan
    from cascadesim.reports.handover import Handover, VendorPlan
    from cascadesim.senders import Report, sender_for

    capability = sender_for(vendor).capability
    because = obstacles(capability, plan)
    found, impossible = _best_for(out, asked, capability) if because else (VendorPlan(answer, plan), ())
    counted = tuple(name for name in plan.names if name not in asked.contacts)
    if found is None:
        return Handover(vendor, answer, because, None, impossible, Report(()), None, None, None, counted)
    plan_file = folder / (f"plan-{vendor}.json" if because else PLAN)
    if because:
        write_plan(found.plan, plan_file)
    report, losses = _compiled(asked, found.plan, vendor)
    written = None if report.refusals else _export(asked, found.plan, vendor, folder / REQUESTS)
    requests = None if written is None else folder / REQUESTS
    return Handover(vendor, answer, because, found, impossible, written or report, losses, plan_file, requests, counted)


def _compiled(asked: Asked, plan: Plan, vendor: str) -> tuple[Report, Losses | None]:
    """What becomes of the plan's steps, and what their changes come to; None where nothing changes, or is sent."""
    from cascadesim.cli.plans import excluded_of
    from cascadesim.reports.losses import losses_of
    from cascadesim.senders import compile_plan

    compiled = compile_plan(plan, vendor, (), excluded=excluded_of(plan, asked.script.base))
    return compiled.report, losses_of(plan, compiled, asked.contacts)


def _export(asked: Asked, plan: Plan, vendor: str, target: Path) -> Report | None:
    """Writes the requests for those of the plan's people who come from files; None where there are no such people."""
    from cascadesim.cli.plans import excluded_of
    from cascadesim.senders import export

    people = [contact for name in plan.names for contact in asked.contacts.get(name, ())]
    return export(plan, vendor, people, target, excluded=excluded_of(plan, asked.script.base)) if people else None


def obstacles(capability: Capability, plan: Plan) -> tuple[str, ...]:
    """Why the vendor cannot express the plan, a sentence each, with the segments concerned where not all are."""
    from cascadesim.reports import words
    from cascadesim.senders import why_not

    found: dict[str, list[str]] = {}
    for entry in plan.segments:
        for reason in why_not(capability, plan.model, entry.chain):
            found.setdefault(reason, []).append(entry.segment)
    everybody = [entry.segment for entry in plan.segments]
    return tuple(
        reason if segments == everybody else f"{reason} (for {words.listed(segments)})"
        for reason, segments in found.items()
    )


def _best_for(out: Output, asked: Asked, capability: Capability) -> tuple[VendorPlan | None, tuple[str, ...]]:
    """The best plan that the vendor can run, or why there is none."""
    from cascadesim.optimizer import plan_of
    from cascadesim.reports.handover import VendorPlan

    try:
        answer, unmet = _closest(out, asked, asked.question, restriction_of(capability, asked.model))
    except QuestionError as error:
        return None, tuple(diagnostic.message for diagnostic in error.diagnostics)
    plan = plan_of(answer, asked.model, asked.script.source_sha256)
    return VendorPlan(answer, plan, answer.restricted, unmet), ()


def restriction_of(capability: Capability, model: Model) -> Restriction:
    """What the vendor's own cascade can carry, for the optimizer."""
    from cascadesim.optimizer import Restriction
    from cascadesim.senders import apart, expressible

    return Restriction(
        expressible(capability, model),
        capability.vendor,
        capability.repeats,
        apart(capability, model),
        capability.shortest_wait,
        capability.longest_wait,
    )


def _closest(out: Output, asked: Asked, question: Question, restriction: Restriction) -> tuple[Answer, tuple[str, ...]]:
    """The best plan within the limits; where they cannot be kept, they are given up one by one and striven for.

    Returns how close the vendor gets to each limit that was given up, in the optimizer's words.
    """
    unmet: list[str] = []
    while True:
        try:
            return search(out, asked, question, restriction), tuple(unmet)
        except QuestionError as error:
            told = {d.span: d.message for d in error.diagnostics}
            failing = [keep for keep in question.keeps if keep.span is not None and keep.span in told]
            if not failing:
                raise
            given_up = min(failing, key=_patience)
            unmet.append(told[given_up.span])
            question = replace(
                question,
                objective=question.objective if len(unmet) > 1 else Objective(_TOWARDS[given_up.measure]),
                keeps=tuple(keep for keep in question.keeps if keep is not given_up),
            )


def _patience(keep: Keep) -> int:
    return list(_TOWARDS).index(keep.measure)
