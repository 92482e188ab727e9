"""The commands. Each lives in a file of its own and imports what it works with only when it runs."""

from __future__ import annotations

import click

from cascadesim.cli.check import check
from cascadesim.cli.compare import compare
from cascadesim.cli.contacts import contacts
from cascadesim.cli.explain import explain
from cascadesim.cli.export import export
from cascadesim.cli.format import format_
from cascadesim.cli.lsp import lsp
from cascadesim.cli.optimize import optimize
from cascadesim.cli.plan import plan
from cascadesim.cli.rehearse import rehearse
from cascadesim.cli.report import report
from cascadesim.cli.run import run
from cascadesim.cli.send import send
from cascadesim.cli.senders import senders
from cascadesim.cli.simulate import simulate
from cascadesim.cli.standing import records, status
from cascadesim.cli.steering import bounces, cancel, enter, forget, listen, pause, resume, stop


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="cascadesim")
def main() -> None:
    """Cascading messaging: simulate a chain of channels, find the best one, and run that very plan."""


for command in (
    *(run, check, explain, format_, simulate, compare, optimize, plan, report),
    *(rehearse, export, contacts, senders, lsp),
    *(send, status, records, pause, resume, cancel, enter, stop, bounces, forget, listen),
):
    main.add_command(command)
