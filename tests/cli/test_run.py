"""The whole job: the winner, its confirmation, the rehearsal, and what the vendor gets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cascadesim import read_plan
from cascadesim.rehearsal import Rehearsal


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """What the tests below share: one run of each script."""
    return {}


@pytest.fixture
def world(cli: Any, place: Path, made: dict[str, Any]) -> Any:
    """The document of a run on a winner that the vendor cannot express, with the files it wrote."""
    if "world" not in made:
        ran = cli("run", "world.cascade", "--out", "new/folder", "--replications", 2, "--json")
        made["world"] = ran.document, {p.name: p.read_text() for p in Path("new/folder").iterdir()}
    return made["world"]


def test_the_files_are_those_that_are_named(world: Any) -> None:
    data, files = world
    assert set(files) == {"plan.json", "plan-8x8.json", "requests.jsonl"}
    assert set(data["files"].values()) == {f"new/folder/{name}" for name in files}
    assert json.loads(files["plan.json"]) == data["plan"]
    assert json.loads(files["plan-8x8.json"]) == data["export"]["plan"]


def test_the_plan_is_the_answer_and_is_compared_as_asked(world: Any) -> None:
    data, _ = world
    assert [c["chain"] for c in data["compared"]] == ["push-first", "two-at-once"]
    assert {s["segment"] for s in data["plan"]["segments"]} == {"gold", "loyal", "passing"}
    assert all(s["steps"][0]["channel"] == "push" for s in data["plan"]["segments"])
    assert data["plan"]["certificate"]["set_aside"] == ["quiet hours of viber", "the throughput of push"]


def test_the_simulation_stands_beside_the_forecast(world: Any) -> None:
    found = world[0]["confirmation"]
    assert (found["engine"], found["replications"]) == ("simpy", 2)
    forecast, simulated = found["forecast"]["total"], found["simulation"]["total"]
    assert forecast["coverage"]["low"] == forecast["coverage"]["mean"] == forecast["coverage"]["high"]
    assert simulated["coverage"]["low"] < simulated["coverage"]["mean"]


def test_every_limit_is_checked_in_the_simulation(world: Any) -> None:
    found = world[0]["confirmation"]
    keeps = {keep["keep"]: keep for keep in found["keeps"]}
    assert list(keeps) == [
        "coverage at least 40%",
        "coverage of gold at least 20%",
        "coverage of loyal at least 20%",
        "coverage of passing at least 20%",
        "messages on sms at most 400",
        "time to open for 90% of openers under 1 day",
    ]
    coverage = found["simulation"]["total"]["coverage"]["mean"]
    assert keeps["coverage at least 40%"]["found"]["mean"] == coverage
    assert keeps["coverage at least 40%"]["kept"] is (coverage >= 0.4)
    assert keeps["messages on sms at most 400"]["kept"] is True


def test_the_rehearsal_equals_the_simulation(world: Any) -> None:
    rehearsal = world[0]["rehearsal"]
    assert rehearsal["equals_simulation"] is True
    assert rehearsal["records"] == rehearsal["messages"] == sum(c["messages"] for c in rehearsal["channels"])


def test_the_vendor_gets_the_best_plan_that_it_can_run(world: Any) -> None:
    data, files = world
    export = data["export"]
    assert export["because"] == ["step 1: 8x8 has no channel push"]
    assert "`start with push`: 8x8 does not send there" in export["set_aside"]
    assert {s["channel"] for p in export["plan"]["segments"] for s in p["steps"]} <= {"viber", "sms"}
    assert export["report"]["requests"] == len(files["requests.jsonl"].splitlines()) > 0
    assert export["without_contacts"] == ["loyal", "passing"]


def test_the_difference_is_what_the_other_plan_costs_more(world: Any) -> None:
    data, _ = world
    export = data["export"]
    people = {s["segment"]: s["people"] for s in data["confirmation"]["forecast"]["segments"]}

    def cost(plan: Any) -> float:
        return sum(s["forecast"]["cost_per_person"] * people[s["segment"]] for s in plan["segments"])

    assert export["difference"]["cost"] == pytest.approx(cost(export["plan"]) - cost(data["plan"]))
    assert export["difference"]["cost"] > 0


def test_a_winner_that_the_vendor_can_run_is_what_is_exported(cli: Any, place: Path) -> None:
    ran = cli("run", "small.cascade", "--replications", 2)
    assert ran.status == 0
    assert not Path("plan-8x8.json").exists()
    assert not Path("requests.jsonl").exists()
    assert "cascadesim export plan.json --to 8x8 --contacts FILE --out FILE" in ran.stdout
    assert "Proven best" in ran.stdout
    assert "Nobody was contacted." in ran.stdout
    assert read_plan("plan.json").certificate.status == "proven"


def test_limits_that_cannot_be_kept_at_the_vendor_are_striven_for(cli: Any, place: Path) -> None:
    script = Path("world.cascade")
    script.write_text(script.read_text().replace("coverage at least 40%", "coverage at least 55%"))
    export = cli("run", "world.cascade", "--replications", 2, "--json").document["export"]
    (unmet,) = export["unmet"]
    assert unmet.startswith("coverage gets to 5")
    assert unmet.endswith("the script asks for at least 55%")
    closest = float(unmet.split()[3].rstrip("%")) / 100
    best = export["plan"]["certificate"]["objective_value"]
    assert export["plan"]["objective"]["goal"] == "coverage"
    assert closest <= best < closest + 1e-4


def test_a_vendor_that_can_run_nothing_is_no_failure(cli: Any, place: Path) -> None:
    script = Path("small.cascade")
    script.write_text(script.read_text().replace("viber", "push").replace("sms", "email"))
    ran = cli("run", "small.cascade", "--replications", 2)
    assert ran.status == 0
    assert "Nothing can be exported for 8x8" in ran.stdout
    assert Path("plan.json").exists()
    assert not Path("plan-8x8.json").exists()


def test_steps_that_say_nothing_are_refused_with_the_reason(cli: Any, place: Path) -> None:
    script = Path("small.cascade")
    script.write_text(script.read_text().replace('    saying    "Hello"\n', ""))
    ran = cli("run", "small.cascade", "--replications", 2)
    assert ran.status == 0
    assert "it says nothing" in ran.stdout
    assert "No requests for 8x8 can be written" in ran.stdout


def test_a_rehearsal_that_differs_is_a_failure(cli: Any, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Rehearsal.records
    monkeypatch.setattr(Rehearsal, "records", lambda self: [honest(self)[0]._replace(cost=1), *honest(self)[1:]])
    ran = cli("run", "small.cascade", "--replications", 2, "--json")
    assert ran.status == 1
    assert ran.document["rehearsal"]["equals_simulation"] is False


def test_the_simulation_is_of_the_plan_as_written_to_the_file(cli: Any, place: Path) -> None:
    data = cli("run", "small.cascade", "--replications", 2, "--seed", 9, "--json").document
    again = cli("simulate", "small.cascade", "--plan", "plan.json", "--engine", "simpy", "--seed", 9,
                "--replications", 2, "--json").document  # fmt: skip
    assert again["chains"][0] == data["confirmation"]["simulation"]
    assert read_plan("plan.json").model.scenario.seed == 9


def test_contacts_are_in_no_plan(world: Any) -> None:
    _, files = world
    assert "+3712000" not in files["plan.json"] + files["plan-8x8.json"]
    assert "+3712000" in files["requests.jsonl"]
