"""`%%cascade NAME`: the cell is a script, and NAME becomes the script that was read."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from keyword import iskeyword
from typing import TYPE_CHECKING

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic_arguments import MagicArgumentParser
from IPython.display import display

from cascadesim.errors import CascadeError, InputError, RefusedError, ScriptError
from cascadesim.notebook.shown import CellError, Echo, Faults

if TYPE_CHECKING:
    from cascadesim.language import Script
    from cascadesim.reports.results.answer import Answer
    from cascadesim.reports.results.outcome import Outcome


class Magic:
    """Reads the cell as a cascade script into the variable NAME.

    The script is shown in colour, with what is wrong below it. If there are errors the cell fails, and NAME is gone:
    nothing that follows goes on with an older script. Files are looked for beside the notebook.

        %%cascade NAME [--simulate] [--optimize] [--quiet]

    --simulate  what its chains come to
    --optimize  the best plan for its first question
    --quiet     leave out the script in colour

    The last result is also the cell's own: it is in `_` afterwards.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell

    def __call__(self, line: str, cell: str) -> Outcome | Answer | None:
        """Runs one cell."""
        asked = _parsed(line)
        self._shell.user_ns.pop(asked.name, None)
        with _in_words(asked.name, cell):
            script = _read(asked.name, cell, asked.quiet)
            self._shell.user_ns[asked.name] = script
            return _results(script, asked)


def _parsed(line: str) -> Namespace:
    parser = MagicArgumentParser("%%cascade", add_help=False)
    parser.add_argument("name")
    for flag in ("--simulate", "--optimize", "--quiet"):
        parser.add_argument(flag, action="store_true")
    asked: Namespace = parser.parse_argstring(line)
    if not asked.name.isidentifier() or iskeyword(asked.name):
        raise UsageError(f"`{asked.name}` cannot be a variable of Python: take letters, digits and `_`")
    return asked


def _read(name: str, cell: str, quiet: bool) -> Script:
    """The script; ScriptError if it has errors. Its warnings, and the script in colour, are shown."""
    from cascadesim.language import examine_text

    found = examine_text(cell, name)
    if not quiet:
        display(Echo(name, cell, found.script))
    if found.script is None:
        raise ScriptError(*found.diagnostics)
    if found.diagnostics:
        display(Faults(found.diagnostics, found.sources))
    return found.script


def _results(script: Script, asked: Namespace) -> Outcome | Answer | None:
    """The last of what is asked for, which the shell shows; the one before it is shown here."""
    outcome = _simulated(script) if asked.simulate else None
    if not asked.optimize:
        return outcome
    if outcome is not None:
        display(outcome)
    return _optimized(script)


def _simulated(script: Script) -> Outcome:
    from cascadesim.contacts import load_segments
    from cascadesim.engines.case import cases
    from cascadesim.reports.results.outcome import simulate

    chains = cases(script.model)
    if not chains:
        raise RefusedError("the script has no `chain`, so there is nothing to simulate")
    people = load_segments(script.model, script.base)
    return simulate(script.model, chains, contacts=people)


def _optimized(script: Script) -> Answer:
    from cascadesim.contacts import load_segments
    from cascadesim.reports.results.answer import optimize

    if not script.model.questions:
        raise RefusedError("the script has no `optimize` block, so there is nothing to look for")
    return optimize(script.model, script.model.questions[0], load_segments(script.model, script.base))


@contextmanager
def _in_words(name: str, cell: str) -> Iterator[None]:
    """What goes wrong on purpose is told below the cell, and ends it in a line instead of a traceback."""
    try:
        yield
    except InputError as error:
        display(Faults(error.diagnostics, {name: cell}))
        raise CellError.of(error.diagnostics) from None
    except CascadeError as error:
        raise CellError(str(error)) from None
