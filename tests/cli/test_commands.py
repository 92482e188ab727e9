"""What the commands do when all is well, and what they notice."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from cascadesim import read_plan
from cascadesim.cli.asked import interrupted
from cascadesim.plan.reading import parse_plan

ROOT = Path(__file__).parents[2]


def test_check_says_that_all_is_well(cli: Any, place: Path) -> None:
    ran = cli("check", "small.cascade")
    assert (ran.status, ran.stdout, ran.stderr) == (0, "small.cascade: no errors\n", "")
    assert cli("check", "small.cascade", "--json").document == {"diagnostics": []}


def test_warnings_alone_are_no_failure(cli: Any, place: Path) -> None:
    ran = cli("check", "world.cascade")
    assert ran.status == 0
    assert ran.stdout == "world.cascade: 1 warning\n"
    assert "still to be written" in ran.stderr


def test_simulate_takes_every_finished_chain_and_names_the_others(cli: Any, place: Path) -> None:
    ran = cli("simulate", "world.cascade", "--json")
    assert [c["chain"] for c in ran.document["chains"]] == ["push-first", "two-at-once", "viber-alone"]
    assert "chain draft is left out" in ran.stderr


def test_an_unfinished_chain_asked_for_is_refused_by_name(cli: Any, place: Path) -> None:
    ran = cli("simulate", "world.cascade", "--chain", "draft")
    assert ran.status == 1
    assert "chain draft has a hole" in ran.stderr


def test_a_chain_that_is_none_suggests_what_may_be_meant(cli: Any, place: Path) -> None:
    ran = cli("simulate", "world.cascade", "--chain", "push-frist", "--chain", "xyz")
    assert ran.status == 1
    assert "there is no chain push-frist" in ran.stderr
    assert "did you mean push-first?" in ran.stderr
    assert "the chains are push-first, two-at-once" in ran.stderr


def test_simulate_picks_the_engine_and_says_why(cli: Any, place: Path) -> None:
    exact = cli("simulate", "small.cascade", "--json").document
    drawn = cli("simulate", "small.cascade", "--engine", "simpy", "--seed", 5, "--replications", 3, "--json").document
    limited = cli("simulate", "world.cascade", "--json").document
    assert (exact["engine"], drawn["engine"], limited["engine"]) == ("exact", "simpy", "compiled")
    assert (drawn["seed"], drawn["replications"]) == (5, 3)
    assert "throughput limit" in limited["engine_because"]
    total = drawn["chains"][0]["total"]["coverage"]
    assert total["low"] < total["mean"] < total["high"]
    assert total["low"] < exact["chains"][0]["total"]["coverage"]["mean"] < total["high"]


def test_records_are_of_one_chain(cli: Any, place: Path) -> None:
    several = cli("simulate", "world.cascade", "--records", "r.parquet")
    assert several.status == 1
    assert "name it by --chain: push-first, two-at-once, viber-alone" in several.stderr
    one = cli("simulate", "world.cascade", "--chain", "push-first", "--records", "r.parquet")
    assert one.status == 0
    rows = parquet.read_table("r.parquet").to_pylist()
    assert rows == sorted(rows, key=lambda r: (r["replication"], r["segment"]))
    assert set(rows[0]) >= {"entered_at", "queued_at", "sent_at", "delivered_at", "opened_at", "cost", "attempt"}


def test_the_plan_of_a_chain_is_a_document_that_can_be_read(cli: Any, place: Path) -> None:
    ran = cli("plan", "small.cascade", "--chain", "viber-then-sms", "--out", "p.json", "--json")
    plan = read_plan("p.json")
    assert parse_plan(ran.stdout) == plan
    assert plan.certificate.status == "chosen"
    coverage = cli("simulate", "small.cascade", "--json").document["chains"][0]["total"]["coverage"]["mean"]
    assert plan.segments[0].forecast.coverage == pytest.approx(coverage)


def test_optimize_writes_the_plan_that_it_prints(cli: Any, place: Path) -> None:
    data = cli("optimize", "small.cascade", "--plan", "p.json", "--json").document
    assert data["plan"] == json.loads(Path("p.json").read_text())
    assert data["plan"]["certificate"]["status"] == "proven"
    assert [c["chain"] for c in data["compared"]] == ["viber-then-sms"]
    forecast = data["plan"]["segments"][0]["forecast"]
    point = {"coverage": forecast["coverage"], "cost_per_person": forecast["cost_per_person"]}
    assert any(point == pytest.approx({k: p[k] for k in point}) for p in data["frontier"])


def test_optimize_says_how_a_plan_was_chosen_by_simulation(cli: Any, place: Path) -> None:
    """Where limits and quiet hours are beyond the closed form; the plan is that of the contest."""
    contest = (data := cli("optimize", "world.cascade", "--json").document)["contest"]
    assert contest["winner"] == contest["chosen"] == contest["survivors"][0]
    chosen = contest["plans"][contest["chosen"]]
    planned = [(e["segment"], s["channel"], s["wait"]) for e in data["plan"]["segments"] for s in e["steps"]]
    assert [(s["segment"], s["channel"], s["wait"]) for s in chosen["steps"]] == planned
    printed = " ".join(cli("optimize", "world.cascade").stdout.split())
    assert "Chosen by simulation: cost per person, EUR" in printed
    assert contest["statement"] in printed
    assert cli("optimize", "small.cascade", "--json").document["contest"] is None
    assert "Chosen by simulation" not in cli("optimize", "small.cascade").stdout


def test_optimize_says_what_uncertain_rates_do(cli: Any, place: Path) -> None:
    ran = cli("optimize", "measured.cascade", "--draws", "20")
    assert "What the rates' uncertainty does to it" in ran.stdout
    assert "measure `opens on email` next" in " ".join(ran.stdout.split())
    data = cli("optimize", "measured.cascade", "--draws", "20", "--json").document["uncertainty"]
    assert data["draws"] == 20
    assert sum(plan["wins"] for plan in data["plans"]) + data["unkeepable"] == pytest.approx(1.0)
    (chosen,) = (plan for plan in data["plans"] if plan["chosen"])
    assert chosen["regret"] >= data["plans"][0]["regret"]
    assert data["limits"][0]["keep"] == "coverage at least 46%"
    assert data["measure"]["rate"] == {"channel": "email", "verb": "opens", "segment": None, "resend": False}
    other = cli("optimize", "measured.cascade", "--draws", "20", "--seed", "3", "--json").document["uncertainty"]
    assert other != data


def test_optimize_draws_nothing_unless_asked_for(cli: Any, place: Path) -> None:
    assert cli("optimize", "measured.cascade", "--json").document["uncertainty"] is None
    assert "uncertainty" not in cli("optimize", "measured.cascade").stdout
    assert "none says how well it is known" in cli("optimize", "small.cascade", "--draws", "5").stdout
    assert cli("optimize", "measured.cascade", "--draws", "0").status == 2


def test_the_front_page_shows_what_optimize_prints(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its section on proofs; the other output it shows is checked where the whole job is run."""
    monkeypatch.setenv("COLUMNS", "100")
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## How good it provably is")[2]
    shown = section.partition("```\n")[2].partition("```")[0].splitlines()
    ran = cli("optimize", str(ROOT / "scenarios" / "viber-then-sms.cascade")).stdout
    printed = {line.rstrip() for line in ran.splitlines()}
    assert len(shown) > 8
    assert [line for line in shown if line not in printed] == []


def test_optimize_for_a_vendor_uses_what_it_can_carry(cli: Any, place: Path) -> None:
    ran = cli("optimize", "world.cascade", "--for", "8x8", "--json").document
    channels = {step["channel"] for entry in ran["plan"]["segments"] for step in entry["steps"]}
    assert channels <= {"sms", "viber", "whatsapp", "rcs"}
    assert "8x8 does not send there" in cli("optimize", "world.cascade", "--for", "8x8").stdout
    assert cli("optimize", "world.cascade", "--for", "nobody").status == 1


def test_the_first_interrupt_ends_the_search_and_the_second_the_command() -> None:
    with interrupted() as stop:
        assert not stop()
        os.kill(os.getpid(), signal.SIGINT)
        assert stop()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)


def test_a_rehearsal_records_what_the_simulation_of_the_plan_does(cli: Any, place: Path) -> None:
    cli("optimize", "world.cascade", "--plan", "p.json")
    cli("simulate", "world.cascade", "--plan", "p.json", "--engine", "simpy", "--seed", 3, "--records", "s.parquet")
    cli("rehearse", "p.json", "--seed", 3, "--records", "r.parquet")
    assert Path("s.parquet").read_bytes() == Path("r.parquet").read_bytes()
    assert parquet.read_table("r.parquet").num_rows > 50


def test_a_rehearsal_shows_its_first_messages_beside_the_document(cli: Any, place: Path) -> None:
    cli("plan", "world.cascade", "--chain", "viber-alone", "--out", "p.json")
    assert cli("rehearse", "p.json", "--show", 2).stdout.splitlines()[0].endswith("Hello")
    data = cli("rehearse", "p.json", "--show", 2, "--json")
    assert data.document["messages"] == sum(c["messages"] for c in data.document["channels"])
    assert len(data.stderr.splitlines()) == 2


def test_contacts_are_looked_for_beside_the_plan(cli: Any, place: Path) -> None:
    (place / "elsewhere").mkdir()
    cli("plan", "world.cascade", "--chain", "viber-alone", "--out", "elsewhere/p.json")
    lost = cli("rehearse", "elsewhere/p.json")
    assert lost.status == 1
    assert "people.csv, which is not beside elsewhere/p.json" in lost.stderr
    assert "--contacts FILE" in lost.stderr
    assert cli("rehearse", "elsewhere/p.json", "--contacts", "people.csv").status == 0


def test_contacts_that_a_plan_has_no_use_for_are_told(cli: Any, place: Path) -> None:
    cli("plan", "small.cascade", "--chain", "viber-then-sms", "--out", "p.json")
    ran = cli("rehearse", "p.json", "--contacts", "people.csv")
    assert ran.status == 0
    assert "the plan takes nobody from a file" in ran.stderr


def test_a_changed_script_is_noticed(cli: Any, place: Path) -> None:
    cli("optimize", "small.cascade", "--plan", "p.json")
    assert cli("simulate", "small.cascade", "--plan", "p.json").stderr == ""
    script = Path("small.cascade")
    script.write_text(script.read_text().replace("opens     61%", "opens     51%"))
    changed = cli("simulate", "small.cascade", "--plan", "p.json")
    assert changed.status == 0
    assert "small.cascade has changed since p.json was made" in changed.stderr


def test_a_plan_that_no_longer_fits_its_script_is_refused(cli: Any, place: Path) -> None:
    cli("plan", "small.cascade", "--chain", "viber-then-sms", "--out", "p.json")
    script = Path("small.cascade")
    script.write_text(script.read_text().replace("viber", "rcs"))
    refused = cli("simulate", "small.cascade", "--plan", "p.json")
    assert refused.status == 1
    assert "the model has no channel 'viber'" in refused.stderr


def test_changed_contacts_are_noticed(cli: Any, place: Path) -> None:
    cli("plan", "world.cascade", "--chain", "viber-alone", "--out", "p.json")
    people = Path("people.csv")
    people.write_text(people.read_text() + "p999,Zoe,gold,,+37120009999,\n")
    assert "people.csv has changed since the plan was made" in cli("rehearse", "p.json").stderr


def test_export_writes_one_request_a_line(cli: Any, place: Path) -> None:
    cli("plan", "world.cascade", "--chain", "viber-alone", "--out", "p.json")
    ran = cli("export", "p.json", "--to", "8x8", "--contacts", "people.csv", "--out", "r.jsonl", "--account", "shop-1")
    assert ran.status == 0
    requests = [json.loads(line) for line in Path("r.jsonl").read_text().splitlines()]
    assert {tuple(r) for r in requests} == {("method", "path", "body")}
    assert all("/shop-1/" in r["path"] for r in requests)
    assert f"r.jsonl, {len(requests)} requests. Nothing was sent." in ran.stdout


def test_contacts_check_fails_where_the_file_cannot_be_used(cli: Any, place: Path) -> None:
    assert cli("contacts", "check", "people.csv", "--script", "world.cascade").status == 0
    bad = cli("contacts", "check", "bad/duplicate-id.csv", "--json")
    assert bad.status == 1
    assert bad.document["duplicates"]["count"] == 1
    told = cli("contacts", "check", "bad/duplicate-id.csv").stdout
    assert "line 4 (a, first on line 2)" in told
    assert "cannot be used" in told


def test_contacts_check_takes_the_columns_of_addresses(cli: Any, place: Path) -> None:
    data = cli("contacts", "check", "people.csv", "--addresses", "viber, sms", "--json").document
    assert [a["column"] for a in data["addresses"]] == ["viber", "sms"]
    assert cli("contacts", "check", "people.csv", "--addresses", "vibr", "--json").status == 1


def test_progress_is_shown_on_a_terminal_and_only_on_stderr(
    cli: Any, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    quiet = cli("simulate", "world.cascade", "--chain", "push-first")
    assert "simulating" not in quiet.stderr
    monkeypatch.setattr("cascadesim.cli.output.is_watched", lambda stream: stream is sys.stderr)
    shown = cli("optimize", "small.cascade", "--json")
    assert "looking at plans" in shown.stderr
    assert shown.document["plan"]


def test_export_prices_what_the_vendor_changes(cli: Any, place: Path) -> None:
    cli("plan", "world.cascade", "--chain", "viber-alone", "--out", "p.json")
    args = ("export", "p.json", "--to", "8x8", "--contacts", "people.csv", "--out", "r.jsonl")
    price = cli(*args, "--json").document["price"]
    assert price["engine"] in ("exact", "compiled")
    assert all(
        part["change"]["coverage"] == pytest.approx(part["there"]["coverage"] - part["planned"]["coverage"])
        for part in price["parts"]
    )
    assert "What the changes come to at 8x8" in cli(*args).stdout
    assert cli(*args[:3], "webhook", *args[4:], "--json").document["price"] is None


def test_what_cannot_be_priced_is_exported_all_the_same(cli: Any, place: Path) -> None:
    cli("plan", "world.cascade", "--chain", "viber-alone", "--out", "p.json")
    header = Path("people.csv").read_text().splitlines()[0]
    Path("nobody.csv").write_text(f"{header}\n")
    ran = cli("export", "p.json", "--to", "8x8", "--contacts", "nobody.csv", "--out", "r.jsonl", "--json")
    assert (ran.status, ran.document["price"], Path("r.jsonl").read_text()) == (0, None, "")
    assert "warning[C515]: what the changes come to is not worked out" in ran.stderr


def test_export_says_whom_messages_are_from(cli: Any, place: Path) -> None:
    cli("plan", "world.cascade", "--chain", "viber-alone", "--out", "p.json")
    args = ("export", "p.json", "--to", "vonage", "--contacts", "people.csv", "--out", "r.jsonl")
    assert "{sender of sms}, {sender of viber}" in " ".join(cli(*args).stdout.split())
    assert cli(*args, "--from", "viber=Shop", "--from", "sms=Shop").status == 0
    assert {json.loads(line)["body"]["from"] for line in Path("r.jsonl").read_text().splitlines()} == {"Shop"}
    assert cli(*args, "--from", "viber").status == 2
    assert cli(*args, "--from", "viber=A", "--from", "viber=B").status == 2
    wrong = cli(*args, "--from", "vibr=Shop")
    assert wrong.status == 1
    assert "error[C360]: the plan does not send on vibr" in wrong.stderr


def test_the_matrix_of_vendors_has_every_vendor_and_channel(cli: Any) -> None:
    document = cli("senders", "matrix", "--json").document
    printed = " ".join(cli("senders", "matrix").stdout.split())
    assert document["vendors"][0]["vendor"] == "8x8"
    assert len(document["vendors"]) == 8
    assert [v["vendor"] for v in document["vendors"] if "opened" in v["stops_on"]] == ["8x8", "routee", "webhook"]
    assert "decision-telecom - viber - sms" in printed
    assert "until a reply" in printed
