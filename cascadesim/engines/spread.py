"""Work spread over cores, or over a cluster: replications, and ranges of people whom nothing ties together.

Through joblib, so that `joblib.parallel_config(backend="dask")` or `"ray"` takes it to a cluster that is there
already. Whoever does it, results come in order and are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from joblib import Parallel, delayed

_Result = TypeVar("_Result")
_AHEAD = 32


def spread(work: Callable[..., _Result], tasks: Iterable[tuple[Any, ...]], jobs: int | None) -> Iterator[_Result]:
    """`work(*task)` of each task, in their order, by so many threads (-1: one a core, None: what joblib is told).

    Some tasks at a time, so that results do not pile up faster than they are taken.
    """
    waiting = iter(tasks)
    while wave := list(islice(waiting, _AHEAD)):
        yield from Parallel(n_jobs=jobs, prefer="threads")(delayed(work)(*task) for task in wave)
