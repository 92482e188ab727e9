"""A secret: it shows itself only when asked by name."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Secret:
    """A password or a key, and where it came from."""

    source: str
    _value: str = field(repr=False)

    def reveal(self) -> str:
        """The secret itself: for the wire, and nothing else."""
        return self._value

    def __str__(self) -> str:
        return f"({self.source})"
