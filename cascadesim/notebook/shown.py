"""What `%%cascade` shows: the script in colour, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from cascadesim.errors import CascadeError, Diagnostic
from cascadesim.language import render, render_articles

if TYPE_CHECKING:
    from cascadesim.language import Script

_STYLE = "font-family: var(--jp-code-font-family, monospace); font-size: .9em; line-height: 1.35;"


class Echo:
    """A script in colour with the numbers of its lines; as text, a line that says what is in it."""

    def __init__(self, name: str, text: str, script: Script | None) -> None:
        self._name, self._text, self._script = name, text, script

    def __repr__(self) -> str:
        return f"{self._name}: {self._inside()}"

    def _repr_html_(self) -> str:
        from pygments import highlight
        from pygments.formatters import HtmlFormatter

        from cascadesim.language.pygments_lexer import CascadeLexer
        from cascadesim.reports.page.colours import Quiet

        look: HtmlFormatter[str] = HtmlFormatter(style=Quiet, noclasses=True, linenos="inline", prestyles=_STYLE)
        code = highlight(self._text, CascadeLexer(), look)
        return f"<details open><summary>{escape(repr(self))}</summary>\n{code}</details>"

    def _inside(self) -> str:
        if self._script is None:
            return "not read"
        model = self._script.model
        parts = [
            _counted(len(model.channels), "channel"),
            _counted(len(model.segments), "segment"),
            _counted(len(model.chains), "chain"),
            _counted(len(model.questions), "question"),
        ]
        return ", ".join(parts)


class Faults:
    """Diagnostics, each with the line it speaks of."""

    def __init__(self, diagnostics: Sequence[Diagnostic], sources: Mapping[str, str]) -> None:
        self._diagnostics, self._sources = diagnostics, sources

    def __repr__(self) -> str:
        return "\n\n".join(render(diagnostic, self._sources) for diagnostic in self._diagnostics)

    def _repr_html_(self) -> str:
        return render_articles(self._diagnostics, self._sources)


class CellError(CascadeError):
    """Ends a cell, and with it a run of all cells, in one line."""

    @classmethod
    def of(cls, diagnostics: Sequence[Diagnostic]) -> CellError:
        """Counts the errors, which have been shown."""
        errors = sum(diagnostic.severity == "error" for diagnostic in diagnostics)
        return cls(f"{_counted(errors, 'error')}, told above")

    def _render_traceback_(self) -> list[str]:
        """What IPython prints instead of a traceback."""
        return [f"cascade: {self}"]


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
