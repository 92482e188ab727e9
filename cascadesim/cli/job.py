"""A command of cascadesim: its `--json`, and the one place where what goes wrong becomes output and a status."""

from __future__ import annotations

import errno
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any

import click

from cascadesim.cli import codes
from cascadesim.cli.output import Output
from cascadesim.errors import CascadeError, Diagnostic, InputError, OutsideError, RefusedError

INPUT, OUTSIDE, INTERRUPTED = 1, 3, 130
"""Exit statuses: the input has errors (or the job is refused); the outside failed; Ctrl-C. Wrong usage is 2."""

_EXTRAS = {
    **dict.fromkeys(("aiosmtplib", "alembic", "httpx", "jwt", "sqlalchemy", "starlette", "uvicorn"), "live"),
    **dict.fromkeys(("dbos", "psycopg"), "postgres"),
    "apprise": "apprise",
}
"""What may not be there, for the base install does not bring it, and the extra that does."""


class Job(click.Command):
    """A command whose function takes an `Output` first (by `click.pass_obj`) and raises what goes wrong."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.params.append(
            click.Option(["--json", "as_json"], is_flag=True, help="Print one JSON document instead of tables.")
        )

    def invoke(self, ctx: click.Context) -> None:
        """Runs the command."""
        out = ctx.obj = Output(ctx.params.pop("as_json"))
        _write_what_can_be_written()
        try:
            super().invoke(ctx)
        except CascadeError as error:
            _fail(out, _diagnostics(error))
            ctx.exit(OUTSIDE if isinstance(error, OutsideError) else INPUT)
        except ModuleNotFoundError as error:
            package = (error.name or "").partition(".")[0]
            if package not in _EXTRAS:
                raise
            hint = f"pip install 'cascadesim[{_EXTRAS[package]}]'"
            _fail(out, [Diagnostic(codes.OUTSIDE, "error", None, f"this needs the package {package}", hint)])
            ctx.exit(OUTSIDE)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # who read us has read enough
            _fail(out, [Diagnostic(codes.OUTSIDE, "error", None, str(error))])
            ctx.exit(OUTSIDE)
        except MemoryError:
            hint = "simulate fewer people, or use a machine with more memory"
            _fail(out, [Diagnostic(codes.OUTSIDE, "error", None, "there is not enough memory for this", hint)])
            ctx.exit(OUTSIDE)
        except KeyboardInterrupt:
            click.echo("\ninterrupted: no file was left half-written", err=True)
            ctx.exit(INTERRUPTED)


def _write_what_can_be_written() -> None:
    """A stdout that knows few characters gets `?` for the others: a frame, or a name in a foreign script."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _fail(out: Output, diagnostics: Sequence[Diagnostic]) -> None:
    """Says what went wrong; on stderr if it is stdout that cannot be written."""
    try:
        out.fail(diagnostics)
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        out.tell(diagnostics)


def _diagnostics(error: CascadeError) -> tuple[Diagnostic, ...]:
    if isinstance(error, InputError):
        return error.diagnostics
    if isinstance(error, RefusedError):
        return tuple(Diagnostic(codes.REFUSED, "error", None, reason) for reason in error.reasons)
    return (Diagnostic(codes.OUTSIDE, "error", None, str(error)),)
