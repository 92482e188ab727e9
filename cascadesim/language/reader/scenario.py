"""The campaign's frame."""

from __future__ import annotations

from datetime import datetime

from cascadesim.language.reader.channel import quiet
from cascadesim.language.reader.tokens import Node, Reader, Reading, parts
from cascadesim.language.statements import Length, Name
from cascadesim.model.calendar import known_zone
from cascadesim.units import Money


def zone(ctx: Reading, node: Node) -> Name:
    """`time zone "Europe/Riga"`."""
    name = ctx.string(parts(node)[0])
    if not known_zone(name):
        ctx.faults.error("C091", name.span, f'there is no time zone "{name}"', _near_zone(name))
        return Name("UTC", name.span)
    return name


def _near_zone(name: str) -> str:
    """Zones are named by a continent and a city; the city alone is enough to find it."""
    from difflib import get_close_matches
    from zoneinfo import available_timezones

    zones = available_timezones()
    city = name.rpartition("/")[2].strip().replace(" ", "_").casefold()
    close = [z for z in sorted(zones) if z.rpartition("/")[2].casefold() == city] or get_close_matches(name, zones, 1)
    return f'did you mean "{close[0]}"?' if close else 'write continent and city: "Europe/Riga"'


def _starts(ctx: Reading, node: Node) -> datetime:
    day, at = parts(node)
    return datetime.combine(ctx.date(day), ctx.time(at))


def _runs(ctx: Reading, node: Node) -> Length:
    return ctx.length(parts(node)[0])


def _prices(ctx: Reading, node: Node) -> Name:
    token = parts(node)[0]
    return Name(token, ctx.span(token))


def _exchange(ctx: Reading, node: Node) -> tuple[Money, Money]:
    one, other = parts(node)
    for token in (one, other):
        if ctx.money(token).billionths == 0:
            ctx.faults.error("C041", ctx.span(token), "nothing cannot be exchanged", "such as: 1 USD is 0.92 EUR")
    if one[-3:] == other[-3:]:
        ctx.faults.error("C041", ctx.span(node), f"{one[-3:]} is exchanged for itself", "name the other currency")
    return ctx.money(one), ctx.money(other)


def _seed(ctx: Reading, node: Node) -> int:
    return ctx.count(parts(node)[0], least=0)


LINES: dict[str, Reader] = {
    "starts": _starts,
    "runs": _runs,
    "prices": _prices,
    "exchange": _exchange,
    "zone": zone,
    "seed": _seed,
    "quiet": quiet,
    "quiet_days": quiet,
}
