"""Cascading messaging: simulate a chain of channels, find the best one with a proof, run that very plan.

    script = cascadesim.read("campaign.cascade")
    outcome = cascadesim.simulate(script.model, cascadesim.cases(script.model))
    answer = cascadesim.optimize(script.model, script.model.questions[0])
    cascadesim.write_plan(cascadesim.plan_of(answer, script.model, script.source_sha256), "plan.json")

This is the only public door: what `__all__` names, and what those values carry, is kept stable. Nothing is
computed here, and nothing is imported before it is asked for. Results print well, become data frames (`.to_frame()`)
and draw themselves (`.plot`). In a notebook `%load_ext cascadesim` gives `%%cascade NAME`: the cell is a script.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from cascadesim.contacts import Contact, load_segments, read_contacts
    from cascadesim.engines.case import Case, cases
    from cascadesim.engines.compare import Side
    from cascadesim.engines.outcome import ChainOutcome
    from cascadesim.engines.records import RecordWriter
    from cascadesim.errors import (
        CascadeError,
        ContactsError,
        Diagnostic,
        InputError,
        OutsideError,
        PlanError,
        QuestionError,
        RefusedError,
        ScriptError,
    )
    from cascadesim.language import Script, check, format_text, read, read_text, script_of, write_script
    from cascadesim.model.changing import with_rate
    from cascadesim.model.model import Model
    from cascadesim.model.record import Record
    from cascadesim.optimizer import Restriction
    from cascadesim.plan import write_plan
    from cascadesim.reports.pictures.frontier import frontier
    from cascadesim.reports.results.answer import Answer, Uncertainty, optimize, uncertainty
    from cascadesim.reports.results.comparison import Comparison, compare
    from cascadesim.reports.results.outcome import Outcome, simulate
    from cascadesim.reports.results.plan import Plan, Rehearsal, chosen_plan, plan_of, read_plan, rehearse
    from cascadesim.senders import export
    from cascadesim.units import Duration, Money, Share

__all__ = [
    "Answer",
    "CascadeError",
    "Case",
    "ChainOutcome",
    "Comparison",
    "Contact",
    "ContactsError",
    "Diagnostic",
    "Duration",
    "InputError",
    "Model",
    "Money",
    "Outcome",
    "OutsideError",
    "Plan",
    "PlanError",
    "QuestionError",
    "Record",
    "RecordWriter",
    "RefusedError",
    "Rehearsal",
    "Restriction",
    "Script",
    "ScriptError",
    "Share",
    "Side",
    "Uncertainty",
    "cases",
    "check",
    "chosen_plan",
    "compare",
    "export",
    "format_text",
    "frontier",
    "load_segments",
    "optimize",
    "plan_of",
    "read",
    "read_contacts",
    "read_plan",
    "read_text",
    "rehearse",
    "script_of",
    "simulate",
    "uncertainty",
    "with_rate",
    "write_plan",
    "write_script",
]

_HOMES = {
    "contacts": ("Contact", "load_segments", "read_contacts"),
    "engines.case": ("Case", "cases"),
    "engines.compare": ("Side",),
    "engines.outcome": ("ChainOutcome",),
    "engines.records": ("RecordWriter",),
    "errors": (
        "CascadeError", "ContactsError", "Diagnostic", "InputError", "OutsideError", "PlanError", "QuestionError",
        "RefusedError", "ScriptError",
    ),
    "language": ("Script", "check", "format_text", "read", "read_text", "script_of", "write_script"),
    "model.changing": ("with_rate",),
    "model.model": ("Model",),
    "model.record": ("Record",),
    "optimizer": ("Restriction",),
    "plan": ("write_plan",),
    "reports.pictures.frontier": ("frontier",),
    "reports.results.answer": ("Answer", "Uncertainty", "optimize", "uncertainty"),
    "reports.results.comparison": ("Comparison", "compare"),
    "reports.results.outcome": ("Outcome", "simulate"),
    "reports.results.plan": ("Plan", "Rehearsal", "chosen_plan", "plan_of", "read_plan", "rehearse"),
    "senders": ("export",),
    "units": ("Duration", "Money", "Share"),
}  # fmt: skip


def load_ipython_extension(shell: InteractiveShell) -> None:
    """What `%load_ext cascadesim` calls."""
    from cascadesim.notebook import load_ipython_extension

    load_ipython_extension(shell)


def __getattr__(name: str) -> Any:
    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return __all__
