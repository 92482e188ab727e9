"""The page of a plan: all its sections, in one file that asks for nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import cascadesim
from cascadesim.reports.page.dossier import Dossier, gather
from cascadesim.reports.page.write import page, sentence
from tests.reports.pictures.campaigns import NAMES, script

SECTIONS = ["The answer", "The question", "The plan, step by step", "What coverage costs", "The runners-up",
            "What is uncertain", "How it will be run", "The script"]  # fmt: skip


class Elements(HTMLParser):
    """The attributes of all elements, and their ids."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name in ("src", "href", "xlink:href", "srcset", "action"):
                self.links.append(value or "")
            if name == "id":
                self.ids.append(value or "")


def elements(text: str) -> Elements:
    found = Elements()
    found.feed(text)
    return found


def test_every_section_is_there_in_order(written: Path) -> None:
    assert re.findall(r"<h2 [^>]*>(.*?)</h2>", written.read_text(encoding="utf-8")) == SECTIONS


def test_it_asks_for_nothing_and_runs_nothing(written: Path) -> None:
    text = written.read_text(encoding="utf-8")
    found = elements(text)
    assert [link for link in found.links if not link.startswith(("#", "data:"))] == []
    assert not found.tags & {"script", "iframe", "object", "embed", "form"}
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)


def test_no_two_things_have_the_same_id_and_every_reference_leads_somewhere(written: Path) -> None:
    found = elements(written.read_text(encoding="utf-8"))
    assert len(found.ids) == len(set(found.ids))
    assert {link[1:] for link in found.links if link.startswith("#")} <= set(found.ids)


def test_twelve_segments_are_under_two_megabytes(written: Path) -> None:
    assert written.stat().st_size < 2_000_000
    assert written.read_text(encoding="utf-8").count('<article class="way">') == 12


def test_what_scripts_say_is_no_markup(written: Path) -> None:
    text = written.read_text(encoding="utf-8")
    assert "<h1>&lt;b&gt;Basket&lt;/b&gt; &amp; co</h1>" in text
    assert "<b>" not in text


def test_the_answer_is_the_simulations(dossier: Dossier) -> None:
    total = dossier.simulated.total
    assert total.coverage.mean is not None
    assert f"{100 * total.coverage.mean:.1f}% of 900 people" in sentence(dossier)
    assert "within all limits" in sentence(dossier)
    assert "but 1 of the limits broken" in sentence(
        replace(dossier, kept=(replace(dossier.kept[0], is_kept=False), *dossier.kept[1:]))
    )


def test_the_flow_adds_up(dossier: Dossier) -> None:
    """Whoever gets to a step is sent its message, skipped, or dropped; who goes on was not stopped."""
    for flow in dossier.followed.flows():
        for step in flow.steps:
            assert step.came is not None
            assert step.skipped is not None
            assert step.came >= step.sent + step.skipped - 1e-9
        for one, following in zip(flow.steps, flow.steps[1:], strict=False):
            assert one.came is not None
            assert following.came is not None
            assert following.came <= one.came - one.stopped + 1e-9


def test_a_plan_by_hand_of_a_script_that_asks_nothing() -> None:
    read = cascadesim.read_text(script(NAMES["one-segment"]).partition("optimize")[0])
    plan = cascadesim.chosen_plan(read.model, read.model.chains[0], read.source_sha256)
    found = gather(plan, {}, lambda _: None)
    text = page(found)
    assert "None is asked: the plan was written by hand." in text
    assert "The script asks no question, so there is nothing to compare the plan with." in text
    assert "The runners-up" not in text


def test_a_plan_by_hand_stands_beside_the_answer_of_its_script() -> None:
    read = cascadesim.read_text(script(NAMES["one-segment"]))
    plan = cascadesim.chosen_plan(read.model, read.model.chains[0], read.source_sha256)
    found = gather(plan, {}, lambda _: None, quick=True)
    assert not found.is_answer
    assert found.answer is not None
    assert "This plan is not the one that the question has for its answer" in page(found)


def test_the_script_is_shown_as_it_was_written(dossier: Dossier) -> None:
    text = page(dossier, "cascade 1  # a word of mine\n")
    assert "a word of mine" in text
    assert "without the comments" not in text
