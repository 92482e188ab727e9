"""Progress bars, in terminals and notebooks, for work that takes more than a second.

They show where somebody watches: on a terminal and in a notebook. `progress=False` silences one call, the environment
variable `TQDM_DISABLE=1` all of them; a function as `progress` is told instead.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

Told = Callable[[str, int, int], None]
"""Told what is being worked on, how much of it is done, and how much there is."""

_PATIENCE = 1.0


@contextmanager
def bars(doing: str, asked: Told | bool | None) -> Iterator[Told | None]:
    """One bar for each thing worked on while the block runs; None where nobody is to be told.

    `asked` is True or False, a function that is told in place of a bar, or None: bars where somebody watches.
    """
    if callable(asked):
        yield asked
        return
    if asked is False or is_silenced() or (asked is None and not is_watched()):
        yield None
        return
    from tqdm.auto import tqdm

    with ExitStack() as stack:
        made: dict[str, Any] = {}

        def told(what: str, done: int, total: int) -> None:
            if what not in made:
                made[what] = stack.enter_context(
                    tqdm(total=total, desc=f"{doing} {what}".strip(), delay=_PATIENCE, leave=False)
                )
            bar = made[what]
            bar.total = total
            bar.update(done - bar.n)

        yield told


def is_silenced() -> bool:
    """Whether the environment asks for no bars. In notebooks tqdm does not look there itself."""
    return os.environ.get("TQDM_DISABLE", "") not in ("", "0")


def is_watched() -> bool:
    """Whether somebody looks at what a running cell or command says."""
    return "ipykernel" in sys.modules or sys.stderr.isatty()
