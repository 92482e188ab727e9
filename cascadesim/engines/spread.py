"""Work spread over cores, or over a cluster: replications, and ranges of people whom nothing ties together.

Through joblib, so that `joblib.parallel_config(backend="dask")` or `"ray"` takes it to a cluster that is there
already. Whoever does it, results come in order and are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

_Result = TypeVar("_Result")


def spread(
    work: Callable[..., _Result], tasks: Sequence[tuple[Any, ...]], jobs: int | None, ahead: int | None = None
) -> Iterator[_Result]:
    """`work(*task)` of each task, in their order, by so many threads (-1: one a core, None: what joblib is told).

    `ahead`: so many tasks at a time (None: all), so that large results do not pile up faster than they are taken.
    """
    if len(tasks) == 1 and jobs == -1:
        yield work(*tasks[0])  # nothing to spread: threads would take longer to begin
        return
    from joblib import Parallel, delayed  # not for who has one piece of work

    for begin in range(0, len(tasks), ahead or len(tasks)):
        wave = tasks[begin : begin + ahead] if ahead else tasks
        yield from Parallel(n_jobs=jobs, prefer="threads")(delayed(work)(*task) for task in wave)
