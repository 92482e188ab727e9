"""What `cascadesim simulate` shows: chains side by side, then each by segment and step by step."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from cascadesim.engines.outcome import ChainOutcome, Outcome
from cascadesim.reports import tables, words


def outcome_report(outcome: Outcome, currency: str) -> Iterator[RenderableType]:
    """The tables of an outcome, with who computed it and why."""
    if outcome.scenario:
        yield Text(outcome.scenario, "bold")
    yield Text(engine_text(outcome), tables.QUIET)
    chains = outcome.chains
    if len(chains) > 1:
        yield tables.comparison(chains, currency, "Chains side by side")
    for chain in chains:
        if len(chains) == 1 or len(chain.segments) > 1:
            yield tables.segments(chain, currency, f"{chain.chain}: by segment")
        yield tables.steps(chain.total, currency, f"{chain.chain}: by step")
    if any(lacks_intervals(chain) for chain in chains):
        hint = "One replication has no interval where a throughput limit ties people together: use --replications."
        yield Text(hint, tables.QUIET)


def lacks_intervals(chain: ChainOutcome) -> bool:
    """Whether one replication could not tell how sure its figures are."""
    coverage = chain.total.coverage
    return coverage.mean is not None and coverage.low is None


def engine_text(outcome: Outcome) -> str:
    """Who computed it, and why: `By the exact engine: every chain is linear`."""
    drawn = f", seed {outcome.seed}, {words.plural(outcome.replications, 'replication')}"
    return f"By the {outcome.engine} engine{'' if outcome.engine == 'exact' else drawn}: {outcome.engine_because}."
