"""The room for notebooks: `%load_ext cascadesim`, then `%%cascade NAME` reads the script below it.

Results show themselves (`reports.results`); here is only what IPython alone knows of: a cell, its variables, and
how it says that something is wrong.
"""

from __future__ import annotations

from IPython.core.interactiveshell import InteractiveShell

from cascadesim.notebook.magic import Magic


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Gives the shell the cell magic `%%cascade`."""
    shell.magics_manager.register_function(Magic(shell), "cell", "cascade")


__all__ = ["load_ipython_extension"]
