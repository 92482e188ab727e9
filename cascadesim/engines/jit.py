"""Compiling with numba: what is shared by all that is compiled.

Machine code is kept on disk, so only the first run on a machine waits for the compiler. Numba looks at the file of
a function alone to see whether its code still holds; what a function calls may lie in another file. So the cache has
a folder for each state of all the sources that are compiled.

What `cascadesim.draws` computes is not written again: its functions, plain Python that knows nothing of numba, are
registered here and compiled into whatever calls them (S3).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import event
from numba.extending import register_jitable
from platformdirs import user_cache_path

from cascadesim.draws import philox, quantiles

_Function = TypeVar("_Function", bound=Callable[..., Any])
_njit: Any = numba.njit  # `_nrt` is an option without a type
_config: Any = numba.config
_PACKAGE = Path(__file__).parents[1]

for _drawing in (
    philox.philox, philox.uniform, quantiles.delay, quantiles.curve, quantiles.whole, quantiles.normal, quantiles._poly8
):  # fmt: skip
    register_jitable(_drawing)


def kernel(function: _Function) -> _Function:
    """A compiled function that Python calls: its code is kept on disk, and other threads run meanwhile."""
    return _kept(function, counts_holders=True)


def bare_kernel(function: _Function) -> _Function:
    """A kernel that makes no arrays: nobody counts who holds those it is given, which may take longer than all else."""
    return _kept(function, counts_holders=False)


def inlined(function: _Function) -> _Function:
    """A compiled function that becomes part of the bare kernels that call it."""
    return cast("_Function", _njit(forceinline=True, _nrt=False)(function))


def called(function: _Function) -> _Function:
    """A compiled function that bare kernels call and that the compiler may leave apart: what is rare."""
    return cast("_Function", _njit(_nrt=False)(function))


def _kept(function: _Function, counts_holders: bool) -> _Function:
    folder = _folder()
    if folder is None:
        return cast("_Function", _njit(nogil=True, _nrt=counts_holders)(function))
    before, _config.CACHE_DIR = _config.CACHE_DIR, folder
    try:
        return cast("_Function", _njit(cache=True, nogil=True, _nrt=counts_holders)(function))
    finally:
        _config.CACHE_DIR = before


@contextmanager
def noticing(notice: Callable[[], None]) -> Iterator[None]:
    """Within it, `notice` is called once if something has to be compiled first, which takes a while."""
    listener = _Once(notice)
    with event.install_listener("numba:compile", listener):
        yield


class _Once(event.Listener):
    def __init__(self, notice: Callable[[], None]) -> None:
        self._notice: Callable[[], None] | None = notice

    def on_start(self, event: Any) -> None:
        if self._notice is not None:
            self._notice()
            self._notice = None

    def on_end(self, event: Any) -> None: ...


@cache
def _folder() -> str | None:
    """Where machine code of these very sources is kept; None where nothing can be written."""
    sources = hashlib.blake2b(digest_size=8)
    compiled = ("draws/*.py", "engines/**/*.py", "optimizer/*.py")
    for path in sorted(path for pattern in compiled for path in _PACKAGE.glob(pattern)):
        sources.update(path.read_bytes())
    asked = os.environ.get("NUMBA_CACHE_DIR")
    folder = (Path(asked) if asked else user_cache_path("cascadesim")) / f"compiled-{sources.hexdigest()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return str(folder) if os.access(folder, os.W_OK) else None
