"""What the README shows is true: its script reads, its snippet runs, its commands and links exist.

That its two commands run and print what it says is for `.ci/run`: they need environments of their own.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cascadesim.cli import main
from cascadesim.language import examine_text
from cascadesim.optimizer import optimize

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.S | re.M)


def test_the_script_is_without_fault_and_its_question_has_an_answer() -> None:
    (text,) = (body for _, body in BLOCKS if "\ncascade 1\n" in f"\n{body}")
    reading = examine_text(text, "README.md")
    assert reading.diagnostics == ()
    assert reading.script is not None
    model = reading.script.model
    assert optimize(model, model.questions[0]).status == "proven"


def test_the_snippet_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (snippet,) = (body for language, body in BLOCKS if language == "python")
    monkeypatch.chdir(ROOT)
    exec(compile(snippet, "README.md", "exec"), {})
    assert 0 < float(capsys.readouterr().out) < 1


def test_every_command_is_listed() -> None:
    listed = set(re.findall(r"^\| `cascadesim ([a-z]+)", README, re.M))
    assert listed == set(main.commands)


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
