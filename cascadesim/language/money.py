"""Which currency a campaign counts in, and what the others are worth in it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cascadesim.errors import Span
from cascadesim.language.resolve import Campaign
from cascadesim.language.statements import Faults
from cascadesim.model.model import Exchange
from cascadesim.units import Money, plain

DEFAULT = "EUR"
"""The currency of a campaign without any price."""


def currency(campaign: Campaign, faults: Faults) -> str:
    """The currency that results are in: the scenario's, or the only one that prices are in."""
    for scenario in campaign.scenarios:
        said = scenario.value("prices", str)
        if said is not None:
            return str(said)
    used = list(_prices(campaign)) or list(_amounts_asked(campaign))
    first = used[0][0].currency if used else DEFAULT
    if campaign.is_library:
        return first
    for amount, span in used:
        if amount.currency != first:
            message = f"prices are in {first} and in {amount.currency}: results need one currency"
            hint = f"add `prices in {first}` and `1 {amount.currency} is 0.92 {first}` to the scenario"
            faults.error("C047", span, message, hint)
            break
    return first


def exchange(campaign: Campaign, unit: str, faults: Faults) -> tuple[Exchange, ...]:
    """What one of each other currency is worth in `unit`, as decimal numbers; amounts without one are noted."""
    rates: dict[str, Exchange] = {}
    for line in (line for scenario in campaign.scenarios for line in scenario.all("exchange")):
        one, other = line.value
        if other.currency != unit:
            message = f"results are in {unit}, and this line does not end in {unit}"
            faults.error("C046", line.span, message, f"write it as: {_turned(one, other, unit)}")
        elif one.currency in rates:
            faults.error("C027", line.span, f"the rate of {one.currency} is stated twice", "keep one of the two lines")
        elif one.billionths:
            rate = Decimal(other.billionths) / Decimal(one.billionths)
            rates[one.currency] = Exchange(one.currency, plain(rate))
    if any(scenario.value("prices", str) for scenario in campaign.scenarios) or rates:
        _check_known(campaign, {unit, *rates}, unit, faults)
    return tuple(rates.values())


def _turned(one: Money, other: Money, unit: str) -> str:
    """The line that says in `unit` what this one says in the other currency; an example where it says neither."""
    if one.currency != unit:
        return f"1 {one.currency} is 0.92 {unit}"
    if not one.billionths * other.billionths:
        return f"1 {other.currency} is 0.92 {unit}"
    rate = Decimal(one.billionths) / Decimal(other.billionths)
    return f"1 {other.currency} is {plain(Decimal(f'{rate:.6g}'))} {unit}"


def _check_known(campaign: Campaign, known: set[str], unit: str, faults: Faults) -> None:
    for amount, span in (*_prices(campaign), *_amounts_asked(campaign)):
        if amount.currency not in known:
            hint = f"add what it is worth to the scenario: 1 {amount.currency} is 0.92 {unit}"
            faults.error("C046", span, f"{amount.currency} cannot be converted to {unit}", hint)


def _prices(campaign: Campaign) -> Iterator[tuple[Money, Span]]:
    for name, block in campaign.defined["channel"].items():
        if name in campaign.in_play or campaign.is_library:
            yield from ((line.value.amount, line.span) for line in block.all("costs", "commitment"))
    for block in campaign.defined["segment"].values():
        for line in block.all("own_price"):
            if line.value.channel in campaign.in_play or campaign.is_library:
                yield line.value.price.amount, line.span


def _amounts_asked(campaign: Campaign) -> Iterator[tuple[Money, Span]]:
    for question in campaign.questions:
        for line in question.all("keep_cost", "profit"):
            yield line.value.value, line.span
