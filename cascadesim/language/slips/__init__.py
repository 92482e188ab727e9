"""Slips of the pen, by what they are about: signs, numbers, words."""

from __future__ import annotations

from cascadesim.errors import Diagnostic
from cascadesim.language.place import Place
from cascadesim.language.slips.lines import LINES
from cascadesim.language.slips.numbers import NUMBERS
from cascadesim.language.slips.signs import SIGNS
from cascadesim.language.slips.words import WORDS

_FIRST_SIGNS = SIGNS[:5]
SLIPS = (*_FIRST_SIGNS, *LINES, *NUMBERS, *SIGNS[5:], *WORDS)
"""In the order in which they are tried."""


def explain_slip(place: Place) -> Diagnostic | None:
    """What somebody had in mind who wrote this, and how it is written."""
    return next((told for slip in SLIPS if (told := slip.explain(place)) is not None), None)
