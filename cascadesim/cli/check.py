"""`cascadesim check`: what is wrong with a script, and the safe fixes made."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascadesim.cli.job import INPUT, Job
from cascadesim.cli.options import PATH, script_file
from cascadesim.cli.output import Output

if TYPE_CHECKING:
    from cascadesim.errors import Diagnostic


@click.command(cls=Job)
@script_file
@click.option("--fix", is_flag=True, help="Make the fixes where nothing else can be meant, and say what is left.")
@click.option("--html", type=PATH, help="Write what is found as a page for the browser to this file.")
@click.pass_obj
def check(out: Output, file: Path, fix: bool, html: Path | None) -> None:
    """Say what is wrong with a script, and how to mend it.

    `cascadesim explain CODE` has more on each.
    """
    from cascadesim import language

    made = _fixed(file) if fix else ()
    found = language.check(file)
    if html is not None:
        _write_page(html, file, found)
    document = {"diagnostics": language.diagnostics_json(found)}
    out.document(document | {"fixed": language.diagnostics_json(made)} if fix else document)
    for diagnostic in made:
        out.say(_said(file, diagnostic))
    if not out.as_json:
        out.tell(found)
    out.say(f"{file}: {_counted(found, made)}")
    if any(d.severity == "error" for d in found):
        raise click.exceptions.Exit(INPUT)


def _fixed(file: Path) -> tuple[Diagnostic, ...]:
    """Makes the safe fixes in the file; a file without any is not touched."""
    from cascadesim.errors import InputError
    from cascadesim.language.fixing import fix_text
    from cascadesim.language.source import load
    from cascadesim.plan.writing import replacing

    try:
        load(file)
    except InputError:
        return ()  # no script at all: `check` says why
    with file.open(encoding="utf-8", newline="") as stream:
        before = stream.read()
    fixed = fix_text(before, str(file), file.parent)
    if fixed.text != before:
        with replacing(file) as draft:
            shutil.copymode(file, draft.name)
            draft.write(fixed.text)
    return fixed.made


def _said(file: Path, made: Diagnostic) -> str:
    """One line about a fix that was made."""
    place = f"{file}:{made.span.line}: " if made.span is not None else ""
    now = made.fix.replacement.strip() if made.fix is not None else ""
    return f"{place}fixed[{made.code}]: {made.message}{f'; now `{now.splitlines()[0]}`' if now else ''}"


def _counted(found: tuple[Diagnostic, ...], made: tuple[Diagnostic, ...]) -> str:
    from cascadesim.reports import words

    errors = sum(d.severity == "error" for d in found)
    said = [words.plural(errors, "error")] if errors else []
    said += [words.plural(len(found) - errors, "warning")] if len(found) > errors else []
    mended = f"{words.plural(len(made), 'fault')} fixed; " if made else ""
    safe = sum(d.fix is not None and d.fix.safe for d in found)
    more = f" ({safe} can be mended by `cascadesim check --fix`)" if safe else ""
    return f"{mended}{words.listed(said or ['no errors'])}{more}"


def _write_page(html: Path, file: Path, found: tuple[Diagnostic, ...]) -> None:
    from cascadesim.cli.sources import Sources
    from cascadesim.language import render_html
    from cascadesim.plan.writing import replacing

    with replacing(html) as page:
        page.write(render_html(found, Sources(), title=str(file)))
