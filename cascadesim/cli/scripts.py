"""What commands need of a script: the script itself, its people, its chains by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from cascadesim.cli import codes
from cascadesim.cli.output import Output
from cascadesim.errors import Diagnostic, InputError, PlanError
from cascadesim.model.chain import Chain, Hole
from cascadesim.model.model import Model
from cascadesim.model.question import Question

if TYPE_CHECKING:
    from cascadesim.contacts import Contact
    from cascadesim.engines.case import Case
    from cascadesim.language import Script


def read_script(out: Output, file: Path) -> Script:
    """The script, its warnings told; ScriptError if it cannot be read."""
    from cascadesim.language import read

    script = read(file)
    out.tell(script.diagnostics)
    return script


def people_of(script: Script, segments: Iterable[str]) -> dict[str, list[Contact]]:
    """The contacts of those segments that take their people from files; ContactsError as `load_segments`."""
    from cascadesim.contacts import load_segments

    return load_segments(script.model, script.base, tuple(sorted(set(segments))))


def finished(out: Output, chains: Iterable[Chain]) -> list[Chain]:
    """The chains without holes; the others are passed over with a warning."""
    kept = []
    for chain in chains:
        if any(isinstance(node, Hole) for node in chain.nodes):
            out.warn(codes.UNFINISHED, f"chain {chain.name} is left out: `...` stands for what is still to be written")
        else:
            kept.append(chain)
    return kept


def named_chains(model: Model, names: Sequence[str]) -> list[Chain]:
    """The chains of these names, once each; InputError for every name that is none, with what it may mean."""
    known = {chain.name: chain for chain in model.chains}
    faults = [_unknown(name, tuple(known)) for name in names if name not in known]
    if faults:
        raise InputError(*faults)
    return [known[name] for name in dict.fromkeys(names)]


def first_question(out: Output, model: Model) -> Question:
    """What the script asks; InputError if it asks nothing."""
    if not model.questions:
        hint = "add an `optimize` block: what is best, what must be kept, which channels to choose from"
        raise InputError.of(
            codes.NO_QUESTION, "the script has no `optimize` block, so there is nothing to look for", hint
        )
    question, *others = model.questions
    if others:
        out.warn(codes.UNANSWERED, f"the script has {len(model.questions)} `optimize` blocks: the first is answered")
    return question


def _unknown(name: str, known: tuple[str, ...]) -> Diagnostic:
    close = get_close_matches(name, known, 1)
    there = f"the chains are {', '.join(known)}" if known else "the script has no chains"
    hint = f"did you mean {close[0]}?" if close else there
    return Diagnostic(codes.NO_SUCH_CHAIN, "error", None, f"there is no chain {name}", hint)


def chain_cases(out: Output, script: Script, names: tuple[str, ...]) -> list[Case]:
    """The chains asked for, else all that are finished; InputError if there is none."""
    from cascadesim.engines.case import Case

    model = script.model
    chains = named_chains(model, names) if names else finished(out, model.chains)
    if not chains:
        hint = "add a `chain` block: what is sent, in which order, when it stops"
        raise InputError.of(codes.NO_CHAIN, f"{script.path} has no chain that can be simulated", hint)
    return [Case(chain.name, model.routes(chain)) for chain in chains]


def plan_case(out: Output, script: Script, path: Path) -> Case:
    """The plan in a file, in the script as it is now; PlanError if it does not fit there."""
    from cascadesim.engines.case import Case
    from cascadesim.plan import changed_since, read_plan
    from cascadesim.plan.consistency import contradictions

    plan = read_plan(path)
    if changed_since(plan, script.source_sha256):
        message = f"{script.path} has changed since {path} was made: the plan is simulated in the script as it is now"
        out.warn(codes.CHANGED, message, "make the plan anew if it is to be the best one of this script")
        faults = tuple(contradictions(replace(plan, model=script.model)))
        if faults:
            raise PlanError(*(Diagnostic("C306", "error", None, f"{path}: {fault}") for fault in faults))
    return Case("plan", plan.routes())
