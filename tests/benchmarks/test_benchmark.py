"""The benchmark command works, at sizes that tell nothing of speed: no test looks at a time that was measured."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import reduce
from operator import xor
from pathlib import Path

import pytest
from click.testing import CliRunner

from cascadesim.draws.philox import philox, uniform
from tests.benchmarks import __main__ as command
from tests.benchmarks.speed import bare, bars, engine, figures, leanest, machine, start
from tests.benchmarks.speed.bars import Bar
from tests.benchmarks.speed.given import Counts, Given
from tests.benchmarks.speed.growth import Curve

TINY = figures.Sizes(
    people=500, many=1_000, unlimited=1_000, grown=(30_000, 1), blocks=1_000, plans=100, starts=1, seconds=0
)
SECOND = {"--help": 0.1, "check": 0.2, "simulate": 2.0}
MADE_UP = figures.Figures(
    machine=machine.Machine("a processor", "of a kind", 2, "3.11", "0.6"),
    others=0.3,
    bare=bare.Bare(words=100e6, words_by_two=150e6, uniforms=50e6, uniforms_by_two=60e6),
    beside_simpy=engine.BesideSimPy(100_000, 1, 1, 0.05, 2.0, 1.0, 50.0, 25.0),
    many=engine.Many(10_000_000, 4.0, 1_200_000_000),
    unlimited=engine.Unlimited(10_000_000, 0.5, 0.4),
    plans=30e6,
    starts=SECOND,
    growth=(Curve("people", (1,), (0.1,), (0.1,)),),
)


def _rows(measured: figures.Figures) -> Iterator[Bar]:
    for rows in bars.bars(measured).values():
        yield from rows


def test_the_command_measures_prints_and_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "FULL", TINY)
    monkeypatch.setattr(figures, "starts", lambda _: SECOND)  # whole processes: a second each
    picture, document = tmp_path / "growth.png", tmp_path / "figures.json"
    ran = CliRunner().invoke(command.main, ["--plot", str(picture), "--json", str(document)], catch_exceptions=False)
    assert ran.exit_code == 0
    headings = ("no limits, two threads", "faster than idiomatic SimPy", "their peak memory", "blocks of four words")
    assert [text for text in (*headings, "cascadesim check", "segments") if text not in ran.stdout] == []
    assert picture.read_bytes().startswith(b"\x89PNG")
    written = json.loads(document.read_text(encoding="utf-8"))
    assert written["many"]["people"] == written["unlimited"]["people"] == 1_000
    assert written["many"]["peak_memory"] > 10_000_000
    assert [curve["what"] for curve in written["growth"]] == ["people", "steps", "channels", "segments"]
    assert all(len(c["limited"]) == len(c["unlimited"]) == len(c["sizes"]) == 1 for c in written["growth"])


def test_quick_leaves_out_what_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(command, "measure", lambda sizes, _: asked.append(sizes) or MADE_UP)
    CliRunner().invoke(command.main, ["--quick"], catch_exceptions=False)
    (sizes,) = asked
    assert (sizes.many, sizes.idiomatic, sizes.unlimited) == (None, False, 1_000_000)


def test_a_model_that_finds_something_else_is_no_benchmark(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = leanest.simulate

    def hasty(given: Given) -> tuple[list[Counts], int]:
        steps, covered = honest(given)
        return steps, covered - 1

    monkeypatch.setattr(leanest, "simulate", hasty)
    with pytest.raises(AssertionError, match="differ"):
        engine.beside_simpy(1_000, 0, with_idiomatic=False)


@pytest.mark.parametrize("kernel", [bare.words, bare.uniforms])
def test_bare_philox_makes_the_words_of_the_draws(kernel: Callable[..., float]) -> None:
    first = (1 << 32) - 3  # the counter's second word comes into it
    blocks = [philox(5, 7, c & 0xFFFFFFFF, c >> 32, 0, 0) for c in range(first, first + 10)]
    xored = reduce(xor, (word for block in blocks for word in block))
    added = reduce(lambda total, b: total + (uniform(b[0], b[1]) + uniform(b[2], b[3])), blocks, 0.0)
    assert kernel(first, first + 10, 5, 7) == (xored if kernel is bare.words else added)


def test_the_bars_are_those_promised_or_a_part_of_bare_philox() -> None:
    fast = replace(MADE_UP, bare=bare.Bare(1e9, 2e9, 1e9, 2e9))
    assert [row.bar for row in _rows(MADE_UP) if row.unit is bars.PEOPLE] == [2.0, 2.0, 15.0, 15.0]
    assert [row.bar for row in _rows(fast) if row.unit is bars.PEOPLE] == [4.0, 4.0, 20.0, 20.0]


def test_a_ratio_of_one_meets_the_bar_whichever_way_is_better() -> None:
    ratios = {row.what: row.ratio for row in _rows(MADE_UP)}
    assert ratios["100,000 people"] == 1.0
    assert ratios["their peak memory"] == 1.25
    assert (ratios["cascadesim check"], ratios["cascadesim simulate"]) == (pytest.approx(1.5), 0.5)
    assert ratios["faster than the leanest SimPy (2.00 s)"] == pytest.approx(40 / 75)
    assert ratios["faster than idiomatic SimPy (50.00 s)"] == pytest.approx(1000 / 850)
    assert ratios["words, one thread"] is None


def test_what_others_take_is_a_share_of_all_cores() -> None:
    before, after = machine.Use(10.0, 100.0, 5.0), machine.Use(20.0, 112.0, 13.0)
    assert machine.taken_by_others(before, after, 2) == (12.0 - 8.0) / 20.0
    assert machine.taken_by_others(before, after._replace(own=18.0), 2) == 0.0
    assert machine.taken_by_others(None, after, 2) is None


def test_it_is_said_that_others_had_the_machine(capsys: pytest.CaptureFixture[str]) -> None:
    command.show(MADE_UP)
    command.show(replace(MADE_UP, others=0.01))
    printed = capsys.readouterr().out
    assert "Other processes had 30.0% of the machine's time" in printed
    assert printed.count("Other processes") == 1


def test_the_best_round_counts_and_the_first_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    taken, ran = iter([3.0, 2.0]), list[int]()
    monkeypatch.setattr(machine, "once", lambda work: (work(), next(taken))[1])
    assert machine.best(lambda: ran.append(1), 0) == 2.0
    assert len(ran) == 3


def test_peak_memory_is_a_peak_and_in_bytes() -> None:
    before = machine.peak_memory()
    held = bytearray(before)
    held[::4096] = b"\1" * len(held[::4096])  # memory is only taken when it is written to
    grown = machine.peak_memory()
    del held
    assert before < grown < 3 * before
    assert machine.peak_memory() > 0.99 * grown  # not what it has now; Linux counts to within some pages


def test_a_command_that_fails_is_not_timed() -> None:
    assert start.median_time(start.HELP, 1) > 0
    with pytest.raises(subprocess.CalledProcessError, match="status 2"):
        start.median_time(("no-such-command",), 1)
