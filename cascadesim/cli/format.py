"""`cascadesim format`: scripts laid out in the one style."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

import click

from cascadesim.cli.job import INPUT, Job
from cascadesim.cli.options import PATH
from cascadesim.cli.output import Output
from cascadesim.errors import Diagnostic, InputError, ScriptError

_STDIN = Path("-")


@dataclass(frozen=True, slots=True)
class _Script:
    """A script before and after."""

    file: Path
    before: str
    after: str

    @property
    def changes(self) -> bool:
        return self.before != self.after

    @property
    def diff(self) -> str:
        """The lines that change, as `diff -u` shows them; none where only line ends or a byte-order mark do."""
        before, after = (text.removeprefix("\ufeff").splitlines() for text in (self.before, self.after))
        return "\n".join(unified_diff(before, after, str(self.file), str(self.file), lineterm=""))

    def write(self) -> None:
        """Replaces a file that changes, whole or not at all; who may read and write it stays."""
        from cascadesim.plan.writing import replacing

        if self.file == _STDIN or not self.changes:
            return
        with replacing(self.file) as draft:
            shutil.copymode(self.file, draft.name)
            draft.write(self.after)


@click.command("format", cls=Job)
@click.argument("files", nargs=-1, required=True, type=PATH, metavar="FILE...")
@click.option("--check", is_flag=True, help="Write nothing, and say what would change; status 1 if anything would.")
@click.option("--diff", is_flag=True, help="Write nothing, and show what would change; status 1 if anything would.")
@click.pass_obj
def format_(out: Output, files: tuple[Path, ...], check: bool, diff: bool) -> None:
    """Lay scripts out: columns, indentation, blank lines.

    What a script says, its comments and its spelling stay as they are. If one cannot be read, none is written.
    FILE may be -: the script comes from stdin and goes to stdout.
    """
    scripts = _laid_out(dict.fromkeys(files))
    looks = check or diff
    if not looks:
        for script in scripts:
            script.write()
    out.document({"files": [_entry(script) for script in scripts]})
    for script in scripts:
        if looks:
            _tell_change(out, script, diff)
        elif script.file != _STDIN:
            out.say(f"{script.file}: {'formatted' if script.changes else 'nothing to change'}")
        elif not out.as_json:
            click.echo(script.after.encode(), nl=False)  # as bytes, so that no line end is made of another
    if looks and any(script.changes for script in scripts):
        raise click.exceptions.Exit(INPUT)


def _entry(script: _Script) -> dict[str, object]:
    return {"file": str(script.file), "changed": script.changes, "text": script.after}


def _tell_change(out: Output, script: _Script, diff: bool) -> None:
    if script.changes:
        out.say(script.diff if diff and script.diff else f"{script.file}: would change")


def _laid_out(files: Iterable[Path]) -> list[_Script]:
    """All the scripts; InputError with what is wrong with any of them."""
    from cascadesim.language import format_text

    found: list[_Script] = []
    faults: list[Diagnostic] = []
    for file in files:
        try:
            text = _text(file)
            found.append(_Script(file, text, format_text(text, "<stdin>" if file == _STDIN else str(file))))
        except InputError as error:
            faults += error.diagnostics
    if faults:
        raise InputError(*faults)
    return found


def _text(file: Path) -> str:
    """The script's text as it is in the file, line ends included; ScriptError if it has none."""
    if file == _STDIN:
        data = sys.stdin.buffer.read()
    else:
        from cascadesim.language.source import load

        load(file)  # it says what is wrong with a file
        data = file.read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise ScriptError.of("C002", "<stdin> is not text in UTF-8", "save it as UTF-8") from None
