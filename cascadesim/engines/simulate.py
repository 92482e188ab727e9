"""Simulating chains and plans: choosing the engine, running replications, gathering the outcome."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from cascadesim.contacts import Contact
from cascadesim.engines.case import Case, Progress, is_limited, unfinished
from cascadesim.engines.outcome import ChainOutcome, Outcome, SegmentFigures
from cascadesim.errors import RefusedError
from cascadesim.model.model import Model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cascadesim.engines.records import RecordWriter
    from cascadesim.engines.tally import Sums

Engine = Literal["auto", "exact", "compiled", "simpy"]
Contacts = Mapping[str, Sequence[Contact]]
_CLOSED_FORM_CHANNELS = 10
"""Each further channel of a chain doubles the work of the exact engine; beyond these it takes longer than drawing."""


def simulate(
    model: Model,
    cases: Sequence[Case],
    *,
    engine: Engine = "auto",
    seed: int | None = None,
    replications: int = 1,
    contacts: Contacts | None = None,
    records: RecordWriter | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """What each case comes to, simulated alone, all on the same random numbers.

    `contacts` has the people of every segment that takes them from a file. `auto` takes the exact engine where
    it can say everything and soon, unless records are asked for, else the compiled one. `jobs` is how many threads
    the compiled engine uses (None: every core; `joblib.parallel_config` may name a cluster instead); they change no
    result.
    RefusedError: the engine asked for cannot, or a chain has a hole.
    """
    if seed is not None:
        model = replace(model, scenario=replace(model.scenario, seed=seed))
    if reasons := list(unfinished(*cases)):
        raise RefusedError(*reasons)
    name, because = choose(model, cases, engine, records is not None)
    people, processes = contacts or {}, {os.getpid()}
    if name == "exact":
        from cascadesim.engines.exact import evaluate  # scipy: not for who does not need it

        answers = [replace(evaluate(model, case.routes, people), chain=case.name) for case in cases]
    else:
        processes.clear()
        answers = []
        for case in cases:
            gathered, by = _replications(name, model, case, people, replications, records, jobs, progress)
            answers.append(_outcome(model, case, gathered))
            processes |= by
    about = (model.scenario.title, name, because, model.scenario.seed, replications)
    return Outcome(*about, tuple(answers), tuple(sorted(processes)))


def people_sums(
    model: Model, case: Case, replication: int, contacts: Contacts, engine: str, jobs: int | None = None
) -> dict[str, NDArray[np.int64]]:
    """The people of each segment in one replication, a row each in the order of their number.

    Columns are as `engines.tally` numbers them: (1, covered, cost in billionths, messages, duplicates), all zero for
    whom the plan is not for. `engine` is `compiled` or `simpy`, `jobs` as in `simulate`.
    """
    if engine == "simpy":
        from cascadesim.engines import by_simpy

        return by_simpy.people_sums(model, case, replication, contacts)
    from cascadesim.engines.compiled.engine import Runs

    return Runs(model, case, contacts, jobs).people(replication)


def choose(model: Model, cases: Sequence[Case], asked: str, records: bool) -> tuple[str, str]:
    """The engine to take, and why; RefusedError, with every reason, if the one asked for cannot."""
    if asked == "exact" or (asked == "auto" and not records):
        reasons = _exact_refusals(model, cases)
        if asked == "exact" and reasons:
            raise RefusedError(*dict.fromkeys(reasons))
        if asked == "auto" and not reasons and (many := _most_channels(cases)) > _CLOSED_FORM_CHANNELS:
            return drawing(
                model, cases, asked, f"a chain sends on {many} channels, which the exact engine takes long for"
            )
        if not reasons:
            return "exact", "it was asked for" if asked == "exact" else "it needs no sampling, and can say all of this"
        return drawing(model, cases, asked, f"the exact engine does not do this: {reasons[0]}")
    return drawing(model, cases, asked, "records are of simulated messages")


def drawing(model: Model, cases: Sequence[Case], asked: str, because: str) -> tuple[str, str]:
    """The engine to take of those that draw people, and why; `because` is why it is one of them."""
    if asked == "simpy":
        return "simpy", "it was asked for"
    refused = _compiled_refusals(model, cases)
    if asked == "compiled" and refused:
        raise RefusedError(*dict.fromkeys(refused))
    if refused:
        return "simpy", f"{because}; {refused[0]}"
    return "compiled", "it was asked for" if asked == "compiled" else because


def _most_channels(cases: Sequence[Case]) -> int:
    """On how many channels the chain of a route sends at most."""
    return max((len(set(route.chain.channels)) for case in cases for route in case.routes), default=0)


def _exact_refusals(model: Model, cases: Sequence[Case]) -> list[str]:
    from cascadesim.engines.exact import refusals

    return [reason for case in cases for reason in refusals(model, case.routes)]


def _compiled_refusals(model: Model, cases: Sequence[Case]) -> list[str]:
    from cascadesim.engines.compiled.refusals import refusals

    return [reason for case in cases for reason in refusals(model, case)]


def _replications(
    engine: str, model: Model, case: Case, contacts: Contacts, count: int,
    records: RecordWriter | None, jobs: int | None, progress: Progress | None,
) -> tuple[list[dict[str, Sums]], set[int]]:  # fmt: skip
    """What each segment came to in each replication, and the processes that worked it out."""
    if engine == "simpy":
        from cascadesim.engines import by_simpy

        return by_simpy.replications(model, case, contacts, count, records, progress)
    from cascadesim.engines.compiled.engine import Runs  # numba: not for who does not need it

    runs = Runs(model, case, contacts, jobs, progress)
    return runs.replications(count, records), runs.processes


def _outcome(model: Model, case: Case, gathered: Sequence[Mapping[str, Sums]]) -> ChainOutcome:
    from cascadesim.engines.tally import ONE, figures

    limited, channels = is_limited(model, case), case.channels
    segments = []
    for name in case.segments:
        mine = [[sums[name]] for sums in gathered]
        people = sum(sums[0].sums[ONE] for sums in mine) / len(mine)
        segments.append(SegmentFigures(name, people, figures(model, mine, channels, limited, total=False)))
    everybody = [list(sums.values()) for sums in gathered]
    return ChainOutcome(case.name, figures(model, everybody, channels, limited, total=True), tuple(segments))
