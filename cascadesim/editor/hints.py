"""What a script leaves unsaid, to be shown between its lines: fitted delays, figures after each step, moved sends."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cascadesim.draws.quantiles import EXPONENTIAL, LOGNORMAL, WEIBULL, Law, fit, quantile
from cascadesim.editor.place import lines_of, without_comment
from cascadesim.language import Script, examine_text
from cascadesim.model.rates import Shape
from cascadesim.reports import words
from cascadesim.units import SECOND

_QUANTILES = re.compile(r"(?:\bhalf\b|[\d_.]+ *%) +within\b.*")
_NAMES: dict[int, Shape | str] = {EXPONENTIAL: "exponential", WEIBULL: "Weibull", LOGNORMAL: "log-normal"}


@dataclass(frozen=True, slots=True)
class Hint:
    """A remark behind the characters of a line, both counted from 0; `more` says what it is, for who asks."""

    line: int
    character: int
    text: str
    more: str


def hints(text: str, name: str = "<text>", base: Path = Path()) -> tuple[Hint, ...]:
    """All the remarks on a script, in its order. What its steps come to is left out where it has errors."""
    script = examine_text(text, name, base).script
    found = (*delays(text), *(figures(script, name) if script is not None else ()))
    return tuple(sorted(found, key=lambda hint: (hint.line, hint.character)))


def delays(text: str) -> Iterator[Hint]:
    """The delays that quantiles stand for, on whatever line they are."""
    for number, row in enumerate(lines_of(text)):
        code = without_comment(row).rstrip()
        written = _QUANTILES.search(code)
        law = _law(written[0]) if written is not None else None
        if law is not None:
            more = "the delay that these quantiles fix: half come by the median; late ones raise the mean"
            yield Hint(number, len(code), _described(law), more)


def figures(script: Script, name: str) -> Iterator[Hint]:
    """What the steps of its chains come to, and the sends that fall in quiet hours. This may take a second."""
    from cascadesim.editor import forecasts  # the engine and its libraries: for scripts that are well

    rows = lines_of(script.sources[name])
    for chain in script.model.chains:
        if chain.span is not None and chain.span.file == name:
            for line, said, more in (*forecasts.coming_to(script.model, chain), *forecasts.moved(script.model, chain)):
                yield Hint(line - 1, len(without_comment(rows[line - 1]).rstrip()), said, more)


def _law(quantiles: str) -> Law | None:
    """The law through the quantiles, read as a rate's; None if they are none."""
    reading = examine_text(f"cascade 1\n\nchannel a\n    opens 1%, {quantiles}\n")
    rates = reading.script.model.channels[0].rates if reading.script is not None else ()
    try:
        law = fit(rates[0].delay) if rates else None
    except ValueError:
        return None
    return law if law is not None and law.shape in _NAMES else None


def _described(law: Law) -> str:
    median = words.span(quantile(law, 0.5) / SECOND)
    mean = _mean(law)
    said = f", mean {words.span(mean / SECOND)}" if mean is not None else ""
    return f"{_NAMES[law.shape]}, median {median}{said}"


def _mean(law: Law) -> float | None:
    """In microseconds; None where it is beyond all times."""
    if law.shape == EXPONENTIAL:
        return law.a
    try:
        mean = law.a * math.gamma(1 + 1 / law.b) if law.shape == WEIBULL else math.exp(law.a + law.b**2 / 2)
    except OverflowError:
        return None
    return mean if mean < 1e18 else None
