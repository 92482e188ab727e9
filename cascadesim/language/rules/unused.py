"""What a script defines and never uses: a leftover, or a slip in the place where it was to be used."""

from __future__ import annotations

from cascadesim.language.mentions import mentions
from cascadesim.language.names import nearest
from cascadesim.language.rules.case import Case
from cascadesim.language.statements import Kind, place
from cascadesim.model import chain as m
from cascadesim.model.question import Question

_TOLD: dict[Kind, tuple[str, str, str]] = {
    "channel": ("C087", "nothing is sent on {}", "name it in a `send` or in `choose from`, or delete the block"),
    "segment": ("C088", "nothing is sent to {}", "add it behind the `for` of a chain or of `optimize`, or delete it"),
    "message": ("C089", "nothing says {}", "write `saying {}` in a chain or behind a `send`, or delete the block"),
}


def check(case: Case) -> None:
    """Notes the channels, segments and messages of the script's own that no chain and no question speaks of."""
    asked = case.model.chains or case.model.questions
    if not asked or any(isinstance(node, m.Hole) for chain in case.model.chains for node in chain.nodes):
        return  # a script that only lends its definitions, or one that is still to be written
    used = _used(case)
    for kind, (code, message, hint) in _TOLD.items():
        for name, block in case.campaign.defined[kind].items():
            if block.span.file == case.campaign.main and (kind, name) not in used:
                at = place(block.name, block.span)
                case.faults.warn(code, at, message.format(name), hint.format(name))


def _used(case: Case) -> set[tuple[Kind, str]]:
    """Every name that a chain or a question speaks of, also where it is misspelt or its line could not be read."""
    asks: tuple[m.Chain | Question, ...] = (*case.model.chains, *case.model.questions)
    used = {mention for ask in asks for mention in mentions(ask)}
    used |= {("segment", name) for ask in asks for name in case.model.segments_of(ask.segments)}
    for kind, known in case.campaign.defined.items():
        used |= {(kind, name) for name in known.keys() & case.campaign.unread}
        missed = [name for mentioned, name in used if mentioned == kind and name not in known]
        used |= {(kind, near) for name in missed if (near := nearest(name, known)) is not None}
    return used
