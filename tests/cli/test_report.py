"""`cascadesim report`: the page of a plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def test_the_page_lies_beside_the_plan_with_the_answer_in_it(cli: Any, place: Path) -> None:
    cli("optimize", "small.cascade", "--plan", "p.json")
    ran = cli("report", "p.json")
    assert (ran.status, ran.stderr) == (0, "")
    assert "Written: p.html" in ran.stdout
    page = (place / "p.html").read_text(encoding="utf-8")
    assert " ".join(ran.stdout.partition("Written")[0].split()) in page
    assert "How far each rate moves the optimum" in page
    assert "How far each rate moves" not in _page(cli, place, "p.json", "--quick")


def test_the_script_is_shown_with_its_comments(cli: Any, place: Path) -> None:
    script = place / "small.cascade"
    script.write_text("# Words of mine\n" + script.read_text(encoding="utf-8"), encoding="utf-8")
    cli("plan", "small.cascade", "--chain", "viber-then-sms", "--out", "p.json")
    assert "Words of mine" not in _page(cli, place, "p.json", "--quick")
    assert "Words of mine" in _page(cli, place, "p.json", "--quick", "--script", "small.cascade")


def test_a_script_that_has_changed_is_told(cli: Any, place: Path) -> None:
    cli("plan", "small.cascade", "--chain", "viber-then-sms", "--out", "p.json")
    script = place / "small.cascade"
    script.write_text(script.read_text(encoding="utf-8") + "\n# later\n", encoding="utf-8")
    ran = cli("report", "p.json", "--quick", "--script", "small.cascade")
    assert ran.status == 0
    assert "small.cascade has changed since p.json was made" in ran.stderr


def test_people_from_a_file_are_looked_for_beside_the_plan(cli: Any, place: Path) -> None:
    cli("plan", "world.cascade", "--chain", "viber-alone", "--out", "p.json")
    (place / "elsewhere").mkdir()
    (place / "p.json").rename(place / "elsewhere" / "p.json")
    lost = cli("report", "elsewhere/p.json", "--quick")
    assert lost.status == 1
    assert "say where they are by --contacts FILE" in lost.stderr
    assert not (place / "elsewhere" / "p.html").exists()
    assert cli("report", "elsewhere/p.json", "--quick", "--contacts", "people.csv").status == 0


def test_the_same_plan_gives_the_same_bytes(cli: Any, place: Path) -> None:
    cli("optimize", "small.cascade", "--plan", "p.json")
    assert _page(cli, place, "p.json") == _page(cli, place, "p.json")


def _page(cli: Any, place: Path, *args: str) -> str:
    assert cli("report", *args, "--out", "page.html").status == 0
    return (place / "page.html").read_text(encoding="utf-8")
