"""`cascadesim senders`: the senders of single channels, listed, explained and tried out; what vendors can express."""

from __future__ import annotations

from pathlib import Path

import click

from cascadesim.cli.job import OUTSIDE, Job
from cascadesim.cli.options import PATH
from cascadesim.cli.output import Output


@click.command(cls=Job)
@click.argument("name", required=False)
@click.option("--test", "file", type=PATH, metavar="FILE", help="Connect to all of a senders file; nothing is sent.")
@click.pass_obj
def senders(out: Output, name: str | None, file: Path | None) -> None:
    """Say who carries messages. The senders of single channels are listed; of one, NAME, what its table takes.

    NAME `matrix` shows which vendors can run a cascade themselves, and what it can be there.
    """
    from cascadesim.live.senders.kinds import KINDS, kind_named
    from cascadesim.reports.senders import kind_json, sender_page, senders_list

    if name is not None and file is not None:
        raise click.UsageError("give a sender's NAME or --test FILE, not both")
    if file is not None:
        _test(out, file)
    elif name == "matrix":
        _matrix(out)
    elif name is not None:
        kind = kind_named(name)
        out.show(*sender_page(kind))
        out.document(kind_json(kind))
    else:
        out.show(*senders_list(KINDS.values()))
        out.document({"senders": [kind_json(kind) for kind in KINDS.values()]})


def _matrix(out: Output) -> None:
    from cascadesim.reports.vendors import matrix_json, matrix_report
    from cascadesim.senders import SENDERS

    capabilities = [sender.capability for sender in SENDERS.values()]
    out.show(*matrix_report(capabilities))
    out.document(matrix_json(capabilities))


def _test(out: Output, file: Path) -> None:
    from cascadesim.live.senders import probe_all, read_senders
    from cascadesim.reports.senders import probes_table

    probed = probe_all(read_senders(file))
    out.show(probes_table(probed))
    out.document(
        {"channels": [{"channel": p.channel, "sender": p.sender, "well": p.is_well, "says": p.said} for p in probed]}
    )
    if not all(one.is_well for one in probed):
        click.get_current_context().exit(OUTSIDE)
