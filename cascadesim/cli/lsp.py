"""`cascadesim lsp`: the language server, for editors."""

from __future__ import annotations

import click


@click.command()
def lsp() -> None:
    """Serve an editor. It shows faults as one types, completion, help, figures between the lines.

    Editors start it themselves and talk with it over stdin and stdout.
    """
    try:
        from cascadesim.editor.server import server
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise click.UsageError("editors need more than the base install: pip install 'cascadesim[editor]'") from None
    server.start_io()
