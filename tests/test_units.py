"""Durations, money, shares and counts: what they parse, what they refuse, and ``parse(str(x)) == x``."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadesim.units import BILLION, DAY, HOUR, MINUTE, SECOND, WEEK, Duration, Money, Share, parse_count, plain


@given(st.integers(0, 100 * 365 * DAY))
def test_durations_print_what_they_parse(microseconds: int) -> None:
    duration = Duration(microseconds)
    assert Duration.parse(str(duration)) == duration


@given(st.integers(0, 10**24), st.from_regex(r"[A-Z]{3}", fullmatch=True))
def test_money_prints_what_it_parses(billionths: int, currency: str) -> None:
    money = Money(billionths, currency)
    assert Money.parse(str(money)) == money


@given(st.floats(0, 1))
def test_shares_print_what_they_parse(share: float) -> None:
    assert Share.parse(str(Share(share))) == Share(share)


@given(st.decimals(0, 10**12, places=6))
def test_plain_numbers_print_what_they_parse(number: Decimal) -> None:
    assert parse_count(plain(number)) == number
    assert "E" not in plain(number)


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("250 ms", 250_000),
        ("2 s", 2 * SECOND),
        ("90 sec", 90 * SECOND),
        ("1 second", SECOND),
        ("30 min", 30 * MINUTE),
        ("5 minutes", 5 * MINUTE),
        ("2h", 2 * HOUR),
        ("1.5 hours", 90 * MINUTE),
        ("1 h 30 min", 90 * MINUTE),
        ("1 day", DAY),
        ("2 d", 2 * DAY),
        ("1 week 1 day", WEEK + DAY),
        ("1_000 s", 1_000 * SECOND),
        ("0 s", 0),
    ],
)
def test_durations(text: str, microseconds: int) -> None:
    assert Duration.parse(text) == microseconds
    assert isinstance(Duration.parse(text), Duration)


@pytest.mark.parametrize("text", ["", "2", "h", "12m", "2 months", "-2 h", "2 h,", "0.0000001 s", "1 H"])
def test_no_durations(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Duration.parse(text)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("90 min", "1 h 30 min"),
        ("24 h", "1 day"),
        ("49 h", "2 days 1 h"),
        ("1.5 s", "1.5 s"),
        ("1 ms", "0.001 s"),
        ("0 h", "0 s"),
        ("1 week", "7 days"),
    ],
)
def test_durations_print_shortly(text: str, printed: str) -> None:
    assert str(Duration.parse(text)) == printed


@pytest.mark.parametrize(
    ("text", "billionths"),
    [("0.045 EUR", 45_000_000), ("20k EUR", 20_000 * BILLION), ("1_000EUR", 1_000 * BILLION), ("0.000000001 USD", 1)],
)
def test_money(text: str, billionths: int) -> None:
    assert Money.parse(text).billionths == billionths


@pytest.mark.parametrize("text", ["0.045", "EUR 1", "0,045 EUR", "€1", "1 eur", "-1 EUR", "0.0000000001 EUR"])
def test_no_money(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Money.parse(text)


@pytest.mark.parametrize(("text", "share"), [("34%", 0.34), ("9.1 %", 0.091), ("0%", 0.0), ("100%", 1.0)])
def test_shares(text: str, share: float) -> None:
    assert Share.parse(text) == share
    assert str(Share(share)) == text.replace(" ", "")


@pytest.mark.parametrize("text", ["0.34", "34", "101%", "-1%", "%", "abc%", ""])
def test_no_shares(text: str) -> None:
    with pytest.raises(ValueError, match="is not a share"):
        Share.parse(text)


@pytest.mark.parametrize(
    ("text", "number"), [("10k", "10000"), ("10_000", "10000"), ("0.5M", "500000"), ("2K", "2000"), ("0.045", "0.045")]
)
def test_counts(text: str, number: str) -> None:
    assert parse_count(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "k", "10m", "1e5", "10,000", "_1", "-1", "1."])
def test_no_counts(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        parse_count(text)
