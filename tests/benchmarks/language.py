"""How long reading a script takes: `python -m tests.benchmarks.language` from the project's folder, a minute.

Prints each figure beside the bar that it is held to. Nothing of it is a test.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from cascadesim.language import examine, examine_text
from tests.benchmarks.speed.machine import once
from tests.benchmarks.speed.start import median_time
from tests.language.mutations import mutated

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CAMPAIGN = """
channel c{n}
    reaches   58%
    delivers  99%
    opens     61%, half within 4 min, 90% within 2 h
    costs     0.020 EUR per message delivered

segment s{n}
    people    10k
    kinds     30% eager x1.2, the rest usual
    opens     c{n} 41% measured on 900

chain a{n} for s{n}
    stop when opened
    send c{n}, wait 2 h
    if reachable on c{n}
        send c{n}, wait 1 h
    send c{n}
"""
FAULTS: dict[str, Callable[[str], str]] = {
    "a word misspelt": lambda line: re.sub(r"\w(\w+)", r"q\1", line, count=1),
    "a word too much": lambda line: f"{line} twice",
    "a sign too much": lambda line: f"{line} ;",
}


@dataclass(frozen=True)
class Figure:
    """What was measured, and the most that it may be; a ratio has no unit."""

    what: str
    measured: float
    most: float
    unit: str = "s"


def clean_script() -> str:
    """A script of a thousand lines without a fault."""
    return "cascade 1\n" + "".join(CAMPAIGN.format(n=number) for number in range(56))


def faulty_scripts() -> Iterator[tuple[str, str]]:
    """Scripts of a thousand lines, each line faulty in the same way, or of one block."""
    lines = [line for line in clean_script().split("\n")[1:] if line]
    while len(lines) < 1_000:
        lines += lines[: 1_000 - len(lines)]
    for what, spoilt in FAULTS.items():
        yield what, "\n".join(["cascade 1", *map(spoilt, lines)])
    yield "all in one block", "\n".join(["cascade 1", "chain a", *["    frobnicate it"] * 1_000])


def figures() -> Iterator[Figure]:
    """The figures, one after the other."""
    clean = clean_script()
    checked = timed(lambda: examine_text(clean))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "long.cascade"
        path.write_text(clean, encoding="utf-8")
        yield Figure("cascadesim check, 1,000 lines", median_time(("check", str(path)), 5), 0.5)
        path.write_bytes(b"#" * 3_000_000)
        yield Figure("a file of 3 MB, refused", timed(lambda: examine(path)), 0.05)
    yield Figure("1,000 lines, without the start of Python", checked, 0.5)
    for what, text in faulty_scripts():
        yield Figure(f"1,000 faults ({what}) to none", timed(lambda text=text: examine_text(text)) / checked, 10, "")
    mutants = sorted(mutated_scripts())
    yield Figure("a mutated script", median(mutants), 0.05)
    yield Figure("the slowest of 300 but three", mutants[-4], 0.05)
    many = segments(10_000)
    yield Figure("10,000 segments", timed(lambda: examine_text(many), rounds=1), 10)
    yield Figure("cascadesim --help", median_time(("--help",), 5), 0.3)


def mutated_scripts() -> Iterator[float]:
    """What each of 300 mutants of the shipped scripts takes."""
    texts = [path.read_text("utf-8") for path in sorted(SCENARIOS.glob("*.cascade"))]
    for number in range(300):
        draw = random.Random(number)
        text = mutated(draw.choice(texts), draw)
        yield once(lambda text=text: examine_text(text, base=SCENARIOS))


def segments(number: int) -> str:
    """A script with so many segments, each with a rate of its own and two from a table."""
    names = [f"s{n}" for n in range(number)]
    blocks = [f"segment {name}\n    people 10\n    opens viber 41%\n" for name in names]
    rows = [f"    {name} 40% 50%" for name in names]
    return "\n".join([
        "cascade 1\n\nchannel viber\n    opens 61%\n\nchannel sms\n    opens 3%\n    reports delivered\n",
        *blocks, "table reaches\n    segment viber sms", *rows,
        "\nchain a\n    stop when opened\n    send viber, wait 2 h\n    send sms",
    ])  # fmt: skip


def timed(work: Callable[[], object], rounds: int = 5) -> float:
    """The median time, when what is read and compiled once is at hand."""
    if rounds > 1:
        work()
    return median(once(work) for _ in range(rounds))


def main() -> int:
    """Prints the table; the exit status is the number of bars that were missed."""
    table = Table("", "measured", "at most", box=None)
    missed = 0
    for figure in figures():
        missed += figure.measured > figure.most
        style = "red" if figure.measured > figure.most else None
        table.add_row(
            figure.what, f"{figure.measured:.3g} {figure.unit}", f"{figure.most:g} {figure.unit}", style=style
        )
    Console(width=100, highlight=False).print(table)
    return missed


if __name__ == "__main__":
    sys.exit(main())
