"""`cascadesim compare`: what it takes for A and B, what it prints, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def plans(cli: Any, place: Path) -> Path:
    """The working folder with two plans of chains of the same script."""
    script = Path("small.cascade")
    text = script.read_text()
    added = 'chain sms-alone\n    saying    "Hello"\n    send sms\n\noptimize'
    script.write_text(text.replace("optimize", added, 1))
    for name in ("viber-then-sms", "sms-alone"):
        assert cli("plan", "small.cascade", "--chain", name, "--out", f"{name}.json").status == 0
    return place


def test_chains_of_a_script(cli: Any, place: Path) -> None:
    data = cli("compare", "world.cascade", "push-first", "two-at-once", "--replications", 2, "--json").document
    assert (data["a"], data["b"], data["replications"], data["seed"]) == ("push-first", "two-at-once", 2, 7)
    assert [s["segment"] for s in data["segments"]] == ["gold", "loyal", "passing"]
    coverage = data["total"]["coverage"]
    assert coverage["difference"]["mean"] == pytest.approx(coverage["b"]["mean"] - coverage["a"]["mean"])


def test_plans_chains_and_both_together_are_the_same_sides(cli: Any, plans: Path) -> None:
    """A chain, and the plan that was made of it, come to the same: with the script, and each in its own model."""
    ways = (
        ("small.cascade", "viber-then-sms", "sms-alone"),
        ("small.cascade", "viber-then-sms.json", "sms-alone"),
        ("viber-then-sms.json", "sms-alone.json"),
    )
    one, *others = (cli("compare", *way, "--engine", "simpy", "--json").document for way in ways)
    for other in others:
        assert (other["total"], other["segments"]) == (one["total"], one["segments"])
    assert others[1]["a"] == "viber-then-sms.json"


def test_a_plan_against_itself_differs_by_nothing(cli: Any, plans: Path) -> None:
    data = cli("compare", "sms-alone.json", "sms-alone.json", "--json").document
    assert data["total"]["coverage"]["difference"] == {"mean": 0, "low": 0, "high": 0}
    assert data["total"]["coverage"]["variance_saved"] == 1


def test_another_seed_gives_other_people(cli: Any, plans: Path) -> None:
    one, other = (
        cli("compare", "sms-alone.json", "viber-then-sms.json", "--seed", s, "--json").document for s in (1, 2)
    )
    assert (one["seed"], other["seed"]) == (1, 2)
    assert one["total"] != other["total"]


def test_the_table_says_what_is_what(cli: Any, plans: Path) -> None:
    ran = cli("compare", "small.cascade", "viber-then-sms", "sms-alone", "--engine", "simpy")
    assert (ran.status, ran.stderr) == (0, "")
    assert "A  viber-then-sms\nB  sms-alone" in ran.stdout
    assert "times the people" in " ".join(ran.stdout.split())


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "Missing argument"),
        (("small.cascade",), "two are compared, and none named"),
        (("small.cascade", "viber-then-sms"), "two are compared, and 1 named"),
        (("small.cascade", "a", "b", "c"), "two are compared, and 3 named"),
        (("viber-then-sms", "sms-alone"), "viber-then-sms and sms-alone: a chain needs its script"),
        (("p.json", "sms-alone"), "sms-alone: a chain needs its script"),
        (("a.cascade", "b.cascade"), "one script is enough"),
        (("p.json", "small.cascade", "viber-then-sms"), "one script is enough, and it comes first"),
        (("small.cascade", "a", "b", "--engine", "exact"), "'exact' is not one of"),
        (("small.cascade", "a", "b", "--replications", "0"), "0 is not in the range"),
    ],
)
def test_wrong_usage_says_how_it_is_used(args: tuple[str, ...], said: str, cli: Any, place: Path) -> None:
    ran = cli("compare", *args)
    assert (ran.status, ran.stdout) == (2, "")
    assert said in " ".join(ran.stderr.split())


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("world.cascade", "push-frist", "two-at-onze"), ("no chain push-frist", "push-first?", "two-at-once?")),
        (("world.cascade", "push-first", "viber-alone"), ("segment loyal is in push-first alone",)),
        (("world.cascade", "push-first", "draft"), ("draft has a hole",)),
        (("world.cascade", "push-first", "nowhere.json"), ("cannot read the plan nowhere.json",)),
        (("nowhere.json", "nobody.json"), ("cannot read the plan nowhere.json",)),
        (("nowhere.cascade", "a", "b"), ("there is no file nowhere.cascade",)),
        (("bad/duplicate-id.cascade", "only", "only"), ("1 row has the id of an earlier row",)),
    ],
)
def test_what_cannot_be_compared_is_told(args: tuple[str, ...], said: tuple[str, ...], cli: Any, place: Path) -> None:
    plain, data = cli("compare", *args), cli("compare", *args, "--json")
    assert (plain.status, data.status, plain.stdout) == (1, 1, "")
    told = " ".join(f"{d['message']} {d['hint']}" for d in data.document["diagnostics"])
    for words in said:
        assert words in plain.stderr
        assert words in told


def test_plans_for_other_people_are_refused(cli: Any, plans: Path) -> None:
    script = Path("small.cascade")
    script.write_text(script.read_text().replace("people    300", "people    301"))
    assert cli("plan", "small.cascade", "--chain", "sms-alone", "--out", "more.json").status == 0
    refused = cli("compare", "sms-alone.json", "more.json")
    assert refused.status == 1
    assert "segment everyone is other people in sms-alone.json than in more.json" in refused.stderr


def test_progress_is_by_replication(cli: Any, plans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr("cascadesim.cli.output.is_watched", lambda stream: stream.name == "<stderr>")
    shown = cli("compare", "small.cascade", "viber-then-sms", "sms-alone", "--json")
    assert "simulating viber-then-sms and sms-alone" in shown.stderr
    assert shown.document["b"] == "sms-alone"


@pytest.mark.parametrize("columns", [80, 100])
def test_the_table_fits_the_terminal(columns: int, cli: Any, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = cli("compare", "world.cascade", "push-first", "two-at-once", "--replications", 2).stdout.splitlines()
    assert max(map(len, lines)) <= columns
    assert not any("…" in line for line in lines)
