"""`%%cascade` in IPython's own test shell: what is shown, what lands in variables, how a cell fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from IPython.testing.globalipapp import start_ipython
from IPython.utils.capture import RichOutput, capture_output

from cascadesim.engines.outcome import Outcome
from cascadesim.language import Script
from cascadesim.optimizer import Answer

SCRIPT = """cascade 1

channel viber
    reaches   58%
    opens     61%, half within 4 min
    costs     0.020 EUR per message delivered

channel sms
    opens     34%, half within 12 min
    reports   delivered
    costs     0.045 EUR per part sent

segment everyone
    people    10k

chain viber-then-sms
    stop when opened
    send viber, wait 2 h
    send sms

optimize
    covered when opened within 1 day
    minimize  cost per person
    keep      coverage at least 45%
    choose from viber, sms
    steps     1 to 2
    waits     2 h
"""


class Cells:
    """Runs cells and keeps what the last one showed."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self.shown: list[RichOutput] = []
        self.printed = ""

    def run(self, cell: str) -> ExecutionResult:
        with capture_output() as caught:
            result = self.shell.run_cell(cell)
        self.shown, self.printed = caught.outputs, caught.stdout + caught.stderr
        return result

    def __getitem__(self, name: str) -> Any:
        return self.shell.user_ns[name]

    def html(self, number: int) -> str:
        return str(self.shown[number].data["text/html"])


@pytest.fixture
def cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cells]:
    """The shell with the extension loaded and no variables, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    shell = start_ipython() or InteractiveShell.instance()
    monkeypatch.setattr(shell.display_formatter, "active_types", ["text/plain", "text/html"])  # as notebooks have it
    shell.run_line_magic("reload_ext", "cascadesim")
    yield Cells(shell)
    shell.reset(new_session=False)


def test_the_script_lands_in_the_variable_and_is_shown_in_colour(cells: Cells) -> None:
    assert cells.run(f"%%cascade first\n{SCRIPT}").success
    assert isinstance(cells["first"], Script)
    assert [channel.name for channel in cells["first"].model.channels] == ["viber", "sms"]
    (echo,) = cells.shown
    assert echo.data["text/plain"] == "first: 2 channels, 1 segment, 1 chain, 1 question"
    assert "<span" in cells.html(0)
    assert "0.020" in cells.html(0)


def test_results_are_the_cells_own(cells: Cells) -> None:
    simulated = cells.run(f"%%cascade first --quiet --simulate\n{SCRIPT}")
    assert isinstance(simulated.result, Outcome)
    assert 0.4 < simulated.result.chain("viber-then-sms").total.coverage.mean < 0.7
    both = cells.run(f"%%cascade first --quiet --simulate --optimize\n{SCRIPT}")
    assert isinstance(both.result, Answer)
    assert both.result.status == "proven"
    assert "viber-then-sms" in cells.html(0)


def test_all_the_errors_are_told_below_the_cell_and_no_older_script_stays(cells: Cells) -> None:
    cells.run(f"%%cascade first\n{SCRIPT}")
    faulty = SCRIPT.replace("send sms", "send smss").replace("58%", "580%")
    assert not cells.run(f"%%cascade first\n{faulty}").success
    assert "first" not in cells.shell.user_ns
    text = cells.shown[1].data["text/plain"]
    assert "send smss\n" in text
    assert "^^^^" in text
    assert cells.html(1).count("<article") == text.count("error[") == 2
    assert cells.printed.strip() == "cascade: 2 errors, told above"


def test_warnings_are_told_and_the_cell_goes_on(cells: Cells) -> None:
    assert cells.run(f"%%cascade first --quiet\n{SCRIPT.replace('send sms', '...')}").success
    assert "warning[" in cells.shown[0].data["text/plain"]
    assert 'class="warning"' in cells.html(0)


@pytest.mark.parametrize(
    ("line", "cell", "told"),
    [
        ("--simulate", SCRIPT.replace("send sms", "..."), "chain viber-then-sms has a hole"),
        ("--simulate", SCRIPT.partition("chain")[0], "the script has no `chain`"),
        ("--optimize", SCRIPT.partition("optimize")[0], "the script has no `optimize` block"),
        ("--optimize", SCRIPT.replace("at least 45%", "at least 99%"), "1 error, told above"),
    ],
)
def test_what_cannot_be_answered_ends_in_a_line(cells: Cells, line: str, cell: str, told: str) -> None:
    assert not cells.run(f"%%cascade first --quiet {line}\n{cell}").success
    assert told in cells.printed
    assert "Traceback" not in cells.printed
    assert isinstance(cells["first"], Script)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", "required: name"),
        ("first-chain", "`first-chain` cannot be a variable"),
        ("class", "`class` cannot be a variable"),
        ("first --simulatte", "unrecognized arguments: --simulatte"),
    ],
)
def test_a_slip_in_the_line_is_answered_in_words(cells: Cells, line: str, told: str) -> None:
    assert not cells.run(f"%%cascade {line}\n{SCRIPT}").success
    assert told in cells.printed
    assert "Traceback" not in cells.printed


def test_files_are_looked_for_beside_the_notebook(cells: Cells, tmp_path: Path) -> None:
    (tmp_path / "channels.cascade").write_text(SCRIPT.partition("segment")[0], encoding="utf-8")
    cell = 'cascade 1\nuse "channels.cascade"\n' + "segment " + SCRIPT.partition("segment ")[2]
    assert cells.run(f"%%cascade first\n{cell}").success
    assert len(cells["first"].model.channels) == 2


def test_names_of_the_script_are_never_markup(cells: Cells) -> None:
    cells.run(f"%%cascade first\n{SCRIPT.replace('channel viber', 'channel viber <b>x</b>')}")
    assert "<b>x</b>" not in cells.html(0) + cells.html(1)
