"""The example contacts: what is shipped is what the program makes, and nobody in it exists."""

from __future__ import annotations

import csv
import importlib.util
import random
import re
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from cascadesim.contacts import check_contacts

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED = SCENARIOS / "contacts.csv"


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_contacts", SCENARIOS / "make_contacts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def people() -> list[dict[str, str]]:
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_program_makes_the_file(
    maker: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(maker, "TARGET", tmp_path / "contacts.csv")
    maker.main()
    assert (tmp_path / "contacts.csv").read_bytes() == SHIPPED.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["contacts.csv"]
    assert "viber and whatsapp: 44.4% (37.0%)" in capsys.readouterr().out


def test_it_is_sound_and_small(people: list[dict[str, str]]) -> None:
    report = check_contacts(SHIPPED)
    assert report.is_usable
    assert report.rows == len(people) == 20_000
    assert list(report.empty_addresses) == ["push", "viber", "whatsapp", "email", "sms", "call"]
    assert SHIPPED.stat().st_size < 4_000_000
    tiers = Counter(person["tier"] for person in people)
    assert abs(tiers["gold"] - 4_000) < 200
    assert {(p["tier"], p["segment"]) for p in people} == {("gold", ""), ("silver", "loyal"), ("bronze", "new")}


def test_nobody_exists(people: list[dict[str, str]]) -> None:
    for person in people:
        assert re.fullmatch(r"(person\d{5}@example\.com)?", person["email"])
        assert all(re.fullmatch(r"(\+888\d{11})?", person[c]) for c in ("viber", "whatsapp", "sms", "call"))
        assert {person["viber"], person["whatsapp"], person["call"]} <= {"", person["sms"]}


def test_reach_is_as_asked_and_correlated(maker: ModuleType) -> None:
    rng = random.Random(7)
    people = [maker.draw_person(number, rng) for number in range(5_000)]
    has_phone, _ = maker.REACH["phone"]
    asked = {c: share * (1 if c in ("push", "email") else has_phone) for c, (share, _) in maker.REACH.items()}
    # Four standard deviations of a share of 5000; who has a number is readier, which lifts what needs one
    for channel in ("push", "email", "viber", "whatsapp", "call"):
        assert -0.03 < maker.share(people, channel) - asked[channel] < 0.035
    both = sum(bool(p["viber"] and p["whatsapp"]) for p in people) / len(people)
    assert both > maker.share(people, "viber") * maker.share(people, "whatsapp") + 0.05
