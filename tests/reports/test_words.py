"""Figures in words: as many digits as tell something."""

from __future__ import annotations

import pytest

from cascadesim.reports import words


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "-"),
        (0.0, "0.0%"),
        (0.00004, "0.0040%"),
        (0.0042, "0.42%"),
        (0.62345, "62.3%"),
        (0.9996, "99.9%"),
        (1.0, "100.0%"),
    ],
)
def test_shares(value: float | None, said: str) -> None:
    assert words.share(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "-"),
        (0.0, "0.0000"),
        (0.000042, "0.000042"),
        (0.0231, "0.0231"),
        (12.345, "12.35"),
        (12_345.6, "12,346"),
        (-0.02, "-0.0200"),
    ],
)
def test_amounts(value: float | None, said: str) -> None:
    assert words.amount(value) == said


def test_money_names_its_currency() -> None:
    assert words.money(0.0231, "EUR") == "0.0231 EUR"
    assert words.money(None, "EUR") == "-"


@pytest.mark.parametrize(
    ("margin", "beside", "said"), [(0.0004, 0.6, "0.04%"), (0.012, 0.6, "1.2%"), (0.0000004, 0.6, "0.00004%")]
)
def test_a_margin_of_error_takes_the_decimals_of_its_figure_or_its_first_digit(
    margin: float, beside: float, said: str
) -> None:
    assert words.share(margin, beside) == said


def test_the_margin_of_an_amount_has_the_amounts_decimals() -> None:
    assert words.amount(0.00046, 0.0231) == "0.0005"
    assert words.amount(45.281, 2_264.0) == "45"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "-"),
        (0.0, "0 s"),
        (2.5, "2.5 s"),
        (59.7, "60 s"),
        (754.0, "13 min"),
        (5_700.0, "1.6 h"),
        (36_000.0, "10 h"),
        (302_400.0, "3.5 days"),
    ],
)
def test_spans(seconds: float | None, said: str) -> None:
    assert words.span(seconds) == said


@pytest.mark.parametrize(
    ("value", "said"), [(None, "-"), (0.0, "0"), (3.0, "3"), (3.25, "3.2"), (12.6, "13"), (88_200.0, "88,200")]
)
def test_counts(value: float | None, said: str) -> None:
    assert words.count(value) == said


def test_lists_and_plurals() -> None:
    assert words.listed(["push"]) == "push"
    assert words.listed(["push", "viber", "sms"]) == "push, viber and sms"
    assert words.plural(1, "request") == "1 request"
    assert words.plural(1_200, "person", "people") == "1,200 people"
