"""`compare`, and its answer as it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from cascadesim.engines import compare as plain
from cascadesim.engines.pairing import PairedFigure
from cascadesim.reports.progress import Told, bars
from cascadesim.reports.results.shown import Shown, taken

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from cascadesim.reports.results.drawing import ComparisonPictures


@dataclass(frozen=True, repr=False, eq=False)
class Comparison(Shown, plain.Comparison):
    """What B brings against A, in the currency that both count in."""

    currency: str = field(kw_only=True)

    def sections(self) -> Iterator[RenderableType]:
        """A, B and the difference with its interval; by segment, where there are several; and in words."""
        from rich.text import Text

        from cascadesim.reports.comparison import comparison_report

        yield Text(f"{self.b} against {self.a}", "bold")
        yield from comparison_report(self, self.currency)

    def to_frame(self) -> pd.DataFrame:
        """A row for each segment (`all`: together) and figure: a, b, and B minus A with its 95% interval."""
        import pandas as pd

        parts: list[tuple[str, Mapping[str, PairedFigure]]] = [(s.segment, s.figures) for s in self.segments]
        parts += [("all", self.total)] if len(parts) > 1 else []
        rows = [
            {
                "segment": segment,
                "figure": name,
                "a": figure.a.mean,
                "b": figure.b.mean,
                "difference": figure.difference.mean,
                "low": figure.difference.low,
                "high": figure.difference.high,
            }
            for segment, figures in parts
            for name, figure in figures.items()
        ]
        return pd.DataFrame(rows).set_index(["segment", "figure"])

    @cached_property
    def plot(self) -> ComparisonPictures:
        """Its picture: `difference`, which takes `ax` and returns it."""
        from cascadesim.reports.results.drawing import ComparisonPictures

        return ComparisonPictures(self)


def compare(
    a: plain.Side,
    b: plain.Side,
    *,
    engine: plain.Engine = "auto",
    seed: int | None = None,
    replications: int | None = None,
    progress: Told | bool | None = None,
) -> Comparison:
    """What B brings against A, each simulated alone with the same people and the same random numbers.

    `seed` replaces both models' own. `replications` are 1 by default, and 10 where a throughput limit ties people
    together on either side, because there one cannot tell an interval. `progress` is as `reports.progress` says.
    RefusedError, with every reason, where the two cannot be compared.
    """
    with bars("comparing", progress) as told:
        found = plain.compare(a, b, engine=engine, seed=seed, replications=replications, progress=told)
    return Comparison(**taken(found), currency=a.model.scenario.currency)
