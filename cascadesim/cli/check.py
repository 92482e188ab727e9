"""`cascadesim check`: what is wrong with a script."""

from __future__ import annotations

from pathlib import Path

import click

from cascadesim.cli.job import INPUT, Job
from cascadesim.cli.options import script_file
from cascadesim.cli.output import Output


@click.command(cls=Job)
@script_file
@click.pass_obj
def check(out: Output, file: Path) -> None:
    """Say what is wrong with a script, and how to mend it."""
    from cascadesim import language
    from cascadesim.reports import words

    found = language.check(file)
    errors = sum(d.severity == "error" for d in found)
    if out.as_json:
        out.document({"diagnostics": language.diagnostics_json(found)})
    else:
        out.tell(found)
        said = [words.plural(errors, "error")] if errors else []
        said += [words.plural(len(found) - errors, "warning")] if len(found) > errors else []
        out.say(f"{file}: {words.listed(said or ['no errors'])}")
    if errors:
        raise click.exceptions.Exit(INPUT)
