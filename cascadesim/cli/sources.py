"""The texts that diagnostics point into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path


class Sources(Mapping[str, str]):
    """Texts by the name of their file, read only when a diagnostic points into one; a file that is gone has none."""

    def __getitem__(self, name: str) -> str:
        try:
            return _text(name)
        except OSError:
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@lru_cache(maxsize=8)
def _text(name: str) -> str:
    return Path(name).read_text("utf-8-sig", errors="replace")
