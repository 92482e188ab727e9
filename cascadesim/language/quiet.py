"""Quiet hours and days, holidays turned into their dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from cascadesim.language.names import nearest
from cascadesim.language.resolve import Campaign
from cascadesim.language.statements import Block, Faults, Name, Silence
from cascadesim.model.channel import Quiet
from cascadesim.model.segment import Arrivals
from cascadesim.units import WEEK, Duration

Days = tuple[date, date]
_DAY = timedelta(days=1)


def campaign_days(campaign: Campaign) -> Days | None:
    """The first and the last day on which anything can happen, in any zone; None without `starts`."""
    scenario = campaign.scenarios[0] if campaign.scenarios else None
    starts = scenario.value("starts", datetime) if scenario is not None else None
    if scenario is None or starts is None:
        return None
    arrivals = [b.value("arrivals", Arrivals) for b in campaign.defined["segment"].values()]
    last_entry = max((a.lasting for a in arrivals if a is not None), default=0)
    length = last_entry + (scenario.value("runs", Duration) or WEEK)
    try:
        return (starts - _DAY).date(), (starts + timedelta(microseconds=length) + _DAY).date()
    except OverflowError:
        return starts.date(), date.max


def quiet(block: Block, days: Days | None, faults: Faults) -> tuple[Quiet, ...]:
    """The quiet windows of a scenario or a channel; without `days` holidays are left out."""
    found = []
    for line in block.all("quiet", "quiet_days"):
        silence: Silence = line.value
        holidays = {day for name in silence.holidays for day in _holidays(name, days, faults)}
        dates = tuple(sorted({*silence.dates, *holidays}))
        if silence.holidays and not dates and not silence.days:
            continue  # no such holiday while the campaign runs; a window without days would mean every day
        found.append(Quiet(silence.hours, silence.days, dates, line.span))
    return tuple(found)


def _code(name: str, known: Iterable[str]) -> str | None:
    """The two letters that are meant: by the country's name, or by letters that are much the same."""
    from holidays.registry import COUNTRIES

    called = COUNTRIES.get(name.casefold().replace("-", "_"))
    return called[1] if called is not None else nearest(name.partition("-")[0], known)


def _holidays(name: Name, days: Days | None, faults: Faults) -> list[date]:
    """The public holidays of a country (`LV`) or of a part of it (`DE-BY`) while the campaign runs."""
    import holidays

    country, _, part = name.partition("-")
    known = holidays.list_supported_countries()
    if country not in known:
        hint = f"write {near}" if (near := _code(name, known)) is not None else "countries have two letters: LV, EE, GB"
        faults.error("C093", name.span, f"the holidays of {country} are not known", hint)
    elif part and part not in known[country]:
        hint = f"it has {', '.join(known[country])}" if known[country] else f"write {country} alone"
        faults.error("C093", name.span, f"{country} has no part {part} with holidays of its own", hint)
    elif days is not None:
        first, last = days
        calendar = holidays.country_holidays(country, subdiv=part or None, years=range(first.year, last.year + 1))
        return [day for day in calendar if first <= day <= last]
    return []
