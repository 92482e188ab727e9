"""Cascading messaging: simulate a chain of channels, find the best one with a proof, run that very plan.

    script = cascadesim.read("campaign.cascade")
    outcome = cascadesim.simulate(script.model, cascadesim.cases(script.model))
    answer = cascadesim.optimize(script.model, script.model.questions[0])
    cascadesim.write_plan(cascadesim.plan_of(answer, script.model, script.source_sha256), "plan.json")

This is the only public door: what `__all__` names, and what those values carry, is kept stable. Nothing is
computed here, and nothing is imported before it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cascadesim.contacts import Contact, load_segments, read_contacts
    from cascadesim.engines.case import Case, cases
    from cascadesim.engines.compare import Comparison, Side, compare
    from cascadesim.engines.outcome import ChainOutcome, Outcome
    from cascadesim.engines.records import RecordWriter
    from cascadesim.engines.simulate import simulate
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
    from cascadesim.model.model import Model
    from cascadesim.model.record import Record
    from cascadesim.optimizer import Answer, Restriction, optimize, plan_of
    from cascadesim.plan import Plan, chosen_plan, read_plan, write_plan
    from cascadesim.rehearsal import rehearse
    from cascadesim.reports.charts import frontier
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
    "Restriction",
    "Script",
    "ScriptError",
    "Share",
    "Side",
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
    "write_plan",
    "write_script",
]

_HOMES = {
    "contacts": ("Contact", "load_segments", "read_contacts"),
    "engines.case": ("Case", "cases"),
    "engines.compare": ("Comparison", "Side", "compare"),
    "engines.outcome": ("ChainOutcome", "Outcome"),
    "engines.records": ("RecordWriter",),
    "engines.simulate": ("simulate",),
    "errors": (
        "CascadeError", "ContactsError", "Diagnostic", "InputError", "OutsideError", "PlanError", "QuestionError",
        "RefusedError", "ScriptError",
    ),
    "language": ("Script", "check", "format_text", "read", "read_text", "script_of", "write_script"),
    "model.model": ("Model",),
    "model.record": ("Record",),
    "optimizer": ("Answer", "Restriction", "optimize", "plan_of"),
    "plan": ("Plan", "chosen_plan", "read_plan", "write_plan"),
    "rehearsal": ("rehearse",),
    "reports.charts": ("frontier",),
    "senders": ("export",),
    "units": ("Duration", "Money", "Share"),
}  # fmt: skip


def __getattr__(name: str) -> Any:
    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return __all__
