"""Every faulty line is told in one run, and nothing else is: the rest of the script is read and checked."""

from __future__ import annotations

import random

import pytest

from tests.language.joined import joined, pieces, told

DRAWS, AT_ONCE = 200, 20


@pytest.mark.parametrize("group", range(DRAWS // AT_ONCE))
def test_ten_faulty_scripts_in_one(group: int) -> None:
    """Their faults, each where it was and in the same words, and no others."""
    for number in range(group * AT_ONCE, (group + 1) * AT_ONCE):
        draw = random.Random(number)
        drawn = draw.sample(pieces(), len(pieces()))
        framed = [piece for piece in drawn if piece.has_scenario][:1]  # a script has one scenario
        ten = [*framed[: draw.random() < 0.3], *(piece for piece in drawn if not piece.has_scenario)][:10]
        draw.shuffle(ten)
        text, expected = joined(ten)
        assert told(text) == expected, [piece.name for piece in ten]


def test_what_can_be_joined() -> None:
    """Nearly all, of every kind: indentation, block heads, tables, lines, names, meaning."""
    codes = {fault.split(" ")[1] for piece in pieces() for fault in piece.faults}
    assert len(pieces()) >= 200
    assert len(codes) >= 90
    assert codes >= {"C005", "C006", "C007", "C013", "C140", "C143", "C145", "C144", "C039", "C026", "C103"}
    assert codes >= {"C030", "C020", "C036", "C058", "C066", "C064", "C077", "C078", "C086"}
