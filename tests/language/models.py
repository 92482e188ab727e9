"""Random models over all that the language can say, for the printer: every statement, every form of a value.

What a model says need not make sense (names may be those of nothing): it must only have words. Files are few and
known: `LETTERS` are the texts that messages take from files, `PEOPLE` the contacts.
"""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import date, datetime, time
from typing import Any, get_args

from hypothesis import strategies as st

from cascadesim.language.grammar import reserved_words
from cascadesim.language.reader.rates import _BASES
from cascadesim.model import chain as m
from cascadesim.model.channel import Basis, Channel, Hours, Price, Quiet, Throughput
from cascadesim.model.message import Content, Message
from cascadesim.model.model import Exchange, Model, Scenario
from cascadesim.model.question import EACH, Bound, Keep, NeverAfter, Objective, Question, Repeat
from cascadesim.model.rates import Delay, Rate, State, Verb
from cascadesim.model.segment import (
    Arrivals,
    Both,
    Comparison,
    Contacts,
    Headcount,
    Kind,
    Leave,
    OwnPrice,
    OwnRate,
    Segment,
    Test,
)
from cascadesim.units import DAY, HOUR, MINUTE, SECOND, Duration, Money, Share

LETTERS = {"letter.html": "<p>Hello {name},</p>\n", "texts/short.txt": 'Say "hi" \\ # now', "empty.txt": ""}
PEOPLE = {"people.csv": b"id,phone\n1,2\n", "lists/out.csv": b"id\n1\n"}
HASHES = {name: hashlib.sha256(data).hexdigest() for name, data in PEOPLE.items()}


def optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


def tuples(items: st.SearchStrategy[Any], least: int = 0, most: int = 3, unique: Any = None) -> st.SearchStrategy[Any]:
    if unique is None:
        return st.lists(items, min_size=least, max_size=most).map(tuple)
    return st.lists(items, min_size=least, max_size=most, unique_by=unique).map(tuple)


def apart(item: Any) -> Any:
    """Each item of a list once."""
    return item


# ---- words and numbers

CHARACTERS = st.characters(exclude_characters="\r\0", exclude_categories=("Cs",))
TEXTS = st.one_of(
    st.sampled_from(['"', "\\n", "# no\ncomment", "{name|there}", "10% off"]), st.text(CHARACTERS, max_size=9)
)
TITLES = optional(TEXTS)
WORDS = TEXTS.filter(str.strip)
LETTER = st.characters(categories=("L",))
NAMES = (
    st.one_of(
        st.sampled_from(
            ["push", "sms", "call", "send", "keep", "from", "x2", "ms", "EUR", "k", "первый-шаг", "naïve_2"]
        ),
        st.builds(lambda first, rest: first + rest, LETTER, st.text(st.sampled_from("abcйß_0123"), max_size=4)),
    )
    .map(lambda name: unicodedata.normalize("NFC", name))
    .filter(lambda name: name not in reserved_words() and name.isidentifier() | ("-" in name))
)
SOME = tuples(NAMES, 1, 3, apart)
SOME_OR_NONE = st.one_of(st.just(()), SOME)
COUNTS = st.one_of(st.integers(1, 2_000_000), st.sampled_from([1000, 20_000, 14_900_000, 2_000_000_000]))
SHARES = st.one_of(st.integers(0, 1000).map(lambda n: n / 1000), st.floats(0, 1)).map(Share)
FACTORS = st.one_of(st.integers(0, 50).map(lambda n: n / 10), st.floats(0, 1e6))
LENGTHS = st.one_of(
    st.integers(1, 90).flatmap(lambda n: st.sampled_from([SECOND, MINUTE, HOUR, DAY]).map(lambda unit: n * unit)),
    st.integers(1, 36_525 * DAY),
).map(Duration)
AMOUNTS = st.builds(Money, st.integers(1, 10**14), st.sampled_from(["EUR", "USD", "JPY"]))
TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
DATES = st.dates(date(1970, 1, 1), date(2999, 12, 31))
HOURS = st.builds(Hours, TIMES, TIMES).filter(lambda h: h.start != h.end)
DAYS = st.lists(st.integers(0, 6), min_size=1, max_size=3, unique=True).map(lambda days: tuple(sorted(days)))
STATES = st.sampled_from(get_args(State))
VERBS: st.SearchStrategy[Verb] = st.sampled_from(get_args(Verb))

# ---- rates, prices, quiet hours


@st.composite
def delays(draw: st.DrawFn) -> Delay | None:
    shape = draw(st.sampled_from([None, "fixed", "exponential", "weibull", "lognormal", "curve"]))
    if shape is None:
        return None
    size = {"fixed": 1, "exponential": 1, "curve": draw(st.integers(1, 3))}.get(shape, 2)
    shares = sorted(draw(st.lists(st.integers(1, 99), min_size=size, max_size=size, unique=True)))
    lengths = sorted(draw(st.lists(LENGTHS, min_size=size, max_size=size, unique=True)))
    levels = [Share(n / 100) for n in shares]
    if shape in ("fixed", "curve"):
        levels[-1] = Share(1.0)
    return Delay(shape, tuple(zip(levels, lengths, strict=True)))


DELAYS = delays()


@st.composite
def rates(draw: st.DrawFn, verbs: st.SearchStrategy[Verb] = VERBS) -> Rate:
    verb = draw(verbs)
    low, high = sorted((draw(SHARES), draw(SHARES))) if draw(st.booleans()) else [draw(SHARES)] * 2
    of = draw(optional(st.sampled_from(_BASES[verb]))) if verb in _BASES else None
    return Rate(verb, low, high, draw(optional(COUNTS)), of, None if verb == "reaches" else draw(DELAYS))


RATES = rates()
PRICES = st.one_of(
    st.builds(Price, AMOUNTS, st.sampled_from(get_args(Basis))),
    st.builds(Price, AMOUNTS, st.just("campaign"), st.just(True)),
)
QUIET = st.builds(
    Quiet,
    optional(HOURS),
    st.one_of(st.just(()), DAYS),
    st.lists(DATES, max_size=2, unique=True).map(lambda days: tuple(sorted(days))),
).filter(lambda rule: rule != Quiet())
PERIODS = st.sampled_from([SECOND, MINUTE, HOUR, DAY]).map(Duration)


CHANNELS = st.builds(
    Channel,
    NAMES,
    TITLES,
    optional(WORDS),
    tuples(RATES, unique=lambda rate: rate.verb),
    tuples(rates(st.sampled_from(["opens", "answers"])), most=2, unique=lambda rate: rate.verb),
    optional(tuples(STATES, unique=apart)),
    optional(LENGTHS),
    tuples(PRICES),
    optional(st.builds(Throughput, st.integers(1, 1_000_000), PERIODS)),
    tuples(QUIET, most=2),
)

# ---- segments and messages


@st.composite
def tests(draw: st.DrawFn) -> Test:
    comparison = draw(st.sampled_from(get_args(Comparison)))
    values = draw(tuples(VALUES, 1, 3 if comparison.endswith("one of") else 1))
    return Test(draw(st.one_of(NAMES, TEXTS)), comparison, values)


VALUES = st.one_of(NAMES, TEXTS, COUNTS.map(str), DATES.map(str), st.sampled_from(["0", "1.50", "007", "not", "1_0"]))


@st.composite
def contacts(draw: st.DrawFn) -> Contacts:
    file, out = draw(st.sampled_from([*PEOPLE])), draw(optional(st.sampled_from([*PEOPLE])))
    return Contacts(file, HASHES[file], draw(tuples(tests())), out, HASHES[out] if out is not None else None)


CROWDS = st.one_of(st.builds(Headcount, COUNTS), st.builds(Arrivals, COUNTS, PERIODS, LENGTHS), contacts())
KINDS = st.one_of(st.builds(Kind, NAMES, SHARES, FACTORS), st.builds(Kind, NAMES, st.none(), st.none()))
ZONES = st.sampled_from(["Europe/Riga", "America/New_York"])
BOTH = st.builds(Both, NAMES, NAMES, SHARES).filter(lambda both: both.one != both.other)
SEGMENTS = st.builds(
    Segment,
    NAMES,
    CROWDS,
    TITLES,
    optional(WORDS),
    tuples(st.builds(Leave, WORDS, SHARES, DELAYS), most=2),
    optional(ZONES),
    tuples(KINDS),
    tuples(BOTH, most=2),
    optional(HOURS),
    tuples(st.builds(OwnRate, NAMES, RATES), unique=lambda own: (own.channel, own.rate.verb)),
    tuples(st.builds(OwnPrice, NAMES, PRICES.filter(lambda price: price.basis != "campaign")), most=2),
)
CONTENTS = st.one_of(
    st.builds(Content, st.sampled_from(["text", "subject", "template", "image"]), WORDS, optional(NAMES)),
    st.builds(Content, st.just("button"), WORDS, optional(NAMES), WORDS),
    st.builds(
        lambda file, on: Content("text", LETTERS[file], on, file=file), st.sampled_from([*LETTERS]), optional(NAMES)
    ),
)
MESSAGES = st.builds(Message, NAMES, TITLES, tuples(CONTENTS))

# ---- chains

EVENT = st.one_of(st.builds(m.Event, STATES, optional(NAMES)), st.builds(m.Event, outside=WORDS))
EVENTS = tuples(EVENT, 1, 3, apart)
SAYINGS = optional(st.one_of(st.builds(m.Saying, NAMES), st.builds(m.Saying, text=WORDS)))


@st.composite
def waits(draw: st.DrawFn, early: bool) -> m.Wait:
    lasting = draw(LENGTHS)
    after = draw(optional(st.integers(1, lasting - 1).map(Duration))) if early and lasting > 1 else None
    return m.Wait(lasting, after, draw(st.one_of(st.just(()), EVENTS)))


FACTS: st.SearchStrategy[m.Condition] = st.one_of(
    st.builds(m.Reachable, NAMES),
    st.builds(m.Reported, NAMES, STATES, optional(STATES)),
    st.builds(m.Undelivered, optional(NAMES)),
    st.builds(m.DayIs, DAYS),
    st.builds(m.TimeBetween, HOURS),
    st.builds(m.InSegment, SOME),
)
CONDITIONS = st.recursive(
    FACTS,
    lambda inner: st.one_of(
        st.builds(m.Not, inner), st.builds(m.And, tuples(inner, 2)), st.builds(m.Or, tuples(inner, 2))
    ),
    max_leaves=5,
)
STEPS: st.SearchStrategy[m.Node] = st.one_of(
    st.builds(m.Send, SOME, SAYINGS, optional(waits(early=True))),
    st.builds(m.Pause, waits(early=False)),
    st.builds(m.WaitUntil, TIMES, optional(st.integers(0, 6))),
    st.builds(m.Stop),
    st.builds(m.Hole),
)


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    body = tuples(inner, 1, 2)
    branch = st.builds(m.Branch, CONDITIONS, body)
    arm = st.builds(m.Arm, optional(SHARES), TITLES, body)
    otherwise = st.one_of(st.just(()), body)
    return st.one_of(st.builds(m.If, tuples(branch, 1, 2), otherwise), st.builds(m.Split, tuples(arm, 1)))


BODIES = tuples(st.recursive(STEPS, _nested, max_leaves=4), 1)
CHAINS = st.builds(m.Chain, NAMES, BODIES, TITLES, optional(SOME), SAYINGS, st.one_of(st.just(()), EVENTS))

# ---- questions

BOUNDS, OF = st.sampled_from(get_args(Bound)), st.one_of(st.none(), st.just(EACH), NAMES)
COSTS = st.sampled_from(["total cost", "cost per person", "cost per covered person"])
KEEPS = st.one_of(
    st.builds(Keep, st.just("coverage"), BOUNDS, SHARES, OF),
    st.builds(Keep, COSTS, BOUNDS, AMOUNTS, OF),
    st.builds(Keep, st.just("messages per person"), BOUNDS, FACTORS, OF),
    st.builds(Keep, st.just("messages"), BOUNDS, st.integers(0, 10**6), OF, NAMES),
    st.builds(Keep, st.just("time to open"), BOUNDS, LENGTHS, OF, openers=SHARES),
)
OBJECTIVES = st.one_of(
    st.builds(Objective, st.sampled_from(["cost per person", "coverage", "coverage per cost", "time to open"])),
    st.builds(Objective, st.just("profit"), AMOUNTS),
)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    least, most = sorted(draw(st.tuples(st.integers(1, 9), st.integers(1, 9))))
    lengths = draw(tuples(LENGTHS.filter(lambda length: length > 1), 1, 3, apart))
    covered = draw(st.one_of(st.just(()), EVENTS))
    return Question(
        draw(OBJECTIVES),
        draw(SOME),
        draw(TITLES),
        draw(optional(SOME)),
        draw(st.booleans()),
        draw(SAYINGS),
        covered,
        draw(optional(LENGTHS)) if covered else None,
        draw(optional(EVENTS)),
        draw(tuples(KEEPS)),
        least,
        most,
        lengths,
        draw(optional(st.integers(1, max(lengths) - 1).map(Duration))),
        draw(SOME_OR_NONE),
        draw(SOME_OR_NONE),
        draw(tuples(st.builds(NeverAfter, NAMES, NAMES), most=2)),
        draw(optional(st.integers(1, 9))),
        draw(tuples(st.builds(Repeat, NAMES, st.integers(1, 9)), most=2)),
        draw(st.booleans()),
        draw(SOME_OR_NONE),
        draw(optional(LENGTHS)),
    )


# ---- all of it

EXCHANGE = st.builds(
    Exchange,
    st.sampled_from(["USD", "JPY"]),
    st.sampled_from(["0.92", "110", "0.000000001", "0.3333333333333333333333333333", "1.5"]),
)
SCENARIOS = st.builds(
    Scenario,
    TITLES,
    optional(st.builds(datetime.combine, DATES, TIMES)),
    st.one_of(st.just(Duration(7 * DAY)), LENGTHS),
    st.sampled_from(["EUR", "GBP"]),
    tuples(EXCHANGE, most=2, unique=lambda exchange: exchange.currency),
    st.one_of(st.just("UTC"), ZONES),
    st.integers(0, 10**9),
    tuples(QUIET, most=2),
)


def _named(things: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return tuples(things, 0, 2, lambda thing: thing.name)


MODELS = st.builds(
    Model, SCENARIOS, _named(CHANNELS), _named(SEGMENTS), _named(MESSAGES), _named(CHAINS), tuples(questions(), most=1)
)
"""Models that the language has words for."""
