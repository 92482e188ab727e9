"""The tables of outcomes."""

from __future__ import annotations

from typing import Any

import pytest

from cascadesim.engines.outcome import Outcome
from cascadesim.reports.outcomes import outcome_report


def outcome(*chains: Any, engine: str = "simpy") -> Outcome:
    return Outcome("Spring", engine, "viber has a throughput limit", 7, 3, chains)


def test_a_single_chain_is_shown_by_segment_and_by_step(chain: Any, shown: Any) -> None:
    text = shown(*outcome_report(outcome(chain("one", margin=0.02)), "EUR"))
    assert "By the simpy engine, seed 7, 3 replications: viber has a throughput limit." in text
    assert "side by side" not in text
    rows = [line.split() for line in text.splitlines()]
    assert ["gold", "4,000", "62.3%", "0.0231", "0.0371", "92.40", "2.13", "13", "min", "10", "h"] in rows
    assert ["±1.2%", "±0.0005", "±0.0007", "±1.85", "±0.04"] in rows
    assert ["all", "40,000", "62.3%", "0.0231", "0.0371", "924.00", "2.13", "13", "min", "10", "h"] in rows
    assert ["1", "viber", "36,000", "32,000", "8,000", "4,000", "160.00", "1.5", "min"] in rows


def test_several_chains_stand_side_by_side(chain: Any, shown: Any) -> None:
    text = shown(*outcome_report(outcome(chain("one"), chain("other", 0.5)), "EUR"))
    assert text.index("Chains side by side") < text.index("one: by segment") < text.index("other: by step")


def test_exact_figures_have_no_margin_and_no_seed(chain: Any, shown: Any) -> None:
    text = shown(*outcome_report(outcome(chain("one"), engine="exact"), "EUR"))
    assert "±" not in text
    assert "seed" not in text


def test_what_one_replication_cannot_tell_is_said(chain: Any, shown: Any) -> None:
    text = shown(*outcome_report(outcome(chain("one", margin=None)), "EUR"))
    assert "±" not in text
    assert "use --replications" in text


@pytest.mark.parametrize("width", [80, 100])
def test_tables_are_narrow_enough(width: int, chain: Any, shown: Any) -> None:
    text = shown(*outcome_report(outcome(chain("messengers-first", margin=0.02), chain("two")), "EUR"), width=width)
    assert max(map(len, text.splitlines())) <= width
    assert "messengers-first" in text
