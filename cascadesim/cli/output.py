"""Where a command's words go: tables or one JSON document on stdout, diagnostics and progress on stderr."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

import click

from cascadesim.cli.sources import Sources
from cascadesim.errors import Diagnostic, Severity

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

Progress = Callable[[str, int, int], None]
"""Told what is being worked on, how much of it is done, and how much there is."""

_WIDEST = 100


class Output:
    """The two streams of one run. With `--json` nothing but the document goes to stdout."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self._console: Console | None = None

    def show(self, *things: RenderableType) -> None:
        """Prints tables and paragraphs, a blank line between them; nothing with `--json`."""
        if self.as_json:
            return
        from cascadesim.reports.tables import needed

        for thing in things:
            if self._console is None:
                self._console = _console(sys.stdout)
            else:
                self._console.print()
            screen = self._console.width
            self._console.width = max(screen, needed(self._console, thing))
            self._console.print(thing)
            self._console.width = screen

    def say(self, text: str) -> None:
        """Prints a line as it is; nothing with `--json`."""
        if not self.as_json:
            click.echo(text)

    def document(self, data: Any) -> None:
        """Prints the JSON document; nothing without `--json`."""
        if self.as_json:
            click.echo(json.dumps(data, indent=2, allow_nan=False))

    def fail(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Prints the diagnostics that a command stops on: as data with `--json`."""
        if self.as_json:
            from cascadesim.language import diagnostics_json

            self.document({"diagnostics": diagnostics_json(tuple(diagnostics))})
        else:
            self.tell(diagnostics)

    def tell(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Prints diagnostics on stderr, each with the line that it speaks of."""
        from cascadesim.language import render

        colour = is_watched(sys.stderr) and not os.environ.get("NO_COLOR")
        for diagnostic in diagnostics:
            click.echo(render(diagnostic, Sources(), colour) + "\n", err=True)

    def warn(self, code: str, message: str, hint: str | None = None) -> None:
        """Prints one warning of the command's own on stderr."""
        severity: Severity = "warning"
        self.tell([Diagnostic(code, severity, None, message, hint)])

    @contextmanager
    def progress(self, doing: str = "") -> Iterator[Progress | None]:
        """Bars on stderr while the block runs, one for each thing worked on; None where nobody watches."""
        if not is_watched(sys.stderr):
            yield None
            return
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
        with Progress(*columns, TimeRemainingColumn(), console=_console(sys.stderr), transient=True) as bars:
            tasks: dict[str, Any] = {}

            def told(what: str, done: int, total: int) -> None:
                if what not in tasks:
                    tasks[what] = bars.add_task(f"{doing} {what}".strip(), total=total)
                bars.update(tasks[what], completed=done, total=total)

            yield told


def is_watched(stream: TextIO) -> bool:
    """Whether somebody looks at the stream as it is written."""
    return stream.isatty()


def _console(stream: TextIO) -> Console:
    """As wide as the terminal, up to a hundred columns; names in scripts are never taken for markup."""
    from rich.console import Console

    width = min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False)
