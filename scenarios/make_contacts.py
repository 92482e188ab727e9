"""Makes contacts.csv beside this file: 20,000 invented people, and prints which channels reach them.

The channels do not reach people independently of each other. Each person has a hidden readiness to be found
online, a standard normal number, and a channel reaches whoever's mixture of readiness and chance is high
enough (a Gaussian copula): the shares of people reached are those below, and who has one messenger mostly has
the other. Everything is drawn from one seed, so the file is the same wherever it is made.

Nobody here exists. Numbers begin with +888, a code that was the United Nations' and is nobody's any more: they have
the shape of numbers, and reach no telephone. E-mail addresses end in example.com, which is reserved for examples. All
rates, names' frequencies and tiers are ASSUMED.
"""

from __future__ import annotations

import csv
import math
import random
from collections import Counter
from pathlib import Path
from statistics import NormalDist

PEOPLE = 20_000
SEED = 20270301
CHANNELS = ("push", "viber", "whatsapp", "email", "sms", "call")
COLUMNS = ("id", "first_name", "tier", "country", "city", "age", "time_zone", "segment", *CHANNELS)
TARGET = Path(__file__).with_name("contacts.csv")

# The share of all people that each address reaches, and how much of its luck is readiness (the loading of the
# copula; 0 would be chance alone). Viber and WhatsApp need a number, so their shares are among those with one.
REACH = {
    "phone": (0.97, 0.30),
    "push": (0.41, 0.70),
    "viber": (0.60, 0.65),
    "whatsapp": (0.65, 0.65),
    "email": (0.88, 0.45),
    "call": (0.93, 0.10),
}
STANDARD = NormalDist()
LIMITS = {name: STANDARD.inv_cdf(1 - share) for name, (share, _) in REACH.items()}

# The most ready fifth is gold, the next 30% are silver: readers of everything shop more.
TIERS = (("gold", 0.20), ("silver", 0.30), ("bronze", 0.50))
# Where each tier's people stand in scripts: gold is chosen by `where tier is gold`, the others by this cell.
SEGMENT_OF = {"gold": "", "silver": "loyal", "bronze": "new"}

PLACES = {
    "LV": ("Europe/Riga", ("Riga", "Riga", "Riga", "Daugavpils", "Liepāja", "Jelgava", "Ventspils")),
    "EE": ("Europe/Tallinn", ("Tallinn", "Tallinn", "Tartu", "Narva", "Pärnu")),
    "LT": ("Europe/Vilnius", ("Vilnius", "Vilnius", "Kaunas", "Klaipėda", "Šiauliai")),
}
COUNTRIES = ("LV", "LV", "LV", "EE", "EE", "LT", "LT")
NAMES = {
    "LV": ("Anna", "Jānis", "Līga", "Andris", "Kristīne", "Māris", "Ilze", "Edgars", "Zane", "Artūrs"),
    "EE": ("Kadri", "Martin", "Liis", "Jüri", "Maarja", "Rasmus", "Kristi", "Toomas", "Õie", "Andres"),
    "LT": ("Rūta", "Jonas", "Eglė", "Tomas", "Giedrė", "Mantas", "Austėja", "Paulius", "Ieva", "Darius"),
}

Contact = dict[str, str]


def draw_person(number: int, rng: random.Random) -> Contact:
    """One person's row, the columns in the order of COLUMNS."""
    readiness = rng.gauss()
    country = rng.choice(COUNTRIES)
    zone, cities = PLACES[country]
    tier = draw_tier(readiness, rng)
    return {
        "id": f"c{number:05}",
        "first_name": rng.choice(NAMES[country]),
        "tier": tier,
        "country": country,
        "city": rng.choice(cities),
        "age": str(draw_age(readiness, rng)),
        "time_zone": zone,
        "segment": SEGMENT_OF[tier],
        **draw_addresses(number, readiness, rng),
    }


def draw_tier(readiness: float, rng: random.Random) -> str:
    """A tier; its rank among people leans half on readiness."""
    rank = 1 - STANDARD.cdf(0.7 * readiness + math.sqrt(1 - 0.7**2) * rng.gauss())
    for tier, share in TIERS:
        if rank < share:
            return tier
        rank -= share
    return TIERS[-1][0]


def draw_age(readiness: float, rng: random.Random) -> int:
    """An age of 18 to 85; the ready ones are younger."""
    return round(min(85.0, max(18.0, 44 - 7 * readiness + 13 * rng.gauss())))


def draw_addresses(number: int, readiness: float, rng: random.Random) -> Contact:
    """An address or nothing for each channel. One number serves texts, calls and both messengers."""
    has = {name: is_reached(name, readiness, rng) for name in REACH}
    phone = f"+888{number:011}" if has["phone"] else ""
    return {
        "push": f"token-{rng.getrandbits(48):012x}" if has["push"] else "",
        "viber": phone if has["viber"] else "",
        "whatsapp": phone if has["whatsapp"] else "",
        "email": f"person{number:05}@example.com" if has["email"] else "",
        "sms": phone,
        "call": phone if has["call"] else "",
    }


def is_reached(name: str, readiness: float, rng: random.Random) -> bool:
    """Whether an address is known: one draw of the copula."""
    _, loading = REACH[name]
    return loading * readiness + math.sqrt(1 - loading**2) * rng.gauss() > LIMITS[name]


def write(people: list[Contact], target: Path) -> None:
    """Writes the file as a whole, or not at all."""
    unfinished = target.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(people)
    unfinished.replace(target)


def reach_table(people: list[Contact]) -> str:
    """Who is reached: by channel and tier, by pair of channels against what independence would give."""
    lines = [f"{'tier':8}{'people':>8}" + "".join(f"{channel:>10}" for channel in CHANNELS) + f"{'nothing':>10}"]
    for tier in ("gold", "silver", "bronze", "all"):
        group = [person for person in people if tier in ("all", person["tier"])]
        cells = [share(group, channel) for channel in CHANNELS]
        nothing = sum(not any(person[c] for c in CHANNELS) for person in group) / len(group)
        lines.append(f"{tier:8}{len(group):>8}" + "".join(f"{cell:>10.1%}" for cell in [*cells, nothing]))
    lines += ["", "reached on both (if independent)"]
    for one, other in (("viber", "whatsapp"), ("push", "email"), ("push", "viber")):
        both = sum(bool(person[one] and person[other]) for person in people) / len(people)
        lines.append(f"{one} and {other}: {both:.1%} ({share(people, one) * share(people, other):.1%})")
    patterns = Counter(tuple(c for c in CHANNELS if person[c]) for person in people)
    lines += ["", f"{len(patterns)} reach patterns; the most frequent:"]
    lines += [f"{count:>6}  {', '.join(pattern) or 'nothing'}" for pattern, count in patterns.most_common(5)]
    return "\n".join(lines)


def share(people: list[Contact], channel: str) -> float:
    """The share of people whom the channel reaches."""
    return sum(bool(person[channel]) for person in people) / len(people)


def main() -> None:
    """Makes the file and prints its reach."""
    rng = random.Random(SEED)
    people = [draw_person(number, rng) for number in range(1, PEOPLE + 1)]
    write(people, TARGET)
    print(reach_table(people))
    print(f"\n{TARGET.name}: {len(people)} people, {TARGET.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
