"""What all results have in common: titled sections, as text and as HTML, from the tables of the commands."""

from __future__ import annotations

import io
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

_WIDTH = 100


class Shown(ABC):
    """A result that prints well: in a terminal by its `repr`, in a notebook as HTML."""

    __slots__ = ()

    @abstractmethod
    def sections(self) -> Iterator[RenderableType]:
        """The title first, then tables and sentences."""

    @abstractmethod
    def to_frame(self) -> pd.DataFrame:
        """The result as a data frame; shares are 0..1, money in the scenario's currency, times in seconds."""

    def __repr__(self) -> str:
        from rich.console import Console

        from cascadesim.reports.tables import needed

        file = io.StringIO()
        look: dict[str, Any] = {"color_system": None, "markup": False, "highlight": False, "emoji": False}
        console = Console(file=file, width=_WIDTH, force_jupyter=False, **look)  # else a notebook gets each as HTML
        for number, section in enumerate(self.sections()):
            if number:
                console.print()
            console.width = max(_WIDTH, needed(console, section))
            console.print(section)
            console.width = _WIDTH
        return "\n".join(line.rstrip() for line in file.getvalue().splitlines())

    def _repr_html_(self) -> str:
        from cascadesim.reports.markup import STYLE, markup

        return f'<div class="cascadesim"><style>{STYLE}</style>\n{markup(self.sections())}\n</div>'


def taken(value: Any) -> dict[str, Any]:
    """The fields of a plain result, for the class that takes them over."""
    return {field.name: getattr(value, field.name) for field in fields(value)}
