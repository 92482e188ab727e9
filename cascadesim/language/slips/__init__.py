"""Slips of the pen, by what they are about: signs, numbers, words, steps, and what the lines around them tell."""

from __future__ import annotations

from collections.abc import Callable

from cascadesim.errors import Diagnostic
from cascadesim.language.place import Place
from cascadesim.language.slips.branches import explain_branch
from cascadesim.language.slips.lines import LINES
from cascadesim.language.slips.numbers import NUMBERS
from cascadesim.language.slips.signs import FIRST_SIGNS, SIGNS, unclosed
from cascadesim.language.slips.words import WORDS

_SLIPS = (*LINES, *NUMBERS, *SIGNS, *WORDS)
_EXPLANATIONS: tuple[Callable[[Place], Diagnostic | None], ...] = (
    *(slip.explain for slip in FIRST_SIGNS),
    unclosed,
    explain_branch,
    *(slip.explain for slip in _SLIPS),
)
"""In the order in which they are tried."""


def explain_slip(place: Place) -> Diagnostic | None:
    """What somebody had in mind who wrote this, and how it is written."""
    return next((told for explain in _EXPLANATIONS if (told := explain(place)) is not None), None)
